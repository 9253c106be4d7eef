using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <param name="Canonical">The profile the target must meet; null when its type is all that is asked.</param>
internal sealed record AllowedTarget(string Type, string? Canonical)
{
    public byte[] Utf8 { get; } = Encoding.ASCII.GetBytes(Type);
}

/// <summary>A reference leads to one of the types allowed; a target that is at hand (contained, bundled) also meets the profile asked for.
/// https://hl7.org/fhir/R4/references.html</summary>
internal sealed class ReferenceRule(AllowedTarget[] targets, string? profile, Shapes shapes) : IRule
{
    private static readonly TypeInfo ReferenceType = R4.Type("Reference")!;

    private readonly bool typesOnly = Array.TrueForAll(targets, t => t.Canonical == null);

    public void Check(Node node, Run run)
    {
        if (node.Type != ReferenceType) return;
        Node literal = default, type = default;
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (child.Name == "reference") literal = child;
            else if (child.Name == "type") type = child;
        if (!literal.IsMissing && literal.HasValue)
        {
            var text = literal.Utf8;
            if (typesOnly && type.IsMissing && Allows(Reference.TypePart(text))) return;
            var named = Reference.NamedType(text);
            if (typesOnly && !named.IsEmpty)
            {
                if (Allows(named)) return;
                Refuse(node, Encoding.ASCII.GetString(named), run);
                return;
            }
            var target = text is [(byte)'#', _, ..] ? run.References.ContainedTarget(node, text[1..]) : run.References.BundledTarget(node, literal.Text!);
            if (!target.IsMissing)
            {
                CheckTarget(node, target, run);
                return;
            }
            if (!named.IsEmpty)
            {
                if (!Allows(named)) Refuse(node, Encoding.ASCII.GetString(named), run);
                return;
            }
        }
        if (!type.IsMissing && type.HasValue && !Allows(ReferenceTypeRule.Plain(type.Utf8))) Refuse(node, type.Text!, run);
    }

    private void CheckTarget(Node node, Node target, Run run)
    {
        AllowedTarget? fits = null;
        foreach (var allowed in targets)
        {
            if (!target.Type.Is(allowed.Type)) continue;
            fits = allowed;
            if (allowed.Canonical == null || (shapes.Profile(allowed.Canonical, out _) is { } shape && run.TargetMatches(target, shape))) return;
        }
        if (fits == null) Refuse(node, target.Type.Name, run);
        else run.Error(IssueType.Structure, node, "reference-profile", $"`{node.Name}` leads to a `{target.Type.Name}` that does not meet {Profiles(target.Type)}", profile);
    }

    private string Profiles(TypeInfo type) => string.Join(" or ", targets.Where(t => type.Is(t.Type)).Select(t => $"`{t.Canonical}`"));

    private bool Allows(ReadOnlySpan<byte> type)
    {
        foreach (var target in targets)
            if (type.SequenceEqual(target.Utf8) || target.Type == "Resource" || (target.Type == "DomainResource" && !type.SequenceEqual("Bundle"u8))) return true;
        return false;
    }

    private void Refuse(Node node, string found, Run run) =>
        run.Error(IssueType.Structure, node, "reference-target",
            $"`{node.Name}` refers to `{found}`; it must refer to {string.Join(" or ", targets.Select(t => $"`{t.Type}`").Distinct())}", profile);
}

/// <summary>`ref-1`: a reference to a contained resource finds it.</summary>
internal sealed class ContainedReferenceRule : IRule
{
    public void Check(Node node, Run run)
    {
        var literal = node["reference"];
        if (literal.IsMissing || !literal.HasValue) return;
        var text = literal.Utf8;
        if (text.Length > 1 && text[0] == '#' && run.References.ContainedTarget(node, text[1..]).IsMissing)
            run.Error(IssueType.Invariant, node, "ref-1", "The reference leads to a contained resource that does not exist");
    }
}

/// <summary>How a target may be given: within the resource, within the bundle, or elsewhere.
/// https://hl7.org/fhir/R4/valueset-resource-aggregation-mode.html</summary>
internal sealed class AggregationRule(IReadOnlyList<string> modes, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (node.TextOf("reference") is not { } literal) return;
        var target = run.References.BundledTarget(node, literal);
        var found = literal.StartsWith('#') || run.References.IsContained(target) ? "contained"
            : run.References.IsBundled(target) ? "bundled" : "referenced";
        // A bundled resource can be referred to as well, and a resource that travels alone may be meant for a bundle.
        if (!modes.Contains(found) && !(found == "bundled" && modes.Contains("referenced"))
            && !(found == "referenced" && modes.Contains("bundled") && run.Document.Type.Name != "Bundle"))
            run.Error(IssueType.Structure, node, "aggregation", $"`{node.Name}` is {found}; it must be {string.Join(" or ", modes)}", profile);
    }
}
