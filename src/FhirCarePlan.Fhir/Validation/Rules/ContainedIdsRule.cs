using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>The ids of contained resources are unique in the resource that contains them: `#a` must lead to one.
/// https://hl7.org/fhir/R4/references.html#contained</summary>
internal sealed class ContainedIdsRule : IRule
{
    public void Check(Node resource, Run run)
    {
        var contained = resource["contained"];
        if (contained.IsMissing || !(contained.NextSibling is { IsMissing: false, Name: "contained" })) return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in resource.All("contained"))
            if (one["id"] is { IsMissing: false, HasValue: true } id && !seen.Add(id.Text!))
                run.Error(IssueType.Duplicate, id, "contained-id", $"Two contained resources have the id `{id.Text}`; each must have its own");
    }
}
