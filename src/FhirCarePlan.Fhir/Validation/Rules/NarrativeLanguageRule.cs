using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Whether a narrative has sections by language, as a profile's `narrative-language-control` asks: `_no`, `_yes`, `_resource` for
/// a section in the resource's language, or the language wanted.
/// https://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html</summary>
internal sealed class NarrativeLanguageRule(IReadOnlyList<string> wanted, string profile) : IRule
{
    private const string Key = "narrative-language";

    public void Check(Node narrative, Run run)
    {
        if (narrative.TextOf("div") is not { } div) return;
        var found = NarrativeLanguages.Of(div);
        var list = string.Join(", ", found.Select(l => $"`{l}`"));
        foreach (var one in wanted)
        {
            var language = one == "_resource" ? narrative.Resource.TextOf("language") : one;
            if (one == "_no" && found.Count > 0)
                run.Error(IssueType.BusinessRule, narrative, Key,
                    $"The narrative has sections by language ({list}); the profile allows none", profile);
            else if (one == "_yes" && found.Count == 0)
                run.Error(IssueType.BusinessRule, narrative, Key, "The narrative has no sections by language; the profile requires them",
                    profile);
            else if (one is not ("_no" or "_yes") && language != null && !found.Contains(language))
                run.Error(IssueType.BusinessRule, narrative, Key,
                    $"The narrative has no section in `{language}`, found {(list.Length > 0 ? list : "none")}", profile);
        }
    }
}
