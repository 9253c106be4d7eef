using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Checking;

namespace FhirCarePlan.Server.Preparing;

/// <summary>Compares what is stored with what would be written now: labels and index rows of every resource, ties and consent state of every
/// person.</summary>
public sealed class WrittenAgain(Engine engine, ReadingStore store, Findings findings)
{
    private const int Slice = 100;
    private const string Anew = "Start the server with Storage:Relabel=true: it makes labels, index rows and ties of everything anew";

    /// <param name="generation">Of labels and index rows, as this program makes them under this agreement.</param>
    public void Check(string generation)
    {
        if (store.GetSetting(Relabelling.Generation) != generation)
        {
            findings.Add("labels and index rows were made under another agreement or by another program, and were not compared",
                "Check with the agreement and the program that serve this store, or start the server: it makes them anew");
            return;
        }
        Resources();
        Persons();
    }

    private void Resources()
    {
        (string Type, string Id)? after = null;
        while (true)
        {
            using var work = new Work(engine, Relabelling.Nobody, store.Read());
            var slice = work.Snapshot.Slice(after?.Type, after?.Id, Slice);
            if (slice.Count == 0) return;
            foreach (var current in slice)
                foreach (var write in Relabelled.Versions(work.Reading, work.Labels, current))
                    Compare(write, write.Version.VersionId == current.VersionId);
            after = (slice[^1].Type, slice[^1].Id);
        }
    }

    private void Compare(VersionToWrite write, bool isCurrent)
    {
        if (write.Version.DamagedRow != null) return;
        foreach (var difference in store.Differences(write, isCurrent))
            findings.Add($"{difference} are not those that would be written", Anew, $"resource {store.Key(write.Version.Type, write.Version.Id)} ({write.Version.Type})");
    }

    private void Persons()
    {
        string? after = null;
        var now = engine.Clock.GetUtcNow();
        while (true)
        {
            using var snapshot = store.Read();
            var slice = snapshot.Persons(after, Slice);
            if (slice.Count == 0) return;
            // Whose permit has lapsed is interned again by the next request.
            var settled = slice.Where(person => person.NextBoundary is not { } boundary || boundary > now).ToList();
            var anew = new ChangeBuilder(engine, snapshot, now).Reintern(settled);
            foreach (var person in anew.Persons)
                if (person.NewState is { } state && state != snapshot.ConsentState(person.ConsentClass))
                    findings.Add("the consent state in force is not the one that the person's Consents give", Anew, $"person {store.Number(person)}");
            foreach (var person in settled)
                if (!Same(anew.Backings.Where(tie => tie.Person == person.Key), snapshot.Backings(person.Key)))
                    findings.Add("the ties are not those that the person's record gives", Anew, $"person {store.Number(person)}");
            after = slice[^1].Key;
        }
    }

    /// <summary>Stored ties have one kind each.</summary>
    private static bool Same(IEnumerable<Backing> computed, IReadOnlyList<Backing> stored) => computed
        .SelectMany(tie => Enumerable.Range(0, 63).Where(bit => (tie.Kind >> bit & 1) == 1).Select(bit => tie with { Kind = 1L << bit }))
        .ToHashSet().SetEquals(stored);
}
