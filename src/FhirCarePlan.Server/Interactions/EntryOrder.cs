namespace FhirCarePlan.Server.Interactions;

/// <summary>The order in which a transaction's entries run: DELETE, POST, PUT, then reads. Persons come before the resources about them,
/// and entries that give the caller a tie come before those that need it, wherever they are in the bundle, because the order of entries
/// means nothing. An entry with a conditional reference waits for the entries that it might mean.
/// https://hl7.org/fhir/R4/http.html#trules</summary>
internal sealed class EntryOrder
{
    private const int Read = 10;

    private readonly IReadOnlyList<BundleEntries.Entry> entries;
    private readonly int[] ranks;
    /// <summary>How many entries that write a type are not performed yet.</summary>
    private readonly Dictionary<string, int> open = new(StringComparer.Ordinal);
    /// <summary>`Type/id` of the entries that wait → their rank.</summary>
    private readonly Dictionary<string, int> held = new(StringComparer.Ordinal);
    private List<int> waiting = [];
    private bool isBegun;

    public EntryOrder(IReadOnlyList<BundleEntries.Entry> entries)
    {
        this.entries = entries;
        ranks = [.. entries.Select(Rank)];
        foreach (var entry in entries)
            if (entry.Request is { Interaction.Writes: true, Existing: null } write) open[write.Type] = open.GetValueOrDefault(write.Type) + 1;
        Reads = [.. Enumerable.Range(0, entries.Count).Where(i => ranks[i] == Read)];
    }

    public IReadOnlyList<int> Reads { get; }

    /// <summary>Entries waited for each other: what their references found may have become something else.</summary>
    public bool WasForced { get; private set; }

    /// <summary>Whether resources of this type are still to be written.</summary>
    public bool Writes(string type) => open.GetValueOrDefault(type) > 0;

    /// <summary>The writes that may be performed now, in order; empty when all are done.</summary>
    /// <param name="found">Conditional references that are resolved.</param>
    public IReadOnlyList<int> Next(IReadOnlyDictionary<string, string> found)
    {
        if (!isBegun)
        {
            isBegun = true;
            var first = new List<int>();
            foreach (var i in Enumerable.Range(0, entries.Count).Where(i => ranks[i] < Read).OrderBy(i => ranks[i]))
                if (Conditions(i).Any(c => !found.ContainsKey(c.Text)) || NeedsHeld(i)) Hold(i);
                else first.Add(i);
            if (first.Count > 0) return first;
        }
        var ready = waiting.Where(i => !NeedsHeld(i) && Conditions(i)
            .All(c => found.ContainsKey(c.Text) || open.GetValueOrDefault(c.Type) <= (entries[i].Request!.Type == c.Type ? 1 : 0)))
            .ToList();
        if (ready.Count == 0 && waiting.Count > 0)
        {
            WasForced = true;
            ready = waiting;
        }
        waiting = [.. waiting.Except(ready)];
        foreach (var i in ready) held.Remove(Key(i));
        return ready;
    }

    public void Done(int entry) => open[entries[entry].Request!.Type]--;

    private void Hold(int entry)
    {
        waiting.Add(entry);
        held[Key(entry)] = ranks[entry];
    }

    /// <summary>It refers to an entry that waits and would have come before it.</summary>
    private bool NeedsHeld(int entry) =>
        held.Count > 0 && entries[entry].Links is { } links
            && links.Entries.Any(e => held.TryGetValue(e, out var rank) && rank < ranks[entry]);

    private IReadOnlyList<ConditionalReference> Conditions(int entry) => entries[entry].Links?.Conditions ?? [];

    private string Key(int entry) => $"{entries[entry].Request!.Type}/{entries[entry].Request!.Id}";

    private static int Rank(BundleEntries.Entry entry) => entry.Request switch
    {
        null or { Interaction.Writes: false } or { Existing: not null } => Read,
        { Interaction.Action: "delete" } => 0,
        { Type: "Patient" } => 1,
        { Type: "Group" or "Device" or "Location" or "Organization" or "Practitioner" or "PractitionerRole" or "Medication" or "Substance" } => 2,
        { Type: "EpisodeOfCare" } => 3,
        { Type: "RelatedPerson" } => 4,
        { Type: "CareTeam" } => 5,
        { Type: "Binary" } => 8,
        { Type: "Provenance" } => 9,
        { Interaction.Action: "create" } => 6,
        _ => 7,
    };
}
