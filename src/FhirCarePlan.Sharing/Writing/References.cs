using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Reading references the way the broker may: by their literal address only. https://hl7.org/fhir/R4/references.html</summary>
public static class References
{
    /// <summary>Type and id of a local literal reference (`Patient/x`, `Patient/x/_history/1`); null for anything else.</summary>
    public static (string Type, string Id)? Local(Node reference)
    {
        if (reference.IsMissing || reference.TextOf("reference") is not { } text) return null;
        var parts = text.Split('/');
        return parts.Length is 2 or 4 && parts[0].Length > 0 && char.IsAsciiLetterUpper(parts[0][0]) && parts[1].Length > 0 ? (parts[0], parts[1]) : null;
    }

    public static string? LocalText(Node reference) => Local(reference) is var (type, id) ? $"{type}/{id}" : null;

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
    private static bool MayBePatient(TypeChoice choice) =>
        choice.TypeName == "Reference" && (choice.Targets.Count == 0 || choice.Targets.Contains("Patient") || choice.Targets.Contains("Resource"));
}
