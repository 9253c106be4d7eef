using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>How the rules recognise CPA: which resources a CPA profile covers, and the extensions that rules read. A profile covers a
/// resource by its code, or because the resource claims it.</summary>
public static class Cpa
{
    private const string Base = "https://fhir.cpa.example/", Snomed = "http://snomed.info/sct", Approach = "1092421000000100";
    private static readonly string[] Reviews = ["166121000000101", "166131000000104", "166141000000108", "166151000000106"];
    private const string ExtensionBase = $"{Base}StructureDefinition/Extension-CPA-";

    // ---- what it is -------------------------------------------------------------------------------------------------------

    /// <summary>The care plan itself, not the crisis plan or an agency's own. A plan that says it is both is bound as the care plan, too.</summary>
    public static bool IsPlan(Node resource) =>
        resource.Type.Name == "CarePlan" && (Has(resource, "category", Snomed, Approach) || Claims(resource, "CPA-CarePlan"));

    public static bool IsTeam(Node resource) =>
        resource.Type.Name == "CareTeam" && (Has(resource, "category", $"{Base}CodeSystem/CPA-CareTeamCategory", "cpa-care-team") || Claims(resource, "CPA-CareTeam"));

    public static bool IsEpisode(Node resource) =>
        resource.Type.Name == "EpisodeOfCare" && (Has(resource, "type", Snomed, Approach) || Claims(resource, "CPA-EpisodeOfCare"));

    public static bool IsSharingConsent(Node resource) =>
        resource.Type.Name == "Consent" && (Has(resource, "category", $"{Base}CodeSystem/CPA-ConsentCategory", "multi-agency-sharing") || Claims(resource, "CPA-Consent"));

    public static bool IsTask(Node resource) => resource.Type.Name == "Task" && (HasSystem(resource["code"], $"{Base}CodeSystem/CPA-TaskCode") || Claims(resource, "CPA-"));

    /// <summary>A meeting at which the plan is reviewed, perhaps on a ward.</summary>
    public static bool IsReview(Node resource) =>
        resource.Type.Name == "Encounter" && (!Extension(resource, "ReviewOutcome").IsMissing || Claims(resource, "CPA-ReviewEncounter") || Array.Exists(Reviews, code => Has(resource, "type", Snomed, code)));

    public static bool IsActive(Node resource) => !resource.IsMissing && resource["status"] is { IsMissing: false } status && status.ValueEquals("active"u8);

    public static bool IsActivePlan(Node resource) => IsActive(resource) && IsPlan(resource);
    public static bool IsActiveTeam(Node resource) => IsActive(resource) && IsTeam(resource);
    public static bool IsActiveEpisode(Node resource) => IsActive(resource) && IsEpisode(resource);

    /// <summary>`meta.profile` names a profile of the guide that begins so, with or without version.</summary>
    public static bool Claims(Node resource, string name)
    {
        foreach (var profile in resource["meta"].All("profile"))
            if (profile.Text is { } claimed && claimed.StartsWith($"{Base}StructureDefinition/{name}", StringComparison.Ordinal)) return true;
        return false;
    }

    // ---- how it says it -----------------------------------------------------------------------------------------------------

    public static bool Has(Node parent, string element, string system, string code)
    {
        foreach (var concept in parent.All(element))
            foreach (var coding in concept.All("coding"))
                if (coding.TextOf("code") == code && coding.TextOf("system") == system) return true;
        return false;
    }

    private static bool HasSystem(Node concept, string system)
    {
        foreach (var coding in concept.All("coding"))
            if (coding.TextOf("system") == system) return true;
        return false;
    }

    /// <summary>Code of the first coding of a CodeableConcept; null when there is none.</summary>
    public static string? CodeOf(Node concept) => concept.IsMissing ? null : concept["coding"].TextOf("code");

    /// <summary>The first `Extension-CPA-NAME`, or Missing.</summary>
    public static Node Extension(Node node, string name)
    {
        foreach (var extension in node.All("extension"))
            if (extension.TextOf("url") is { } url && url.Length == ExtensionBase.Length + name.Length
                && url.StartsWith(ExtensionBase, StringComparison.Ordinal) && url.EndsWith(name, StringComparison.Ordinal)) return extension;
        return Node.Missing;
    }

    /// <summary>The value of a complex extension's part.</summary>
    public static Node Part(Node extension, string name)
    {
        foreach (var part in extension.All("extension"))
            if (part.TextOf("url") == name) return part["value"];
        return Node.Missing;
    }

    /// <summary>The day a date or dateTime falls on where the people are; null when it names no whole day.</summary>
    public static DateOnly? Day(Node date, TimeZoneInfo zone)
    {
        if (date.IsMissing || date.Text is not { Length: >= 10 } text) return null;
        if (text.Length == 10) return DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : null;
        return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime) : null;
    }
}
