using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Opinions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirCarePlan.Server.Tests.Opinions;

/// <summary>A second judge in the background: what is counted and said, and that nobody waits for it.</summary>
public class SecondOpinionsTests
{
    private const string Patient = """{"resourceType":"Patient","id":"robin","name":[{"family":"Secretname"}]}""";

    [Fact]
    public async Task A_difference_is_counted_by_rule_and_logged_without_content()
    {
        using var given = new Given(1, _ => [Broken("pat-1"), Broken("cpa-pat-2")]);
        given.Ask(Patient, Broken("cpa-pat-2"), Broken("cpa-pat-3"));
        await given.Judged(1);
        Assert.Equal(
            ["differences cpa-pat-3 ours", "differences pat-1 theirs", "judged False"], given.Counts);
        Assert.Contains("Only we find broken: [cpa-pat-3]. Only the other does: [pat-1]", given.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Secretname", given.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("robin", given.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_verdict_in_other_words_is_no_difference()
    {
        using var given = new Given(1,
            _ => [Broken("firely-1003"), new Issue(IssueSeverity.Warning, "value", "", "words") { Key = "pat-1" }]);
        given.Ask(Patient, Broken("cardinality"));
        await given.Judged(1);
        Assert.Equal(["judged True"], given.Counts);
        Assert.Equal("", given.Log);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(0.5, 4)]
    [InlineData(0.25, 2)]
    public async Task A_share_of_the_writes_is_judged(double share, int judged)
    {
        using var given = new Given(share, _ => []);
        for (var i = 0; i < 8; i++) given.Ask(Patient);
        await given.Judged(judged);
        Assert.Equal(Enumerable.Repeat("judged True", judged), given.Counts);
    }

    [Fact]
    public async Task Nobody_waits_for_a_judge_that_takes_its_time_and_what_is_too_much_is_dropped_and_counted()
    {
        using var goOn = new ManualResetEventSlim();
        using var given = new Given(1, _ => { goOn.Wait(); return []; });
        // The judge holds one, the queue is full, the rest is dropped; each question returns although the judge does not.
        for (var i = 0; i < SecondOpinions.MostWaiting + 10; i++) given.Ask(Patient);
        var dropped = given.Counts.Count(c => c == "dropped full");
        Assert.InRange(dropped, 9, 10);
        goOn.Set();
        await given.Judged(SecondOpinions.MostWaiting + 10 - dropped);
    }

    [Fact]
    public void What_is_large_is_not_judged()
    {
        using var given = new Given(1, _ => []);
        given.Ask($$"""{"resourceType":"Patient","name":[{"text":"{{new string('x', SecondOpinions.MostBytes)}}"}]}""");
        Assert.Equal(["dropped large"], given.Counts);
    }

    [Fact]
    public async Task A_judge_that_fails_costs_its_opinion_only()
    {
        var times = 0;
        using var given = new Given(1, _ => ++times == 1 ? throw new InvalidOperationException("Secretname") : []);
        given.Ask(Patient);
        given.Ask(Patient);
        await given.Judged(1);
        Assert.Equal(["dropped failed", "judged True"], given.Counts);
        Assert.Contains("InvalidOperationException", given.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Secretname", given.Log, StringComparison.Ordinal);
    }

    private static Issue Broken(string rule) => new(IssueSeverity.Error, IssueType.Invariant, "Patient", "words") { Key = rule };

    private sealed class Given : IDisposable, ISecondJudge, ILogger<SecondOpinions>
    {
        private readonly Func<string, IReadOnlyList<Issue>> judge;
        private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly MeterListener listener = new();
        private readonly ConcurrentQueue<string> counts = new();
        private readonly StringBuilder log = new();
        private readonly SecondOpinions opinions;

        public Given(double share, Func<string, IReadOnlyList<Issue>> judge)
        {
            this.judge = judge;
            var meters = services.GetRequiredService<IMeterFactory>();
            var metrics = new OpinionMetrics(meters);
            listener.InstrumentPublished = (instrument, to) =>
            {
                if (instrument.Meter.Scope == meters) to.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
            {
                var said = tags.ToArray().Where(t => t.Key != "type").Select(t => t.Value!.ToString());
                counts.Enqueue($"{instrument.Name["second_opinion.".Length..]} {string.Join(' ', said)}");
            });
            listener.Start();
            opinions = new SecondOpinions(share, () => this, metrics, TimeProvider.System, this);
            opinions.StartAsync(CancellationToken.None);
        }

        public IEnumerable<string> Counts => counts.Order();
        public string Log { get { lock (log) return log.ToString(); } }

        public void Ask(string json, params Issue[] ours)
        {
            using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), new Report(), new ParseLimits(StringLength: 32 << 20))!;
            opinions.Ask(document, [], ours);
        }

        /// <summary>Waits until so many have been judged.</summary>
        public async Task Judged(int count)
        {
            while (counts.Count(c => c.StartsWith("judged", StringComparison.Ordinal)) < count) await Task.Delay(5);
            // What belongs to the last one is said after it is counted.
            await opinions.StopAsync(CancellationToken.None);
        }

        public IReadOnlyList<Issue> Judge(ReadOnlyMemory<byte> json, IReadOnlyList<string> profiles) =>
            judge(Encoding.UTF8.GetString(json.Span));

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (log) log.AppendLine(formatter(state, exception));
        }

        bool ILogger.IsEnabled(LogLevel logLevel) => true;
        IDisposable? ILogger.BeginScope<TState>(TState state) => null;

        public void Dispose()
        {
            opinions.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
            opinions.Dispose();
            listener.Dispose();
            services.Dispose();
        }
    }
}
