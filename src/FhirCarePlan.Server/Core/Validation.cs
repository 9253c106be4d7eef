using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Server.Core;

/// <summary>The verdict on a resource, the same for the server and the shell. Setting `Validation:Profiles`: `Enforce` asks the CPA
/// profiles
/// that the content chooses (`profiles/enforced/what-binds.json`) besides base R4 and what is claimed; `Declared` only the latter
/// two.</summary>
/// <param name="choice">Null for `Declared`.</param>
/// <param name="refusesUnknown">`Validation:UnknownProfile=Error`: a claimed profile that nobody here knows is an error, not a
/// warning.</param>
/// <param name="refusesLoading">`Validation:Narrative=Refuse`: a narrative that loads something from elsewhere is an error, not a
/// warning.</param>
public sealed class Validation(Validator validator, ProfileChoice? choice, bool refusesUnknown = false, bool refusesLoading = true)
{
    /// <summary>Below this address we define everything ourselves.</summary>
    public const string OwnNamespace = "https://fhir.cpa.example/";

    private readonly ValidateOptions options =
        ValidateOptions.Default with { UnknownProfileIsError = refusesUnknown, OwnNamespace = OwnNamespace, RefusesLoading = refusesLoading };

    /// <summary>The key of a finding that no profile asks for: the resource only looks like one that a profile binds.</summary>
    public const string DidYouMean = "did-you-mean";

    public static Issue AllOk { get; } = new(IssueSeverity.Information, IssueType.Informational, "", "No issues were found");

    /// <summary>What will be stored.</summary>
    /// <param name="writer">The kind of agency that writes it; null where nobody knows.</param>
    /// <param name="before">The version that it replaces; Missing for none.</param>
    /// <param name="forms">Questionnaires stored here, by canonical.</param>
    /// <param name="elsewhere">Value set, system and code: whether a terminology server has it among its members; null for none.</param>
    /// <returns>The profiles that were asked, besides base R4 and what is claimed.</returns>
    public IReadOnlyList<string> Check(Document document, Report report, string? writer, Node before, Func<string, Node>? forms,
        Func<string, string, string, bool?>? elsewhere = null) => Check(validator, document.Root, report, [], writer, before, forms, elsewhere);

    /// <param name="asked">Profiles besides those that would be asked anyway.</param>
    public IReadOnlyList<string> Check(Validator validator, Node root, Report report, IReadOnlyList<string> asked, string? writer,
        Node before = default, Func<string, Node>? forms = null, Func<string, string, string, bool?>? elsewhere = null)
    {
        var options = forms is null && elsewhere is null ? this.options : this.options with { Questionnaire = forms, MemberElsewhere = elsewhere };
        if (choice is null)
        {
            validator.Validate(root, asked, report, options);
            return asked;
        }
        var chosen = choice.For(root, writer, before);
        var (within, doubts) = Entries(root, choice, writer);
        var profiles = chosen.Profiles.Count == 0 ? asked : [.. asked.Union(chosen.Profiles)];
        validator.Validate(root, profiles, report, options, within);
        foreach (var doubt in chosen.Doubts.Concat(doubts))
            if (doubt.IsHint) report.Warning(IssueType.CodeInvalid, doubt.At, DidYouMean, doubt.Text, doubt.Profile);
            else report.Error(IssueType.CodeInvalid, doubt.At, DidYouMean, doubt.Text, doubt.Profile);
        return profiles;
    }

    /// <summary>What a transaction or batch would store is held to what its entries would be held to.</summary>
    private static (List<(Node, string)>? Within, List<Doubt> Doubts) Entries(Node root, ProfileChoice choice, string? writer)
    {
        if (root.Type.Name != "Bundle" || root.TextOf("type") is not ("transaction" or "batch")) return (null, []);
        var (entries, doubts) = (new List<(Node, string)>(), new List<Doubt>());
        foreach (var entry in root.All("entry"))
            if (entry["resource"] is { IsMissing: false } resource)
            {
                var chosen = choice.For(resource, writer);
                foreach (var profile in chosen.Profiles) entries.Add((resource, profile));
                doubts.AddRange(chosen.Doubts);
            }
        return (entries, doubts);
    }

    /// <summary>All that is known, for whoever asks for a profile by name.</summary>
    public Validator Validator => validator;
}
