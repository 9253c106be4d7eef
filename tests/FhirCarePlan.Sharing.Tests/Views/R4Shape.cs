using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Tests.Views;

/// <summary>What is wrong with a resource by base R4: required elements, nothing empty, extensions, contained resources and references to
/// them, and every invariant. Written apart from the code under test, so it says little else.</summary>
public static class R4Shape
{
    public static List<string> Faults(Document document)
    {
        var faults = new List<string>();
        for (var i = 0; i < document.Count; i++) Check(document[i], faults);
        return faults;
    }

    private static readonly FhirPathContext context = new(TimeProvider.System);

    /// <summary>Every invariant of base R4 that does not hold, save the one about narratives, which is advice.</summary>
    public static IEnumerable<string> BrokenRules(Document document)
    {
        for (var i = 0; i < document.Count; i++)
        {
            var node = document[i];
            foreach (var rule in node.Type.Invariants.Concat(node.Element?.Invariants ?? []))
                if (rule.Key is not ("ele-1" or "ext-1" or "dom-6" or "dom-3") && FhirPathExpression.Compile(rule.Expression)
                    .Test(node, context) == false)
                    yield return $"{node.Location} breaks {rule.Key}";
        }
    }

    private static void Check(Node node, List<string> faults)
    {
        foreach (var element in node.Type.Elements)
            if (node.CountOf(element.Name) < element.Min && !node.Type.IsPrimitive)
                faults.Add($"{node.Location}.{element.Name} is missing");
        if (!node.Type.IsResource && !node.HasValue && node.Children.ToList().All(c => c.Name == "id"))
            faults.Add($"{node.Location} is empty (ele-1)");
        if (node.Type.Name == "Extension" && node["extension"].IsMissing == node["value"].IsMissing)
            faults.Add($"{node.Location} breaks ext-1");
        if (node.Name == "contained" && node.Type.IsResource) CheckContained(node, faults);
        if (node.Type.Name == "Reference" && node.TextOf("reference") is { } text && text.StartsWith('#') && text.Length > 1
            && !Container(node).All("contained").ToList().Any(c => c.TextOf("id") == text[1..]))
            faults.Add($"{node.Location} points at nothing (ref-1)");
    }

    private static void CheckContained(Node contained, List<string> faults)
    {
        var address = "#" + contained.TextOf("id");
        var document = contained.Document;
        for (var i = 0; i < document.Count; i++)
            if (document[i].Name is var name && document[i].HasValue && document[i].Type.Name is "string" or "uri" or "canonical" or "url"
                && document[i].Text is { } text && (text == address || text == "#")) return;
        faults.Add($"{contained.Location} is not referred to (dom-3)");
    }

    private static Node Container(Node node)
    {
        var resource = node.Resource;
        return resource.Name == "contained" && !resource.IsRoot ? resource.Parent : resource;
    }
}
