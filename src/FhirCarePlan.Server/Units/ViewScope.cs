using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The caller's view, as a search asks for it: about the persons it meets and no others (src/docs/sharing.md#search).</summary>
public sealed class ViewScope : ISearchView
{
    private const string Action = "search";

    private readonly Sight sight;
    private readonly Dictionary<(string Type, bool IsOwn), ViewBasis> known = [];

    private ViewScope(Sight sight) => this.sight = sight;

    /// <summary>Null if the caller's view of these types is empty, whatever is stored: do not ask the store.</summary>
    public static SearchScope? Of(Work work, SearchQuery query) => Of(work, query.Type);

    public static SearchScope? Of(Work work, string type)
    {
        // A caller without a party, or without one of its purposes, sees nothing (gates 2 and 3).
        if (work.Caller.Party is null || work.Caller.Purpose is null || work.Sight.Only(type) is { Count: 0 }) return null;
        var view = new ViewScope(work.Sight);
        return view.IsOpen(type, true) || view.IsOpen(type, false) ? new SearchScope(work.Sight.Key, view) : null;
    }

    private bool IsOpen(string type, bool isOwn) =>
        Basis(type, isOwn).Most != 0 || sight.Decide(Action, type, isOwn, hasPerson: false, 0, 0).Permitted != 0;

    public ViewBasis Basis(string type, bool isOwn)
    {
        if (known.TryGetValue((type, isOwn), out var basis)) return basis;
        var found = sight.Basis(Action, type, isOwn);
        return known[(type, isOwn)] = new ViewBasis(found.Most, found.WithoutTie, found.AsksTies, found.AsksConsent);
    }

    public IReadOnlyList<Part>? Only(string type) => sight.Only(type);

    public long Permitted(string type, bool isOwn, Standing standing) => Decide(sight, type, isOwn, standing).Permitted;

    /// <summary>The decision behind a hit.</summary>
    public static Sharing.Decision Decide(Sight sight, string type, bool isOwn, Standing standing) =>
        sight.Decide(Action, type, isOwn, standing.ConsentClass is not null, standing.ConsentClass ?? 0, standing.Kinds);

    /// <summary>A hit as the caller sees it, by the decision that let it be found.</summary>
    public static Seen See(Sight sight, SearchHit hit) => new(hit.Version, Decide(sight, hit.Version.Type, hit.IsOwn, hit.Standing));
}
