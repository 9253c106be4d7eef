using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>The meaning of a Consent here, or why it cannot be decided. R4's text and examples contradict each other, so a Consent outside
/// this table is refused, never guessed. https://hl7.org/fhir/R4/consent.html</summary>
/// <param name="Facts">Null when it says nothing now (not active, or about something else), or when there are issues.</param>
public sealed record ConsentReading(ConsentFacts? Facts, IReadOnlyList<Issue> Issues)
{
    public bool IsDecidable => !Issues.Any(i => i.IsError);
}

public static partial class ConsentReader
{
    public const string SharingCategorySystem = "https://fhir.cpa.example/CodeSystem/CPA-ConsentCategory";
    public const string SharingCategory = "multi-agency-sharing";
    private const string BasisExtension = "https://fhir.cpa.example/StructureDefinition/Extension-CPA-SharingBasis";

    /// <summary>The bases on which an entitled person decided for sharing. Every other basis documents an override, or that nobody was
    /// asked.</summary>
    private static readonly HashSet<string> decided = ["consent-given", "best-interests", "lpa-decision", "court-deputy"];

    /// <param name="consent">A Consent, its references resolved to `Type/id`.</param>
    /// <param name="zone">Where a day begins; UTC when null.</param>
    public static ConsentReading Read(Document consent, Recorder recorder, TimeZoneInfo? zone = null)
    {
        var root = consent.Root;
        var report = new Report();
        var status = root.TextOf("status");
        if (!HasCoding(root, "category", SharingCategorySystem, SharingCategory)) return new(null, []);
        if (status == "entered-in-error") return new(null, []);

        var facts = ReadSharing(root, recorder, zone ?? TimeZoneInfo.Utc, report);
        return new(status == "active" && !report.HasErrors ? facts : null, report.Issues);
    }

    private static ConsentFacts? ReadSharing(Node root, Recorder recorder, TimeZoneInfo zone, Report report)
    {
        var provision = root["provision"];
        if (provision.IsMissing || provision.TextOf("type") is not ("permit" or "deny"))
        {
            report.Error(IssueType.Required, provision.IsMissing ? root : provision, "consent-type",
                "`provision.type` is missing. R4 does not say what a root provision without it means. State `permit` or `deny`.");
            return null;
        }
        var isPermit = provision.TextOf("type") == "permit";
        var reader = new ProvisionReader(zone, report);
        var criteria = reader.Criteria(provision, isPermit);
        if (isPermit) reader.RequirePermitIsNamed(provision);
        var (from, to) = isPermit ? reader.Period(provision) : (null, null);

        var exceptions = new List<ConsentException>();
        foreach (var nested in provision.All("provision"))
            if (reader.Exception(nested, isPermit, criteria) is { } exception) exceptions.Add(exception);

        return new ConsentFacts
        {
            Recorder = recorder,
            IsSharing = true,
            IsPermit = isPermit,
            GivesConsent = isPermit && BasisOf(root) is { } basis && decided.Contains(basis) && reader.AllowsReading(provision),
            Protocols = ProtocolsOf(root),
            Criteria = criteria,
            From = from,
            To = to,
            Exceptions = exceptions,
        };
    }

    private static string? BasisOf(Node root)
    {
        foreach (var extension in root.All("extension"))
            if (extension.TextOf("url") == BasisExtension)
                foreach (var coding in extension["value"].All("coding"))
                    if (coding.TextOf("code") is { } code) return code;
        return null;
    }

    /// <summary>`url|major` of each policy that names a version.</summary>
    private static List<string> ProtocolsOf(Node root)
    {
        var protocols = new List<string>();
        foreach (var policy in root.All("policy"))
            if (policy.TextOf("uri") is { } uri && uri.Split('|') is [{ Length: > 0 } url, { Length: > 0 } version] && url.All(IsPlain))
                protocols.Add($"{url}|{MajorOf(version)}");
        return protocols;

        static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "-._~:/?#%+@".Contains(c);
    }

    /// <summary>`1` of `1.4.2`.</summary>
    public static string MajorOf(string version)
    {
        var major = version.Split('.')[0];
        return major.All(char.IsAsciiLetterOrDigit) ? major : Criteria.Unknown;
    }

    internal static bool HasCodingOf(Node parent, string element, string system)
    {
        foreach (var concept in parent.All(element))
            foreach (var coding in concept.All("coding"))
                if (coding.TextOf("system") == system) return true;
        return false;
    }

    internal static bool HasCoding(Node parent, string element, string system, string code)
    {
        foreach (var concept in parent.All(element))
            foreach (var coding in concept.All("coding"))
                if (coding.TextOf("system") == system && coding.TextOf("code") == code) return true;
        return false;
    }
}
