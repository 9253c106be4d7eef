using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Where an extension may be used. https://hl7.org/fhir/R4/defining-extensions.html#context</summary>
internal sealed class ContextRule
{
    private readonly List<(string Name, string Prefix)[]> elements = [];
    private readonly List<string> extensions = [];
    private readonly List<FhirPathExpression> paths = [];
    private readonly List<InvariantRule> invariants = [];
    private readonly string words;
    private readonly bool isOpen;

    /// <param name="definitions">As several packages publish it, the one in force first: HL7 has widened contexts since R4, and moved
    /// some.</param>
    public ContextRule(IReadOnlyList<StructureDefinition> definitions)
    {
        var contexts = definitions.SelectMany(d => d.Contexts).Distinct().ToList();
        words = string.Join(" or ", contexts.Select(c => $"`{c.Expression}`"));
        foreach (var context in contexts)
        {
            if (context.Type == "extension") extensions.Add(DefinitionUrl(context.Expression));
            else if (context.Type == "fhirpath") isOpen |= !TryCompile(context.Expression);
            else if (context.Expression.Contains("://", StringComparison.Ordinal)) isOpen = true; // an element of a profile
            else elements.Add(Parts(context.Expression.Split('.')));
        }
        isOpen |= definitions.Any(d => d.Contexts.Count == 0);
        foreach (var invariant in definitions[0].ContextInvariants)
            invariants.Add(new InvariantRule(new Invariant("context-invariant", true, invariant), definitions[0].Url));
    }

    public bool Allows(Node extension, Run run)
    {
        foreach (var invariant in invariants) invariant.Check(extension.Parent, run);
        if (isOpen) return true;
        var at = extension.Parent;
        foreach (var path in elements)
            if (Matches(at, path)) return true;
        // Within another extension, or on the value that one holds.
        var outer = at.Type.Name == "Extension" ? at : at.Parent;
        if (extensions.Count > 0 && !outer.IsMissing && outer.Type.Name == "Extension" && extensions.Contains(outer.TextOf("url") ?? ""))
            return true;
        if (paths.Count == 0) return false;
        var nodes = new List<Node>();
        foreach (var path in paths)
        {
            path.Select(at.Resource, run.Context, nodes);
            if (nodes.Contains(at)) return true;
        }
        return false;
    }

    public override string ToString() => words;

    /// <summary>`Patient.contact.name` read from its end; the first part is a type. An element of a data type matches wherever the type is
    /// used, and `Questionnaire.item` at any depth.</summary>
    private static bool Matches(Node at, (string Name, string Prefix)[] path)
    {
        var node = at;
        for (var i = path.Length - 1; i > 0; i--)
        {
            if (node.IsMissing || node.Property == null) return false;
            if (node.Type.Name == path[i].Prefix) return true;
            if (!SameElement(node, path[i].Name)) return false;
            node = node.Parent;
        }
        // `Element` is meant to say: anywhere. R5's interfaces are known by what all that share them have.
        return !node.IsMissing && (node.Type.Is(path[0].Name) || path[0].Name == "Element"
            || (path[0].Name is "CanonicalResource" or "MetadataResource" && node.Type.IsResource && node.Type.Element("url") != null
                && node.Type.Element("status") != null));
    }

    private static (string Name, string Prefix)[] Parts(string[] names) =>
        [.. names.Select((name, i) => (name, string.Join('.', names[..(i + 1)])))];

    private static bool SameElement(Node node, string name) =>
        node.Name == name || node.Property!.JsonName == name
        || (name.EndsWith("[x]", StringComparison.Ordinal) && name.AsSpan(0, name.Length - 3).SequenceEqual(node.Name));

    private static string DefinitionUrl(string expression) => expression.IndexOf('#') is > 0 and var hash ? expression[..hash] : expression;

    private bool TryCompile(string expression)
    {
        try
        {
            paths.Add(FhirPathExpression.Compile(expression));
            return true;
        }
        catch (FhirPathException)
        {
            return false;
        }
    }
}
