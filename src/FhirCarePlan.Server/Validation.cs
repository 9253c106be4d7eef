using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Server;

/// <summary>Setting `Validation:Profiles`: `Enforce` asks the CPA profile of the four core types besides base R4 and what is claimed;
/// `Declared` only the latter two.</summary>
public sealed class Validation(Validator validator, bool isEnforced)
{
    private readonly ProfileChoice choice = new();

    public static Issue AllOk { get; } = new(IssueSeverity.Information, IssueType.Informational, "", "No issues were found");

    /// <param name="asked">Profiles besides those that would be asked anyway.</param>
    public void Check(Document document, Report report, IReadOnlyList<string>? asked = null)
    {
        var profiles = new List<string>(asked ?? []);
        if (isEnforced)
            foreach (var chosen in choice.For(document))
                if (!profiles.Contains(chosen)) profiles.Add(chosen);
        validator.Validate(document, profiles, report);
    }
}
