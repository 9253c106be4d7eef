using System.Diagnostics;
using System.Security.Cryptography;

namespace FhirCarePlan.Server.Requests;

/// <summary>How long one request begins again after another write came first: until it succeeds, or a few seconds have passed.</summary>
internal sealed class Tries(Turns turns) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private const int MostPause = 64;

    private readonly long begun = Stopwatch.GetTimestamp();
    private IDisposable? turn;
    private int count;

    private TimeSpan Left => Longest - Stopwatch.GetElapsedTime(begun);

    /// <summary>False: others take turns at it, and this one was waiting for its own meanwhile. What was decided before is old.</summary>
    public async ValueTask<bool> IsFree(string? place, CancellationToken cancel)
    {
        if (turn != null || place is null || !turns.IsTaken(place)) return true;
        await TakeTurn(place, cancel);
        return false;
    }

    public async ValueTask TakeTurn(string? place, CancellationToken cancel)
    {
        if (turn == null && place != null && Left is var left && left > TimeSpan.Zero) turn = await turns.Take(place, left, cancel);
    }

    /// <summary>False when the time is over. Without a turn it waits a little first, so that a crowd thins out.</summary>
    public async ValueTask<bool> Again(CancellationToken cancel)
    {
        if (Left <= TimeSpan.Zero) return false;
        if (++count > 1 && turn == null) await Task.Delay(RandomNumberGenerator.GetInt32(1, Math.Min(MostPause, 1 << Math.Min(count, 10))), cancel);
        return true;
    }

    public void Dispose() => turn?.Dispose();
}
