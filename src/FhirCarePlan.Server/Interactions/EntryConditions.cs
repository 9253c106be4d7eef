using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Conditional creates and updates of a transaction. They are decided on the state before it, and before anything is written, because
/// references to their entries must lead to the resource that is there already. Once everything is written each must still be alone.
/// https://hl7.org/fhir/R4/http.html#trules</summary>
internal sealed class EntryConditions(Work work)
{
    private readonly record struct Made(string Id, Node Resource);

    private readonly Dictionary<string, Made> made = new(StringComparer.Ordinal);
    private readonly List<(Criteria Criteria, string Id, string Location)> relied = [];

    /// <summary>Whether any entry of a bundle has criteria that references could depend on.</summary>
    public static bool Any(Node bundle)
    {
        foreach (var entry in bundle.All("entry"))
        {
            var request = entry["request"];
            if (!request["ifNoneExist"].IsMissing || request.TextOf("method") == "PUT" && request.TextOf("url")?.Contains('?') == true) return true;
        }
        return false;
    }

    /// <summary>The request that an entry comes to.</summary>
    /// <param name="request">A create with `ifNoneExist`, or an update by criteria.</param>
    public FhirRequest? Decide(FhirRequest request, Node entry, out Answer? refusal)
    {
        var isCreate = request.IfNoneExist != null;
        var location = isCreate ? entry["request"]["ifNoneExist"].Location : entry["request"]["url"].Location;
        if (Criteria.Read(work, request.Type, request.IfNoneExist ?? request.Query, out refusal, location) is not { } criteria) return null;
        var decided = isCreate ? Create(request with { IfNoneExist = null }, criteria, entry["resource"], location, out refusal)
            : Update(request, criteria, entry["resource"], out refusal);
        if (decided != null) relied.Add((criteria, decided.Id, location));
        return decided;
    }

    private FhirRequest? Create(FhirRequest request, Criteria criteria, Node resource, string location, out Answer? refusal)
    {
        switch (criteria.FindAndRely(work, out refusal))
        {
            case [] when refusal != null: return null;
            case [var only]: return request with { Id = only, Existing = only };
            case [_, ..]:
                refusal = criteria.Several(location);
                return null;
        }
        if (!made.TryGetValue(criteria.Text, out var first))
        {
            made[criteria.Text] = new(RandomId.Next(), resource);
            return request with { Id = made[criteria.Text].Id };
        }
        // A feed names the same organisation in many places: equal entries are one.
        if (Text(first.Resource).AsSpan().SequenceEqual(Text(resource))) return request with { Id = first.Id, Existing = first.Id };
        refusal = Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate,
            "Two entries of one transaction create a resource by the same criteria, with different contents", location, "transaction-clash");
        return null;
    }

    private FhirRequest? Update(FhirRequest request, Criteria criteria, Node resource, out Answer? refusal)
    {
        var decided = ConditionalUpdate.Decide(work, request, criteria, resource, out refusal);
        // Twice the same criteria: both would write the same resource.
        if (decided is { IsConditional: false } && !made.TryAdd(criteria.Text, new(decided.Id, resource))) decided = decided with { Id = made[criteria.Text].Id };
        return decided;
    }

    private static byte[] Text(Node resource)
    {
        var text = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(resource, text);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>After all writes: whether another entry has made a second match, so that what the transaction leaves would depend on the order
    /// of its entries.</summary>
    /// <param name="isWritten">Whether an entry writes another resource of the type than this one.</param>
    public Answer? Confirm(Func<string, string, bool> isWritten)
    {
        var doubtful = relied.FindAll(r => isWritten(r.Criteria.Type, r.Id));
        if (doubtful.Count == 0) return null;
        var found = new List<string>[doubtful.Count];
        work.Suppose(doubtful.Count, (inside, i) => found[i] = doubtful[i].Criteria.Find(inside));
        if (work.IsOutdated) return null;
        for (var i = 0; i < doubtful.Count; i++)
            if (found[i].Exists(id => id != doubtful[i].Id)) return doubtful[i].Criteria.Several(doubtful[i].Location);
        return null;
    }
}
