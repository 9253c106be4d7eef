namespace FhirCarePlan.Server.Authentication;

/// <summary>Asks the provider for its document when the server has started, so that no request has to wait for it. The start does not wait
/// either, and a provider that does not answer is asked again by the first token.</summary>
internal sealed class ProviderWarmth(ITokenProvider provider, TokenFaults faults, ILogger<ProviderWarmth> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (provider.Document is not { } document) return;
        try
        {
            await document.GetConfigurationAsync(stoppingToken);
        }
        catch (Exception unreachable) when (!stoppingToken.IsCancellationRequested)
        {
            faults.NoteAway(log, unreachable);
        }
    }
}
