using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

public sealed record ValidateOptions
{
    public static ValidateOptions Default { get; } = new();

    /// <summary>Checking stops when so many errors have been found; as many other issues are kept.</summary>
    public int MaxIssues { get; init; } = 1000;
    /// <summary>An unknown profile in `meta.profile` is a warning; true makes it an error.</summary>
    public bool UnknownProfileIsError { get; init; }
    /// <summary>FHIR lets senders add unknown extensions; true refuses them, as for a closed partnership.</summary>
    public bool UnknownExtensionIsError { get; init; }
    /// <summary>Below this address we define everything ourselves: a profile, extension or code system there that nobody here knows is an
    /// error,
    /// however lenient the rest is. Null for none.</summary>
    public string? OwnNamespace { get; init; }
    /// <summary>A narrative that loads something from another place tells that place who is being read about: true makes it an error,
    /// false a
    /// warning.</summary>
    public bool RefusesLoading { get; init; }
    /// <summary>A questionnaire by its canonical, or Missing, besides those among the definitions.</summary>
    public Func<string, Node>? Questionnaire { get; init; }
    /// <summary>Asks elsewhere about a code that this server does not know. Given value set, system and code, it says whether the set has it. Null means that
    /// nobody can say.</summary>
    public Func<string, string, string, bool?>? MemberElsewhere { get; init; }
    /// <summary>Issues less severe than this are neither worded nor kept.</summary>
    public IssueSeverity Least { get; init; } = IssueSeverity.Information;
    /// <summary>The resource a reference points at, or Missing; contained and bundled ones are found without it.</summary>
    public Func<string, Node>? Resolve { get; init; }
}
