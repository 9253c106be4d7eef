using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing.Smart;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>What the scopes of a caller's token leave of their view. It takes away and adds nothing: the agreement's decision comes first, and
/// a resource that no scope covers does not exist for the caller (src/docs/smart.md#scopes).</summary>
/// <param name="person">Of the launch context; null for none, and then scopes `patient/…` cover nobody.</param>
internal sealed class Narrowing(Scopes scopes, string? person, ScopeRestrictions restrictions)
{
    private readonly Dictionary<(string Action, string Type), IReadOnlyList<Part>?> known = [];

    /// <summary>The parts of the view in which the caller may do this; null: all of it; empty: none.</summary>
    public IReadOnlyList<Part>? Parts(string action, string type)
    {
        if (known.TryGetValue((action, type), out var parts)) return parts;
        var found = new List<Part>();
        foreach (var grant in scopes.For(action, type))
        {
            if (CriteriaOf(grant, type) is not { } criteria) continue;
            if (grant.Context != ScopeContext.Patient) found.Add(new Part(null, false, criteria));
            else if (person is not null) found.Add(new Part(person, IsAboutNobody(type), criteria));
        }
        return known[(action, type)] = found.Exists(p => p is { Person: null, Criteria.Count: 0 }) ? null : found;
    }

    private IReadOnlyList<Criterion>? CriteriaOf(ScopeGrant grant, string type) =>
        grant.Restriction is not { } text ? [] : MayRestrict(type) ? restrictions.Of(type, text) : null;

    /// <summary>Definitions and the ledger are not in the database: a search that should narrow them cannot be asked, so it leaves nothing.</summary>
    public static bool MayRestrict(string type) => !Catalogue.Holds(type) && type != LedgerReading.Type;

    /// <summary>Whether the caller may do this with anything of the type at all.</summary>
    /// <param name="hasPerson">False of what is about nobody: scopes `patient/…` cover only the directory and definitions of it.</param>
    public bool Covers(string action, string type, bool hasPerson) =>
        Parts(action, type) is not { } parts || parts.Any(p => hasPerson || p.Person is null || p.WithNobodys);

    /// <summary>Whether the caller may do this with one resource.</summary>
    /// <param name="permitted">What the agreement lets them see of it.</param>
    /// <param name="isHead">It came without its content: a restriction cannot be asked yet, and must be before anything is shown.</param>
    public bool Covers(string action, StoredVersion version, long permitted, bool isHead) =>
        Parts(action, version.Type) is not { } parts || parts.Any(p => IsAbout(p, version.Person)
            && (p.Criteria.Count == 0 || (isHead ? !version.IsDeleted : restrictions.Meets(version, permitted, p.Criteria))));

    /// <summary>Whether the caller may do this with everything of the type about a person, or about nobody.</summary>
    public bool CoversAll(string action, string type, string? about) =>
        Parts(action, type) is not { } parts || parts.Any(p => p.Criteria.Count == 0 && IsAbout(p, about));

    private static bool IsAbout(Part part, string? about) => part.Person is null || part.Person == about || about is null && part.WithNobodys;

    private static bool IsAboutNobody(string type) => Rights.For(type) is Rights.Directory or Rights.Conform || Catalogue.Holds(type);
}
