using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>A canonical that is known here must name a resource of one of the allowed types.
/// https://hl7.org/fhir/R4/references.html#canonical</summary>
internal sealed class CanonicalRule(string[] types) : IRule
{
    public void Check(Node node, Run run)
    {
        if (node.Type.Name != "canonical" || node.Text is not { } canonical) return;
        var found = canonical.StartsWith('#')
            ? run.References.ContainedTarget(node, node.Utf8[1..]) is { IsMissing: false } contained ? contained.Type.Name : null
            : run.Definitions.TypeOf(canonical);
        if (found != null && !types.Contains(found))
            run.Error(IssueType.Invalid, node, "canonical-target",
                $"`{node.Name}` names a `{found}`; it must name a {string.Join(" or ", types.Select(t => $"`{t}`"))}");
    }
}
