using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>Reads one Consent.provision by the truth table: its criteria, the parts that cannot be decided, and the parts that a deny reads
/// as `all`. https://hl7.org/fhir/R4/consent-definitions.html#Consent.provision</summary>
internal sealed class ProvisionReader(TimeZoneInfo zone, Report report)
{
    private const string
        ParticipationSystem = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", Recipient = "IRCP",
        ResourceTypes = "http://hl7.org/fhir/resource-types",
        ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly HashSet<string> recipientTypes = ["Organization", "CareTeam", "RelatedPerson", "PractitionerRole", "Patient"];

    public Criteria Criteria(Node provision, bool isPermit)
    {
        RefuseUndecidable(provision, isPermit);
        return new Criteria(
            Values(provision, "actor", actor => Actor(actor, isPermit)),
            Values(provision, "purpose", coding => Code(coding, PurposeCodes.System, PurposeCodes.IsKnown)),
            Values(provision, "class", coding => Code(coding, ResourceTypes, type => R4.Type(type) is { IsResource: true })),
            Values(provision, "code", Category),
            Values(provision, "securityLabel", Label));
    }

    public (DateTimeOffset? From, DateTimeOffset? To) Period(Node provision)
    {
        if (!Periods.TryRead(provision["period"], zone, out var from, out var to))
            report.Error(IssueType.Value, provision["period"], "consent-period",
                "A date of `period` cannot be read, so it is unclear when the permit lapses.");
        return (from, to);
    }

    /// <summary>A permit opens nothing that it does not name.</summary>
    public void RequirePermitIsNamed(Node provision)
    {
        if (provision["actor"].IsMissing || provision["purpose"].IsMissing || provision["class"].IsMissing && provision["code"].IsMissing)
            report.Error(IssueType.Required, provision, "consent-permit-named",
                "A permit must name its recipients (`actor` with role `IRCP`), its purposes, and what it is about (`code` or `class`). "
                    + "One of them is missing.");
    }

    /// <summary>An exception inside a provision: one level, of the other type. Null when it cannot be one.</summary>
    public ConsentException? Exception(Node nested, bool insidePermit, Criteria outer)
    {
        var isPermit = !insidePermit;
        if (nested.TextOf("type") != (isPermit ? "permit" : "deny"))
        {
            report.Error(IssueType.BusinessRule, nested, "consent-nesting",
                $"An exception inside a `{(insidePermit ? "permit" : "deny")}` has type `{(insidePermit ? "deny" : "permit")}`; found "
                    + $"`{nested.TextOf("type") ?? "none"}`. Put it into a Consent of its own.");
            return null;
        }
        if (!nested["provision"].IsMissing)
            report.Error(IssueType.NotSupported, nested["provision"], "consent-depth",
                "An exception to an exception is not supported. Say it in a second Consent.");
        var criteria = Criteria(nested, isPermit);
        if (!isPermit) return new ConsentException(criteria, null, null);

        if (criteria.Labels is not null && outer.Labels is null)
            report.Error(IssueType.NotSupported, nested, "consent-hole-label",
                "An exception to a refusal cannot be limited by `securityLabel` where the refusal is not. Name the label in the refusal "
                    + "instead: deny `R` covers R and V, and leaves the rest open.");
        var (from, to) = Period(nested);
        return AllowsReading(nested) ? new ConsentException(criteria, from, to) : null;
    }

    /// <summary>A permit whose `action` names neither access nor disclosure lets nobody read anything.
    /// https://hl7.org/fhir/R4/valueset-consent-action.html</summary>
    public bool AllowsReading(Node provision)
    {
        if (provision["action"].IsMissing) return true;
        foreach (var action in provision.All("action"))
            foreach (var coding in action.All("coding"))
                if (coding.TextOf("code") is "access" or "disclose") return true;
        report.Warning(IssueType.BusinessRule, provision["action"], "consent-action",
            "This permit names neither `access` nor `disclose`, so it lets nobody read anything.");
        return false;
    }

    private void RefuseUndecidable(Node provision, bool isPermit)
    {
        if (!provision["modifierExtension"].IsMissing)
            report.Error(IssueType.Extension, provision["modifierExtension"], "consent-modifier",
                "A modifier extension may reverse the meaning of a provision, and this one is unknown.");
        if (!isPermit) return;
        foreach (var element in new[] { "data", "dataPeriod" })
            if (!provision[element].IsMissing)
                report.Error(IssueType.NotSupported, provision[element], "consent-data",
                    $"A permit limited by `{element}` is not supported yet. Name categories (`code`) or types (`class`), or refuse what "
                    + $"must stay out.");
    }

    /// <summary>Null when the element is absent.</summary>
    private static List<string>? Values(Node provision, string element, Func<Node, string> read)
    {
        List<string>? values = null;
        foreach (var node in provision.All(element))
        {
            var value = read(node);
            if (!(values ??= []).Contains(value)) values.Add(value);
        }
        return values;
    }

    private string Actor(Node actor, bool isPermit)
    {
        var isRecipient = false;
        foreach (var coding in actor["role"].All("coding"))
            isRecipient |= coding.TextOf("system") == ParticipationSystem && coding.TextOf("code") == Recipient;
        if (!isRecipient)
        {
            if (isPermit)
                report.Error(IssueType.NotSupported, actor, "consent-actor-role",
                    "The actor of a permit must be a recipient (role `IRCP`): name who may see, not who gives.");
            return Sharing.Criteria.Unknown;
        }
        var reference = Reference.Of(actor["reference"]);
        if (reference is { IsLocal: true, Fragment: null } && recipientTypes.Contains(reference.Type!)) return reference.Local!;
        report.Error(IssueType.NotSupported, actor, "consent-actor-reference",
            $"A recipient is named by a reference to one of {string.Join(", ", recipientTypes)} on this server; no other reference is "
                + $"supported.");
        return Sharing.Criteria.Unknown;
    }

    private static string Category(Node concept)
    {
        foreach (var coding in concept.All("coding"))
            if (Code(coding, Sharing.Category.InformationCategorySystem, _ => true) is var code and not Sharing.Criteria.Unknown)
                return code;
        return Sharing.Criteria.Unknown;
    }

    private static string Label(Node coding) =>
        coding.TextOf("system") == ActCode
            ? Code(coding, ActCode, _ => true) : Code(coding, Confidentiality.System, Confidentiality.IsCode);

    private static string Code(Node coding, string system, Func<string, bool> isKnown) =>
        coding.TextOf("system") == system && coding.TextOf("code") is { Length: > 0 and <= 64 } code
            && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && isKnown(code)
            ? code : Sharing.Criteria.Unknown;
}
