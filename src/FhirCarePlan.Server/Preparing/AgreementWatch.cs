using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Preparing;

/// <summary>Says in the log when the agreement is not in force, at the start and when that changes while the server runs; and once a day that
/// its end is near.</summary>
public sealed class AgreementWatch(AgreementNow agreement, TimeProvider clock, ILogger<AgreementWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private AgreementState? said;
    private DateOnly warned;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (; ; await Task.Delay(Every, stoppingToken)) Look();
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <summary>One look; says nothing that it has said already.</summary>
    internal void Look()
    {
        var (state, canonical) = (agreement.Status.State, agreement.Protocol.Canonical);
        if (state != said)
        {
            if (agreement.Alarm is { } alarm) log.NotInForce(canonical, AgreementNow.Code(state), alarm);
            else if (said != null) log.InForceAgain(canonical);
        }
        said = state;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (agreement.DaysLeft is not { } days || warned == today) return;
        warned = today;
        log.EndIsNear(canonical, agreement.Protocol.Effective.To, days);
    }
}

internal static partial class AgreementLog
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "THE SHARING AGREEMENT {Canonical} IS NOT IN FORCE ({State}). {Alarm}")]
    public static partial void NotInForce(this ILogger log, string canonical, string state, string alarm);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sharing agreement {Canonical} is in force")]
    public static partial void InForceAgain(this ILogger log, string canonical);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The sharing agreement {Canonical} ends on {Last:yyyy-MM-dd}, in {Days} days; after that nothing is shared between organisations")]
    public static partial void EndIsNear(this ILogger log, string canonical, DateOnly last, int days);
}
