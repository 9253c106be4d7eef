using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Many;

/// <summary>`$meta`: of a resource its `meta` as the caller sees it; of a type or of everything the profiles, labels and tags in use in the
/// caller's view. It reads only: `$meta-add` and `$meta-delete` are updates. https://hl7.org/fhir/R4/resource-operation-meta.html</summary>
public static class MetaInUse
{
    private static readonly string[] Parts = ["profile", "security", "tag"];

    public static Answer OfOne(Exchange asked)
    {
        var (work, target) = (asked.Work, asked.Target);
        if (target.Own is { } own) return Written(MetaJson.Of(work.Reading.Parse(own.Body).Root["meta"]));
        return target.Seen is { } seen ? Written(MetaJson.Of(work.Reading.Parse(work.Show(seen).Body).Root["meta"])) : Answer.NotHere;
    }

    public static Answer OfMany(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        var union = new MetaJson();
        foreach (var type in request.Type.Length > 0 ? [request.Type] : work.Engine.Types.All.Where(Inclusion.IsOn))
            if (ViewScope.Of(work, type) is { } scope)
                foreach (var part in Parts)
                    if (work.Engine.Parameters.Find(type, $"_{part}") is { } parameter) Add(work, union, scope, parameter);
        return Written(union.Done());
    }

    /// <summary>One resource in view for each value that is stored, as a search for the value finds it: what is hidden adds nothing.</summary>
    private static void Add(Work work, MetaJson union, Storage.SearchScope scope, SearchParameter parameter)
    {
        foreach (var value in work.Snapshot.Values(parameter))
        {
            if (union.Has(parameter.Type == SearchType.Uri ? "" : value.System ?? "", value.Value ?? "")) continue;
            var query = new SearchQuery(parameter.ResourceType) { Criteria = [new(parameter, Modifier.None, [value])], Count = 1, Total = TotalMode.None };
            foreach (var hit in work.Snapshot.Search(query, scope).Hits)
                union.Add(work.Reading.Parse(work.Show(ViewScope.See(work.Sight, hit), new Core.Shown(hit.Version.VersionId, hit.Version.LastUpdated))).Root["meta"]);
        }
    }

    private static Answer Written(byte[] parameters) => new(AnswerKind.Ok) { Body = parameters };
}
