using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The element that says whom a resource is about. It carries only the resource's own labels, because a caller who may know of the
/// resource knows the person. src/docs/sharing.md#labels</summary>
public static class PersonReference
{
    // In the order they are tried: no type of R4 has two of them that mean a person.
    private static readonly string[] Names = ["subject", "patient", "for", "beneficiary", "individual", "candidate"];

    internal static bool Is(ElementInfo element) => Names.Contains(element.Name) && element.Types.Any(MayBePatient);

    /// <summary>The one that decides whose resource this is; Missing when the type has none or it is absent.</summary>
    public static Node Element(Node resource)
    {
        if (Name(resource.Type) is { } name) return resource[name];
        if (resource.Type.Name == "Appointment")
            foreach (var participant in resource.All("participant"))
                if (Reference.Of(participant["actor"]).Type == "Patient") return participant["actor"];
        return Followed(resource.Type.Name) is { } followed ? resource[followed] : Node.Missing;
    }

    /// <summary>Every reference that may say whom the resource is about, in document order: Account, Contract and Provenance may name
    /// several, and any participant of an Appointment may be the person.</summary>
    public static List<Node> All(Node resource)
    {
        if (Name(resource.Type) is { } name) return resource.All(name).ToList();
        if (Followed(resource.Type.Name) is { } followed) return resource.All(followed).ToList();
        var actors = new List<Node>();
        if (resource.Type.Name != "Appointment") return actors;
        foreach (var participant in resource.All("participant"))
            if (participant["actor"] is { IsMissing: false } actor) actors.Add(actor);
        return actors;
    }

    /// <summary>`Patient/x` of the person; null when there is none. Other references to the same Patient say nothing new.</summary>
    public static string? Of(Node resource) =>
        Followed(resource.Type.Name) is null && Reference.Of(Element(resource)) is { IsLocal: true, Type: "Patient" } person
            ? person.Local : null;

    /// <summary>The element that names another resource whose person is the person of this one: a Provenance follows what it is about, a Binary
    /// its security context. Such a reference keeps the labels of its target. https://hl7.org/fhir/R4/binary.html#security</summary>
    public static string? Followed(string type) => type switch { "Provenance" => "target", SecurityContext.Type => SecurityContext.Element, _ => null };

    private static string? Name(TypeInfo type)
    {
        foreach (var name in Names)
            if (type.Element(name) is { } element && element.Types.Any(MayBePatient)) return name;
        return null;
    }

    // Task.for and QuestionnaireResponse.subject are references to anything.
    private static bool MayBePatient(TypeChoice choice) =>
        choice.TypeName == "Reference"
        && (choice.Targets.Count == 0 || choice.Targets.Contains("Patient") || choice.Targets.Contains("Resource"));
}
