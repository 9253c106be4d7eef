using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Model;

/// <summary>Reading references the way the broker may: by their literal address only. https://hl7.org/fhir/R4/references.html</summary>
public static class References
{
    /// <summary>Type and id of a local literal reference (`Patient/x`, `Patient/x/_history/1`); null for anything else.</summary>
    public static (string Type, string Id)? Local(Node reference)
    {
        if (reference.IsMissing || reference.TextOf("reference") is not { } text || LocalLength(text) is not (> 0 and var length)) return null;
        var slash = text.IndexOf('/');
        return (text[..slash], text[(slash + 1)..length]);
    }

    public static string? LocalText(Node reference) =>
        !reference.IsMissing && reference.TextOf("reference") is { } text && LocalLength(text) is > 0 and var length ? text[..length] : null;

    /// <summary>How much of the text is `Type/id`; 0 when it is no local reference.</summary>
    private static int LocalLength(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        if (slash <= 0 || !char.IsAsciiLetterUpper(text[0])) return 0;
        var id = text[(slash + 1)..];
        var end = id.IndexOf('/');
        if (end < 0) return id.IsEmpty ? 0 : text.Length;
        var version = id[(end + 1)..];
        return end > 0 && version.StartsWith("_history/") && version.Count('/') == 1 ? slash + 1 + end : 0;
    }

    // Elements that say whom a resource is about, in the order they are tried.
    private static readonly string[] PersonElements = ["subject", "patient", "for", "beneficiary", "individual"];

    /// <summary>The element that says whom the resource is about; Missing when the type has none or it is absent.</summary>
    public static Node PersonElement(Node resource)
    {
        foreach (var name in PersonElements)
            if (resource.Type.Element(name) is { } element && element.Types.Any(MayBePatient))
                return resource[name];
        if (resource.Type.Name == "Appointment")
            foreach (var participant in resource.All("participant"))
                if (Local(participant["actor"]) is ("Patient", _)) return participant["actor"];
        if (resource.Type.Name == "Provenance") return resource["target"];
        return Node.Missing;
    }

    // Task.for and QuestionnaireResponse.subject are references to anything.
    public static bool MayBePatient(TypeChoice choice) =>
        choice.TypeName == "Reference" && (choice.Targets.Count == 0 || choice.Targets.Contains("Patient") || choice.Targets.Contains("Resource"));
}
