using FhirCarePlan.Server.Operations;
using FhirCarePlan.Server.Operations.Matching;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Operations that read: who somebody is, a document, another format.</summary>
public static class RecordRows
{
    public static Interaction Match { get; } = new()
    {
        Name = "$match",
        Code = "match",
        Level = Level.Type,
        Routes = [new("POST", "/Patient/$match", "match")],
        Body = BodyKind.Question,
        On = "Patient",
        AsksOfMany = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Match",
        Text = new("Who is this?", "Patients in your view that may be the one described, by NHS number, other identifiers, name, birth date and address, each with a grade and a score. The body is Parameters with `resource`, `onlyCertainMatches` and `count`.",
            "200", "A searchset Bundle, the likest first", "Bundle"),
        Perform = Operations.Matching.Match.Perform,
    };

    public static Interaction Document { get; } = new()
    {
        Name = "$document",
        Code = "document",
        Level = Level.Instance,
        Routes = [new("GET", "/Composition/{id}/$document", "document")],
        Target = TargetNeed.Needed,
        On = "Composition",
        Parameters = ["persist"],
        AsksOfMany = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Document",
        Inputs = [("persist", "Only `false`: this server keeps no documents.")],
        Text = new("A document", "The Composition and all that it refers to, each as you see it.", "200", "A Bundle of the type `document`", "Bundle"),
        Perform = CompositionDocument.Perform,
    };

    public static Interaction Convert { get; } = new()
    {
        Name = "$convert",
        Code = "convert",
        Level = Level.System,
        Routes = [new("POST", "/$convert", "convert")],
        Body = BodyKind.Question,
        AsksOfMany = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Convert",
        Text = new("Convert", "The resource that you send, in the format that `Accept` asks for. Nothing is stored.", "200", "The same resource", "Resource"),
        Perform = ConvertForm.Perform,
    };

    public static IReadOnlyList<Interaction> All { get; } = [Match, Document, Convert];
}
