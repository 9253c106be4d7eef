using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>One attempt at a transaction on one unit of work: its writes in their order, with conditional references resolved once
/// everything that they could mean is written; then its reads and searches, which see the writes.
/// https://hl7.org/fhir/R4/http.html#trules</summary>
internal sealed class Transaction
{
    private readonly Pipeline pipeline;
    private readonly Work work;
    private readonly IReadOnlyList<BundleEntries.Entry> entries;
    private readonly EntryOrder order;
    private readonly ConditionalReferences conditions;
    private readonly EntryConditions? criteria;
    private long length;

    public Transaction(Pipeline pipeline, Work work, IReadOnlyList<BundleEntries.Entry> entries, EntryConditions? criteria)
    {
        (this.pipeline, this.work, this.entries, this.criteria) = (pipeline, work, entries, criteria);
        Answers = new Answer[entries.Count];
        order = new EntryOrder(entries);
        conditions = new ConditionalReferences(work);
    }

    public Answer[] Answers { get; }

    /// <summary>Null when all went well.</summary>
    public Answer? Perform()
    {
        for (var i = 0; i < entries.Count; i++)
            if (entries[i].Refusal is { } refusal) return EntryIssues.Placed(refusal, i);
        var failure = Write() ?? Read() ?? Search();
        // Nothing said here leaves: the pipeline does it all again.
        return work.IsOutdated ? Answer.Unavailable : failure ?? CareCheck.Of(work, [.. entries.Select(e => e.Request)], Answers);
    }

    private Answer? Write()
    {
        if (conditions.Resolve(entries.SelectMany(Conditions).Where(c => !order.Writes(c.Type))) is { } refused) return refused;
        while (order.Next(conditions.Found) is { Count: > 0 } ready)
        {
            if (conditions.Resolve(ready.SelectMany(i => Conditions(entries[i]))) is { } unresolved) return unresolved;
            foreach (var i in ready)
            {
                if (work.IsOutdated) return null;
                if (Do(i) is { } failure) return failure;
                order.Done(i);
            }
        }
        if (work.IsOutdated) return null;
        if (order.WasForced && conditions.Confirm(entries.SelectMany(Conditions)) is { } changed) return changed;
        return criteria?.Confirm(WritesAnother);
    }

    private bool WritesAnother(string type, string id) =>
        entries.Any(e => e.Request is { Interaction.Writes: true, Existing: null } write && write.Type == type && write.Id != id);

    private static IEnumerable<ConditionalReference> Conditions(BundleEntries.Entry entry) => entry.Links?.Conditions ?? [];

    private Answer? Read()
    {
        foreach (var i in order.Reads)
            if (!IsSearchOfOwnWrites(i) && Do(i) is { } failure) return failure;
        return null;
    }

    private Answer? Search()
    {
        var searches = order.Reads.Where(IsSearchOfOwnWrites).ToList();
        if (searches.Count == 0 || work.IsOutdated) return null;
        work.Suppose(searches.Count, (inside, n) =>
        {
            var i = searches[n];
            Answers[i] = IsTooCostly ? Answer.TooCostly(pipeline.Engine.Limits.Answer) : pipeline.Perform(inside, entries[i].Request!);
            length += entries[i].Length(Answers[i]);
        });
        if (work.IsOutdated) return null;
        foreach (var i in searches)
            if (!Answers[i].IsSuccess) return EntryIssues.Placed(Answers[i], i);
        return IsTooCostly ? Answer.TooCostly(pipeline.Engine.Limits.Answer) : null;
    }

    private bool IsTooCostly => length > pipeline.Engine.Limits.Answer;

    private bool IsSearchOfOwnWrites(int entry) => entries[entry].Request!.Interaction.AsksOfMany && !work.Staging.IsEmpty;

    /// <summary>In a batch a read may find nothing without harm to the rest; here it is all or nothing.</summary>
    private Answer? Do(int entry)
    {
        Answers[entry] = pipeline.Perform(work, entries[entry].Resolved(conditions.Found));
        if (!Answers[entry].IsSuccess) return EntryIssues.Placed(Answers[entry], entry);
        if (work.Staging.HasOverlap) return BundleEntries.Overlap(entry);
        length += entries[entry].Length(Answers[entry]);
        return IsTooCostly ? Answer.TooCostly(pipeline.Engine.Limits.Answer) : null;
    }
}
