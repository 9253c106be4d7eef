using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Requests;

/// <summary>The one path of every request, in the order it runs: open the event, authenticate, limits, read the request; then, for HTTP and
/// for every entry of a bundle alike: find the target in view, decide, perform, check the rules of care, commit with the event. Nothing
/// else opens a snapshot or commits for a caller. Handlers (`Interaction.Perform`) get the caller's view and return a value.</summary>
public sealed class Pipeline(Engine engine, InteractionTable table, ILogger<Pipeline> log)
{
    private readonly Turns turns = new();

    public Engine Engine => engine;
    public InteractionTable Table => table;

    /// <summary>A request as it comes in. This is the outermost step: a refusal anywhere inside is on record before its answer
    /// leaves.</summary>
    public async Task<Answer> Run(Incoming incoming, CancellationToken cancel)
    {
        var answer = await Try(incoming, cancel);
        var opened = incoming.Event;
        if (opened.IsOnRecord) return answer;
        var closed = await Guard(opened, async () =>
            await engine.Store.Commit(Nothing, [opened.Close(answer, [])], cancel) == CommitResult.Done ? answer : Answers.Answer.Unavailable);
        return ReferenceEquals(closed, answer) || !opened.HasParts ? closed : Refusals.PartlyDone;
    }

    private Task<Answer> Try(Incoming incoming, CancellationToken cancel) => Guard(incoming.Event, async () =>
    {
        var unknown = incoming.Who();
        // Counted before it is refused: without a valid token by the address it comes from, else by its client. A flood of bad tokens
        // is so paid for by its own address, never by a client, and no client pays for what an address was refused.
        if (await incoming.Limit(cancel) is { } limited) return limited;
        if (unknown != null) return unknown;
        var (request, refusal) = await incoming.Work(() => incoming.Read(cancel).AsTask());
        return request is null ? refusal! : await incoming.Work(() => Answer(request, cancel));
    });

    /// <summary>The last resort, for a request and for each entry of a batch: a bug or a broken machine. Nothing was committed; the type of
    /// the exception names no content.</summary>
    public async Task<Answer> Guard(LedgerEvent opened, Func<Task<Answer>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception e) when (Refusals.ToBrokenInput(e) is { } broken)
        {
            return broken;
        }
        catch (DamagedException damaged)
        {
            log.Damaged(damaged.Type, damaged.Row, opened.CorrelationId);
            return Answers.Answer.Damaged;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.UnexpectedFailure(opened.Interaction, e.GetType().Name, e.StackTrace, opened.CorrelationId);
            return Refusals.Broken;
        }
    }

    /// <summary>A request that is read: from HTTP, or an entry of a batch.</summary>
    public async Task<Answer> Answer(FhirRequest request, CancellationToken cancel)
    {
        if (request.Interaction.Alone is { } alone)
        {
            if (ScopeDoor.Of(request) is not { } outOfScope) return await alone(this, request, cancel);
            return ReferenceEquals(outOfScope, Answers.Answer.NotHere) ? await InOneUnit(request, work => NotHere.Answer(work, request.Interaction), cancel) : outOfScope;
        }
        return await InOneUnit(request, work => CareCheck.Of(work, request, Perform(work, request)), cancel);
    }

    /// <summary>Runs it in a unit of work, and again when a permit has lapsed or another write came first, for a few seconds; commits change
    /// and event together. The snapshot is closed before anybody waits for the writer, so that none outlives its reading.</summary>
    public async Task<Answer> InOneUnit(FhirRequest request, Func<Work, Answer> perform, CancellationToken cancel)
    {
        using var tries = new Tries(turns);
        var codes = engine.Terminology?.For(request.Caller.Party ?? "");
        do
        {
            if (Attempt(request, perform, codes, cancel) is not { } done)
            {
                // A consent class holds a lapsed permit, or another write came first: no answer based on it may leave.
                if (codes is { IsWaiting: true }) await codes.Fetch(cancel);
                else await LapsedConsents.Refresh(engine, cancel);
                continue;
            }
            if (!done.Change.IsEmpty && !await tries.IsFree(Place(request), cancel)) continue;
            var result = await Commit(done, request, cancel);
            if (result == CommitResult.Done) done.Answer.After?.Invoke();
            if (result == CommitResult.Done) return done.Answer;
            if (result == CommitResult.Uncertain && !done.Change.IsEmpty) return NotKnown(request);
            if (result != CommitResult.Stale) break;
            await tries.TakeTurn(Place(request), cancel);
        }
        while (await tries.Again(cancel));
        return Answers.Answer.Unavailable;
    }

    /// <summary>The change may be stored, and its event with it: a second event would contradict the first.</summary>
    private static Answer NotKnown(FhirRequest request)
    {
        if (!request.IsEntry) request.Event.IsOnRecord = true;
        return Refusals.NotKnown;
    }

    /// <summary>What many write at once: one resource, or what the same criteria find. Null where the request does not say.</summary>
    private static string? Place(FhirRequest request) => request.Interaction is not { Writes: true } ? null
        : request.Interaction.Level == Level.Instance ? $"{request.Type}/{request.Id}"
        : (request.IfNoneExist ?? request.Query) is { Length: > 0 } criteria ? $"{request.Type}?{criteria}" : null;

    /// <summary>A unit of work that is ready to be committed.</summary>
    private sealed record Ready(Answer Answer, Change Change, IReadOnlyList<AuditDetail> Details, string? Query);

    /// <summary>Null when it was decided on something that is out of date.</summary>
    private Ready? Attempt(FhirRequest request, Func<Work, Answer> perform, CodeQuestions? codes, CancellationToken cancel)
    {
        using var span = Traces.Step("decide");
        using var work = new Work(engine, request.Caller, engine.Store.Read(cancel, Foretold.Of(request))) { Codes = codes };
        // A search crosses persons, so first every consent class that holds a lapsed permit is refreshed.
        if ((request.Interaction.AsksOfMany || request.Interaction.Level is Level.System or Level.Type) && LapsedConsents.IsDue(work)) return null;
        var answer = perform(work);
        if (work.IsOutdated || codes is { IsWaiting: true }) return null;
        foreach (var (type, row) in work.Damaged) log.Damaged(type, row, request.Event.CorrelationId);
        if (!answer.IsSuccess)
        {
            work.Staging.Drop();
            work.Ledger.KeepRefusals();
        }
        var details = work.Ledger.Details();
        return new Ready(answer, work.Build(), details, work.Ledger.Query);
    }

    private async Task<CommitResult> Commit(Ready done, FhirRequest request, CancellationToken cancel)
    {
        using var span = Traces.Step("commit");
        var opened = request.Event;
        if (!request.IsEntry && !request.IsPiece)
        {
            opened.Query = done.Query;
            var result = await engine.Store.Commit(done.Change, [opened.Close(done.Answer, done.Details)], cancel);
            opened.IsOnRecord = result == CommitResult.Done;
            return result;
        }
        if (!done.Change.IsEmpty || request.IsPiece && done.Details.Count > 0)
        {
            var written = await engine.Store.Commit(done.Change, [opened.Part(done.Details)], cancel);
            opened.HasParts |= written is CommitResult.Done or CommitResult.Uncertain;
            return written;
        }
        opened.Keep(done.Details);
        return CommitResult.Done;
    }

    /// <summary>One interaction on a unit of work, for a request alone, an entry of a transaction and a trial
    /// (`$validate?mode=`).</summary>
    public Answer Perform(Work work, FhirRequest request)
    {
        var interaction = request.Interaction;
        if (interaction.NotOn.TryGetValue(request.Type, out var why)) return Refusals.NotOnType(why);
        if (Preconditions.Misplaced(request) is { } misplaced) return misplaced;
        if (ScopeDoor.Of(request) is { } outOfScope) return ReferenceEquals(outOfScope, Answers.Answer.NotHere) ? NotHere.Answer(work, interaction) : outOfScope;
        Document? sent = null;
        if (interaction.Body == BodyKind.Resource && Read(work, request, out sent) is { } unreadable) return unreadable;
        if (interaction.Action is { } action && work.InForce.Writing.MayWrite(work.Caller, action, request.Type, work.Now) is { } forbidden)
            return Refusals.Forbidden(forbidden);

        var target = Target.Find(work, request);
        var answer = Reach(work, request, target) ?? interaction.Perform!(new Exchange(this, work, request, sent, target));
        if (ReferenceEquals(answer, Answers.Answer.NotHere)) answer = NotHere.Answer(work, interaction);
        if (!answer.IsSuccess) NoteRefusal(work, target, target.Seen is null ? null : answer);
        return answer;
    }

    private static Answer? Reach(Work work, FhirRequest request, Target target)
    {
        var interaction = request.Interaction;
        if (interaction.Writes && interaction.Level == Level.Instance && Preconditions.Check(work, request, target.Seen) is { } unmet
            && (target.IsHere || unmet.Kind == AnswerKind.Stale)) return unmet;
        if (interaction.Target == TargetNeed.Needed && !target.IsHere) return Answers.Answer.NotHere;
        return target.Seen is { Version.IsDeleted: true } && !interaction.TakesDeleted ? Refusals.Gone : null;
    }

    private static Answer? Read(Work work, FhirRequest request, out Document? sent)
    {
        var report = new Report();
        sent = work.Reading.Parse(request.Body, report, request.BodyFormat);
        return sent is null ? Answers.Answer.Invalid(report.Issues) : Refusals.Mismatch(sent.Root, request);
    }

    /// <summary>Notes a refusal for the holder: who asked, and which gate refused. An absent target costs the same lookups and notes,
    /// except the answers.</summary>
    private static void NoteRefusal(Work work, Target target, Answer? told)
    {
        if ((target.Stored ?? target.StandIn) is not { } stored) return;
        var decision = work.Sight.Decide("read", stored);
        var gate = told is null ? work.Sight.FailedGate(stored) : told.Issues is [{ Key: { } key }, ..] ? key : "invalid";
        work.Ledger.Refused(stored, decision, gate, isThere: target.Stored != null);
    }

    private static readonly Change Nothing = new();
}

internal static partial class PipelineLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The stored version in row {Row}, a {Type}, is damaged and was not shown, correlation {Correlation}. `check` says what to do")]
    public static partial void Damaged(this ILogger log, string type, long row, string correlation);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Interaction} failed with {Exception}, correlation {Correlation}: {Trace}")]
    public static partial void UnexpectedFailure(this ILogger log, string interaction, string exception, string? trace, string correlation);
}
