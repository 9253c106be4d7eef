using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The caller's view of every type that a search can return, for every kind of standing (src/docs/sharing.md#search).</summary>
public static class ViewScope
{
    /// <summary>Without a single permitted row the caller's view of these types is empty, whatever is stored.</summary>
    public static SearchScope Of(Work work, SearchQuery query)
    {
        var rows = new List<PermittedRow>();
        // A caller without a party, or without one of its purposes, sees nothing (gates 2 and 3): do not ask the store.
        if (work.Caller.Party is null || work.Caller.Purpose is null) return new SearchScope(work.Sight.Key, rows);
        var standings = work.Snapshot.Standings(work.Sight.Key);
        foreach (var type in Types(work, query))
        {
            Add(type, new Standing(null, 0), false, 0);
            foreach (var standing in standings)
                if (standing.ConsentClass is { } consentClass) Add(type, standing, true, consentClass);
        }
        return new SearchScope(work.Sight.Key, rows);

        void Add(string type, Standing standing, bool hasPerson, int consentClass)
        {
            foreach (var isOwn in (ReadOnlySpan<bool>)[false, true])
                if (work.Sight.Decide("read", type, isOwn, hasPerson, consentClass, standing.Kinds) is { Permitted: not 0 } decision)
                    rows.Add(new PermittedRow(type, standing, isOwn, decision.Permitted));
        }
    }

    private static IEnumerable<string> Types(Work work, SearchQuery query)
    {
        if (query.Includes.Count == 0 && query.RevIncludes.Count == 0) return [query.Type];
        var types = new HashSet<string> { query.Type };
        foreach (var include in query.Includes)
            types.UnionWith(include.TargetType is { } target ? [target] : include.Parameter is { Targets.Count: > 0 } p
                ? p.Targets.Where(work.Engine.Types.Serves) : work.Engine.Types.All);
        foreach (var include in query.RevIncludes) types.Add(include.SourceType);
        return types;
    }
}
