using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Server.Core;

/// <summary>Setting `Validation:Profiles`: `Enforce` asks the CPA profile of the four core types besides base R4 and what is claimed;
/// `Declared` only the latter two.</summary>
/// <param name="refusesUnknown">`Validation:UnknownProfile=Error`: a claimed profile that nobody here knows is an error, not a warning.</param>
public sealed class Validation(Validator validator, bool isEnforced, bool refusesUnknown = false)
{
    private readonly ProfileChoice choice = new();
    private readonly ValidateOptions options = ValidateOptions.Default with { UnknownProfileIsError = refusesUnknown };

    public static Issue AllOk { get; } = new(IssueSeverity.Information, IssueType.Informational, "", "No issues were found");

    /// <summary>What will be stored.</summary>
    public void Check(Document document, Report report) => Check(validator, document.Root, report, []);

    /// <param name="asked">Profiles besides those that would be asked anyway.</param>
    public void Check(Validator validator, Node root, Report report, IReadOnlyList<string> asked)
    {
        var profiles = new List<string>(asked);
        if (isEnforced)
            foreach (var chosen in choice.For(root))
                if (!profiles.Contains(chosen)) profiles.Add(chosen);
        validator.Validate(root, profiles, report, options, isEnforced ? Entries(root) : null);
    }

    /// <summary>What a transaction or batch would store is held to what its entries would be held to.</summary>
    private List<(Node, string)>? Entries(Node root)
    {
        if (root.Type.Name != "Bundle" || root.TextOf("type") is not ("transaction" or "batch")) return null;
        var entries = new List<(Node, string)>();
        foreach (var entry in root.All("entry"))
            if (entry["resource"] is { IsMissing: false } resource)
                foreach (var chosen in choice.For(resource)) entries.Add((resource, chosen));
        return entries;
    }

    /// <summary>All that is known, for whoever asks for a profile by name.</summary>
    public Validator Validator => validator;
}
