using System.Threading.Channels;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.SecondOpinion;

namespace FhirCarePlan.Server.Opinions;

/// <summary>Setting `Validation:SecondOpinion`: a share of the writes, accepted or refused, is judged once more in the background. Nothing
/// waits for it and no answer depends on it. What it may take is bounded: one thread that rests three times as long as it works, and a
/// queue of a few resources; a question that finds the queue full is dropped and counted.</summary>
/// <param name="share">Above 0, at most 1.</param>
/// <param name="makeJudge">Called once, by the thread that judges: making it takes seconds.</param>
public sealed class SecondOpinions(double share, Func<ISecondJudge> makeJudge, OpinionMetrics metrics, TimeProvider clock,
    ILogger<SecondOpinions> log) : BackgroundService
{
    /// <summary>Resources that wait, and the size of the largest: together 8 MB at most.</summary>
    public const int MostWaiting = 32, MostBytes = 256 << 10;
    private const int RestFactor = 3;

    private readonly Channel<Question> waiting =
        Channel.CreateBounded<Question>(new BoundedChannelOptions(MostWaiting)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true
        });
    private long writes;

    private sealed record Question(string Type, byte[] Json, IReadOnlyList<string> Profiles, IReadOnlyList<Issue> Ours);

    /// <summary>Takes a copy of the resource if its turn has come; never waits.</summary>
    /// <param name="ours">What our validator found.</param>
    public void Ask(Document document, IReadOnlyList<string> profiles, IEnumerable<Issue> ours)
    {
        var number = Interlocked.Increment(ref writes);
        // Of a share of a quarter, each fourth.
        if (Math.Floor(number * share) <= Math.Floor((number - 1) * share)) return;
        if (document.Utf8.Length > MostBytes) metrics.Dropped("large");
        else if (waiting.Reader.Count >= MostWaiting
            || !waiting.Writer.TryWrite(new(document.Type.Name, CanonicalJson.Write(document), profiles, [.. ours])))
            metrics.Dropped("full");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => JudgeAll(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void JudgeAll(CancellationToken stop)
    {
        // Where the system knows priorities of threads, everybody else comes first.
        Thread.CurrentThread.Priority = ThreadPriority.Lowest;
        ISecondJudge? judge = null;
        while (Next(stop) is { } question)
        {
            var begun = clock.GetTimestamp();
            try
            {
                judge ??= makeJudge();
                Compare(question, judge.Judge(question.Json, question.Profiles), clock.GetElapsedTime(begun));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // A judge that fails costs its opinion and nothing else.
                metrics.Dropped("failed");
                log.JudgeFailed(failure.GetType().Name);
            }
            stop.WaitHandle.WaitOne(RestFactor * clock.GetElapsedTime(begun));
        }
    }

    private Question? Next(CancellationToken stop)
    {
        try
        {
            return waiting.Reader.ReadAsync(stop).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void Compare(Question question, IReadOnlyList<Issue> theirs, TimeSpan took)
    {
        var difference = Difference.Between(question.Ours, theirs);
        metrics.Judged(question.Type, difference is null, took);
        if (difference is null) return;
        foreach (var rule in difference.Ours) metrics.Differs(question.Type, rule, "ours");
        foreach (var rule in difference.Theirs) metrics.Differs(question.Type, rule, "theirs");
        log.OpinionDiffers(question.Type, string.Join(' ', difference.Ours), string.Join(' ', difference.Theirs));
    }
}

internal static partial class OpinionLog
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The second opinion on a {Type} differs. Only we find broken: [{Ours}]. Only the other does: [{Theirs}]")]
    public static partial void OpinionDiffers(this ILogger log, string type, string ours, string theirs);

    [LoggerMessage(Level = LogLevel.Error, Message = "The second judge failed with {Exception}")]
    public static partial void JudgeFailed(this ILogger log, string exception);
}
