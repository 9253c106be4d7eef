using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.OpenApi;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server;

/// <summary>Where the parts are put together: what each is made of, in one place.</summary>
public static class Services
{
    public static void AddFhirCarePlan(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Clock.Clock);
        services.AddSingleton(TypesOf(settings));
        services.AddSingleton(new SizeLimits());
        services.AddSingleton(_ => new ProfileFiles(settings.Profiles));
        services.AddSingleton<SearchParameters>();
        services.AddSingleton(_ => LoadProtocol(settings));
        services.AddSingleton<Pipeline>();
        services.AddSingleton(CapabilitiesOf);
        AddHttp(services, settings);
    }

    /// <summary>Before the port opens: whatever must be true of the data when the first request comes (bits, labels, samples).</summary>
    /// <exception cref="StartRefused">The server cannot run on these settings or data.</exception>
    public static Task Prepare(IServiceProvider services, CancellationToken cancel)
    {
        _ = services.GetRequiredService<Protocol>();
        return Task.CompletedTask;
    }

    private static void AddHttp(IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton<RequestReader>();
        services.AddSingleton<FhirEndpoint>();
        services.AddTokens(settings.Authentication);
        services.AddSingleton<Personas>();
        services.AddFhirDocument();
    }

    private static StoredTypes TypesOf(ServerSettings settings)
    {
        try
        {
            return new StoredTypes(settings.Types);
        }
        catch (ArgumentException unknown)
        {
            throw new StartRefused(unknown.Message);
        }
    }

    private static Protocol LoadProtocol(ServerSettings settings) => throw new StartRefused($"The protocol {settings.Protocols} cannot be loaded");

    private static Capabilities CapabilitiesOf(IServiceProvider services)
    {
        var parameters = services.GetRequiredService<SearchParameters>();
        return new(new CapabilityFacts(
            services.GetRequiredService<StoredTypes>().All,
            parameters.For,
            services.GetRequiredService<ProfileFiles>().Of,
            services.GetRequiredService<SizeLimits>(),
            services.GetRequiredService<Protocol>().Parties.Any(p => p.ClientIds),
            services.GetRequiredService<TimeProvider>().GetUtcNow()));
    }
}

/// <summary>Why the server does not start, in a sentence for whoever runs it. It ends the process with exit code 1.</summary>
public sealed class StartRefused(string sentence) : Exception(sentence);
