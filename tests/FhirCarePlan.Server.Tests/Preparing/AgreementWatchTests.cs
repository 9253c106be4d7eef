using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Preparing;
using FhirCarePlan.Sharing;
using Microsoft.Extensions.Logging;
using Agreement = FhirCarePlan.Server.Tests.Authentication.Agreement;

namespace FhirCarePlan.Server.Tests.Preparing;

/// <summary>The log says when the agreement is not in force, once, and again when that changes.</summary>
public class AgreementWatchTests
{
    private readonly HandClock clock = new(new DateTimeOffset(2030, 6, 15, 12, 0, 0, TimeSpan.Zero));
    private readonly Lines lines = new();

    private AgreementWatch Watch(DateOnly from, DateOnly to)
    {
        var agreement = Agreement.Standard with { Effective = new Effective(from, to, null, 1) };
        agreement = agreement with { Signatures = [.. agreement.Parties.Select(p => new Signature(p.Id, "N", "R", new(2020, 1, 1), agreement.Hash, 0))] };
        return new AgreementWatch(new AgreementNow(agreement, clock), clock, lines);
    }

    private string[] Said(AgreementWatch watch, int days)
    {
        lines.All.Clear();
        clock.Now = clock.Now.AddDays(days);
        watch.Look();
        watch.Look();
        return [.. lines.All];
    }

    [Fact]
    public void It_says_when_it_begins_and_ends_and_nothing_between()
    {
        var watch = Watch(new(2030, 6, 20), new(2030, 9, 1));
        Assert.Contains("IS NOT IN FORCE (not-yet)", Assert.Single(Said(watch, 0)), StringComparison.Ordinal);
        Assert.Empty(Said(watch, 1));
        Assert.StartsWith("Warning The sharing agreement", Assert.Single(Said(watch, 4)), StringComparison.Ordinal);
        Assert.Empty(Said(watch, 10));
        var last = Assert.Single(Said(watch, 80));
        Assert.StartsWith("Critical THE SHARING AGREEMENT", last, StringComparison.Ordinal);
        Assert.Contains("ended on 1 September 2030", last, StringComparison.Ordinal);
    }

    [Fact]
    public void It_warns_once_a_day_that_the_end_is_near()
    {
        var watch = Watch(new(2030, 1, 1), new(2030, 6, 30));
        Assert.Contains("ends on 2030-06-30, in 15 days", Assert.Single(Said(watch, 0)), StringComparison.Ordinal);
        Assert.Contains("in 14 days", Assert.Single(Said(watch, 1)), StringComparison.Ordinal);
        Assert.Empty(Said(Watch(new(2030, 1, 1), new(2031, 1, 1)), 0));
    }

    [Fact]
    public void Each_is_told_what_is_theirs_to_know()
    {
        var agreement = Agreement.Standard with { Status = ProtocolStatus.Suspended };
        var now = new AgreementNow(agreement, clock);
        var staff = new Caller { Issuer = "dev", Client = "gp", Subject = "gp", Party = "practice" };
        Assert.Contains("you see only what practice holds itself", now.ToCaller(staff), StringComparison.Ordinal);
        Assert.Contains("You still see your own record", now.ToCaller(staff with { Patient = "Patient/x" }), StringComparison.Ordinal);
        Assert.Null(now.ToCaller(staff with { Party = null }));
        Assert.Contains("SHA-256", now.Notice(staff, isGovernance: true)!.Text, StringComparison.Ordinal);
        Assert.Null(new AgreementNow(agreement with { Status = ProtocolStatus.Active, Parties = [] }, clock).Notice(staff, false));
    }

    private sealed class Lines : ILogger<AgreementWatch>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add($"{logLevel} {formatter(state, exception)}");
    }
}
