using System.Net;

namespace FhirCarePlan.Client;

/// <summary>Sends again what is safe to send again. 429 means that nothing was done, so anything may be repeated. After 502, 503, 504 and a
/// broken connection nobody knows what was done, so only reads are. `Retry-After` counts (RFC 9110, 10.2.3), up to a limit; else the pause
/// doubles.</summary>
internal sealed class RetryHandler(TimeProvider clock) : DelegatingHandler
{
    private const int Attempts = 4;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250), Longest = TimeSpan.FromSeconds(60);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content != null) await request.Content.LoadIntoBufferAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? answer = null;
            try
            {
                answer = await base.SendAsync(request, cancellationToken);
                if (attempt == Attempts || !MayRepeat(request, answer)) return answer;
            }
            catch (HttpRequestException) when (attempt < Attempts && IsRead(request))
            {
                // The connection broke: a read is asked again.
            }
            var pause = Pause(answer, attempt);
            // Longer than we are ready to wait: the caller is told what the server said.
            if (answer != null && pause > Longest) return answer;
            answer?.Dispose();
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private static bool IsRead(HttpRequestMessage request) => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;

    private static bool MayRepeat(HttpRequestMessage request, HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => true,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => IsRead(request),
        _ => false,
    };

    private TimeSpan Pause(HttpResponseMessage? answer, int attempt)
    {
        var asked = answer?.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null;
        if (asked is { } wait) return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        return First * Math.Pow(2, attempt - 1);
    }
}
