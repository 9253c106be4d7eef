using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>One unit of work: reads from one snapshot, writes in one go, with labels and notes for the ledger. A request has one; the
/// entries of a transaction share one.</summary>
public sealed class Work : IDisposable
{
    private readonly List<Func<Work, bool>> conditions = [];
    private bool isStale;

    /// <param name="ledger">Of the unit that this one asks a question for; null: its own.</param>
    public Work(Engine engine, Caller caller, ISnapshot snapshot, Ledger? ledger = null)
    {
        Staging = new Staging();
        Reading = new Reading(engine, caller, snapshot, Staging.TiesOfNew);
        Labels = new RootLabels(Reading, Staging);
        World = new World(Reading, Staging);
        Ledger = ledger ?? new Ledger(Reading);
    }

    public Reading Reading { get; }
    /// <summary>Null where no terminology server is set.</summary>
    public CodeQuestions? Codes { get; init; }
    public Staging Staging { get; }
    public RootLabels Labels { get; }
    public World World { get; }
    public Ledger Ledger { get; private set; }

    public Engine Engine => Reading.Engine;
    public InForce InForce => Engine.InForce;
    public Sight Sight => Reading.Sight;
    public Caller Caller => Sight.Caller;
    public ISnapshot Snapshot => Reading.Snapshot;
    public DateTimeOffset Now => Reading.Now;
    /// <summary>The state that the decisions here were made on has changed: the unit must run again.</summary>
    public bool IsOutdated => isStale || Sight.IsOutdated;

    /// <summary>The current version as this unit leaves it.</summary>
    public StoredVersion? Current(string type, string id) => Staging.Find(type, id) is { } own ? own.Version : Snapshot.Find(type, id);

    /// <summary>Any version, one that this unit has written included.</summary>
    public StoredVersion? Version(string type, string id, string versionId) =>
        Staging.Find(type, id) is { } own && own.Version.VersionId == versionId ? own.Version : Snapshot.FindVersion(type, id, versionId);

    /// <summary>All versions without their content, newest first, with what this unit has written in front.</summary>
    public IEnumerable<StoredVersion> Heads(string type, string id) =>
        Staging.Find(type, id) is { } own ? Snapshot.Heads(type, id).Prepend(own.Version) : Snapshot.Heads(type, id);

    /// <summary>Damaged versions that this unit met in the caller's view, for the log.</summary>
    public List<(string Type, long Row)> Damaged { get; } = [];

    /// <summary>The only way for content of a stored resource into an answer: the caller's view of it, noted in the ledger. In place of a
    /// version that is not as it was written comes an OperationOutcome, so that damage is the damaged resource's alone.</summary>
    public byte[] Show(Seen seen, Shown shown, PartAsked? part = null)
    {
        if (seen.Version.DamagedRow is { } row)
        {
            Damaged.Add((seen.Version.Type, row));
            return OutcomeJson.Write(Answer.Damaged.Issues);
        }
        Ledger.Shown(seen.Version, seen.Decision);
        return InForce.View(seen.Version, seen.Decision, shown, part);
    }

    /// <summary>The answer with a resource in it.</summary>
    public Answer Show(Seen seen, PartAsked? part = null)
    {
        var shown = Sight.Shown(seen);
        if (seen.Version.DamagedRow is { } row) throw new DamagedException(seen.Version.Type, row);
        return new Answer(AnswerKind.Ok) { Body = Show(seen, shown, part), VersionId = shown.VersionId, LastModified = shown.LastUpdated };
    }

    /// <summary>The writes here were decided on the answer to this question: the commit asks it again, of the state that it writes on, and is
    /// stale if the answer is no. It must ask of the unit of work that it is given.</summary>
    public void Rely(Func<Work, bool> condition) => conditions.Add(condition);

    /// <summary>Runs something on the committed state and takes it back, except its notes for the ledger.</summary>
    public T Try<T>(Func<T> attempt) => Staging.Try(attempt);

    public Change Build() => Build(staged => staged.Effects);

    /// <param name="effects">What each write does besides storing.</param>
    internal Change Build(Func<Staged, Sharing.Writing.Effects> effects)
    {
        if (Staging.IsEmpty) return Unchanged;
        Settling.Settle(Staging, Labels);
        var change = new ChangeBuilder(Engine, Snapshot, Now).Build([.. Staging.All.Select(s => (s.Write, effects(s)))], Staging.Relied);
        return change
            with
        {
            Versions = [.. change.Versions, .. Labels.Relabelled],
            ReferencedRoots = Labels.Consulted,
            ReferrerCounts = Labels.ReferrerCounts,
            Conditions = conditions.Count == 0 ? [] : [Holds],
        };
    }

    private bool Holds(ISnapshot state)
    {
        using var inside = new Work(Engine, Caller, state);
        return conditions.TrueForAll(condition => condition(inside)) && !inside.IsOutdated;
    }

    /// <summary>Asks questions of the state that this unit leaves, through the same search as everybody: the store writes the change,
    /// answers and takes it back. It asks several at once, but not so many that other writers wait long.</summary>
    /// <param name="ask">Called with the number of the question, and a unit of work on that state.</param>
    public void Suppose(int questions, Action<Work, int> ask)
    {
        var change = Inside.Build(this);
        for (var next = 0; next < questions && !isStale;)
        {
            var result = Engine.Store.Suppose(change, snapshot =>
            {
                using var inside = new Work(Engine, Caller, snapshot, Ledger) { Codes = Codes };
                var begun = Environment.TickCount64;
                do ask(inside, next++);
                while (next < questions && Environment.TickCount64 - begun < MostMilliseconds);
                isStale |= inside.IsOutdated;
            });
            isStale |= result != CommitResult.Done;
        }
    }

    /// <summary>How long questions may keep the writer before others have their turn.</summary>
    private const int MostMilliseconds = 50;

    private static readonly Change Unchanged = new();

    public void Dispose() => Reading.Dispose();
}
