using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>Every check of an agreement's file and its signatures: tests/cases/sharing/checks.yaml has a row that turns each red. An error
/// keeps the service from enforcing the file; a warning asks a person to look.</summary>
public static partial class Checks
{
    /// <summary>In the order in which they are asked.</summary>
    public static IReadOnlyList<Check> All { get; } = [.. Reading(), .. Names(), .. Content(), .. Law(), .. Rules(), .. Governance(),
        .. Tests()];

    private static readonly Dictionary<string, Check> byId = All.ToDictionary(c => c.Id, StringComparer.Ordinal);

    /// <summary>Null for what is said about a folder rather than a file.</summary>
    public static Check? Of(string id) => byId.GetValueOrDefault(id);

    private static Check Error(string id, string finds, string why) => new(id, IssueSeverity.Error, finds, why);
    private static Check Warning(string id, string finds, string why) => new(id, IssueSeverity.Warning, finds, why);

    private static Check[] Reading() =>
    [
        Error("yaml", "Text that is not YAML, or not UTF-8.", "Everybody must read the same text that the parties sign."),
        Error("yaml-anchor", "An anchor or an alias.", "A reader must find each clause written out where it holds."),
        Error("yaml-shape", "A list, a mapping or a single value where another is expected.",
            "The service cannot tell what such a value means."),
        Error("unknown-key", "A key that the format does not have.", "A misspelt key would be a clause that nobody enforces."),
        Error("missing-key", "A key that must be stated.", "The service never guesses what the parties left open."),
        Error("bad-value", "A value that the key cannot have.", "The service never guesses what a value was meant to be."),
        Error("rule-scope", "A rule with both or neither of `permit` and `forbid`.", "A rule either opens or closes."),
        Error("unknown-relationship", "A relationship that does not exist.",
            "A tie that nobody can have would open nothing, or close nothing."),
    ];

    private static Check[] Names() =>
    [
        Error("duplicate-id", "One id for two things.", "A decision names its clause by id, so each id names one clause."),
        Error("id-format", "An id in another form than the format's.", "Ids stand in addresses, logs and Consents."),
        Error("version", "A version that is not major.minor.patch.", "Consents hold for the major version they were given under."),
        Warning("url", "An address of the agreement that is not an absolute URL without a version.",
            "Consents and the ledger cite the agreement by this address."),
        Error("unknown-party", "A party that the agreement does not define.", "The clause would hold for nobody."),
        Error("unknown-role", "A role that neither CPA-TeamRole nor the agreement defines.", "No token can state such a role."),
        Error("unknown-purpose", "A purpose that the agreement or v3-ActReason does not define.", "No token can state such a purpose."),
        Error("unknown-category", "A category that the agreement does not define.", "The clause would cover nothing."),
        Error("unknown-gateway", "A legal gateway that the agreement does not define.", "Nothing may be shared without a basis in law."),
        Error("unknown-action", "An action other than read, create, update and delete.", "No request asks for such an action."),
        Error("unknown-type", "A name that is not a resource type of R4.", "No resource has such a type."),
        Error("unknown-sensitivity", "A sensitivity that the agreement does not define.",
            "Nobody could tell which labels the rule clears."),
        Error("unknown-right", "A right that does not exist.", "The party would believe it may do something and could not."),
        Error("unknown-code-list", "A code list that the agreement does not define.", "Content would escape its category."),
        Error("no-party", "An empty list of parties.", "The clause holds for nobody."),
        Error("no-role", "An empty list of roles.", "The clause holds for nobody."),
        Error("no-purpose", "An empty list of purposes.", "The clause holds for nothing."),
        Error("no-category", "An empty list of categories.", "The clause covers nothing."),
        Error("no-action", "An empty list of actions.", "The clause opens nothing."),
        Error("no-type", "An empty list of resource types.", "The clause covers nothing."),
        Warning("role-redefined", "A role of the agreement that CPA-TeamRole already defines.", "One word would have two meanings."),
        Warning("unused-role", "A role that no rule, right or override names.", "Readers look for what it may do and find nothing."),
        Warning("unused-purpose", "A purpose that no rule is for.", "A caller who states it sees nothing."),
        Warning("ambiguous-purpose", "Two purposes of one party with one code.",
            "A token that states the code is refused, because it could mean either."),
        Error("party-organization", "A party without an Organization, or an Organization of two parties.",
            "Only the agreement says who belongs to which party."),
        Error("party-client", "A client that speaks for two parties, or for the service itself.",
            "A token must lead to exactly one party."),
        Warning("party-without-client", "A party without clients, where others have some.", "Nobody of this party can sign in."),
        Warning("idle-party", "A party that no rule and no home rule is for.", "It signs an agreement that gives it nothing."),
    ];

    private static Check[] Content() =>
    [
        Error("too-many-categories", "More categories and labels than a mask has bits.", "Labels are kept as 62 bits."),
        Error("missing-category", "A missing category that the service itself speaks of.", "The service could not label its own content."),
        Warning("empty-category", "A category to which nothing ever belongs.", "A rule about it neither opens nor closes anything."),
        Warning("same-root", "Two categories that claim a type by the same filter.",
            "Such a resource needs both, so opening one of them opens nothing."),
        Warning("unopened-category", "A category that no rule opens to anybody.", "What is recorded under it can never be read again."),
        Error("category-expression", "A category's filter or path that is not FHIRPath on a type of R4.", "Content could not be labelled."),
        Error("category-depends", "A category that hangs on `resolve()` or `meta.profile`.",
            "A profile is a claim, and a target can change, so labels would be wrong."),
        Error("too-many-code-lists", "More code lists than a set has bits.", "Sets of code lists are kept as 62 bits."),
        Warning("unused-code-list", "A code list that no category and no sensitivity names.", "Its codes bring nothing along."),
        Error("code-system", "A code system that is not a URI.", "Content names its code systems by URI, so nothing would match."),
        Error("empty-code-list", "A code system without codes.", "It claims nothing."),
        Error("code-family", "A family of codes that cannot be one.", "Content would escape its category, or fall into a wrong one."),
        Error("code-check-digit", "A SNOMED CT id with a wrong check digit.", "The code was mistyped and matches nothing."),
        Error("code-format", "A code that its system cannot have.", "The code was mistyped and matches nothing."),
        Error("unlisted-of", "An `unlistedOf` that is not a clinical terminology.", "Codes that nobody judged would escape."),
        Warning("uncleared-sensitivity", "A sensitivity that no rule clears.", "Nobody can ever read content under this label."),
    ];
}
