using System.Net;
using System.Runtime.CompilerServices;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace FhirCarePlan.Client;

/// <summary>Reads and writes CPA resources. As `FhirClient` it is for one request at a time.</summary>
public sealed class CpaClient : IDisposable
{
    private const int Tries = 4;
    private readonly HttpMessageHandler handler;

    /// <param name="fhirBase">Such as `https://care.example/fhir`.</param>
    /// <param name="http">The way to the server; null for the usual one.</param>
    /// <param name="settings">Of Hl7.Fhir's client; null for JSON and whole answers to writes.</param>
    public CpaClient(Uri fhirBase, ITokenSource tokens, HttpMessageHandler? http = null, FhirClientSettings? settings = null,
        TimeProvider? clock = null)
    {
        var retry = new RetryHandler(Clock.Or(clock))
        {
            InnerHandler = http
            ?? new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All }
        };
        handler = new TokenHandler(tokens) { InnerHandler = retry };
        Fhir = new FhirClient(fhirBase, settings ?? new FhirClientSettings
        {
            PreferredFormat = ResourceFormat.Json,
            ReturnPreference = ReturnPreference.Representation,
            VerifyFhirVersion = false,
        }, handler);
    }

    /// <summary>Hl7.Fhir's client, with the same tokens and retries, for all that is not here.</summary>
    public FhirClient Fhir { get; }

    /// <exception cref="FhirOperationException">404 for what does not exist for you.</exception>
    public async Task<View<T>> Read<T>(string id, CancellationToken cancel = default) where T : Resource, new() =>
        View<T>.Of(await Fhir.ReadAsync<T>($"{new T().TypeName}/{id}", ct: cancel) ?? throw Empty());

    /// <summary>Null for what does not exist for you, now or any more.</summary>
    public async Task<View<T>?> Find<T>(string id, CancellationToken cancel = default) where T : Resource, new()
    {
        try
        {
            return await Read<T>(id, cancel);
        }
        catch (FhirOperationException absent) when (absent.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return null;
        }
    }

    /// <summary>All that match, page by page as they are asked for; included resources are left out.</summary>
    public async IAsyncEnumerable<View<T>> Search<T>(SearchParams query, [EnumeratorCancellation] CancellationToken cancel = default)
        where T : Resource, new()
    {
        for (var page = await Fhir.SearchAsync<T>(query, ct: cancel); page != null; page = await Fhir.ContinueAsync(page, ct: cancel))
            foreach (var entry in page.Entry)
                if (entry is { Resource: T match, Search.Mode: not Bundle.SearchEntryMode.Include }) yield return View<T>.Of(match);
    }

    /// <summary>What the writer may see of what was stored.</summary>
    /// <exception cref="FhirOperationException">422 for a broken rule: see `Rules`.</exception>
    public async Task<View<T>> Create<T>(T resource, CancellationToken cancel = default) where T : Resource =>
        View<T>.Of(await Fhir.CreateAsync(resource, cancel) ?? throw Empty());

    /// <summary>Stores a changed resource if nobody changed it since it was read. A part cannot be sent: storing it would lose the
    /// rest.</summary>
    /// <exception cref="FhirOperationException">412 when somebody was faster.</exception>
    public async Task<View<T>> Update<T>(Whole<T> changed, CancellationToken cancel = default) where T : Resource
    {
        if (changed.Resource.Meta?.VersionId is null)
            throw new ArgumentException("The resource has no version. Read it before you change it", nameof(changed));
        return View<T>.Of(await Fhir.UpdateAsync(changed.Resource, versionAware: true, cancel) ?? throw Empty());
    }

    /// <summary>Reads, changes and stores. If somebody was faster it begins again with what they stored, so `change` may run several
    /// times.</summary>
    /// <exception cref="PartialViewException">You see a part only and so cannot change it.</exception>
    public async Task<View<T>> Change<T>(string id, Action<T> change, CancellationToken cancel = default) where T : Resource, new()
    {
        for (var attempt = 1; ; attempt++)
        {
            var read = await Read<T>(id, cancel);
            if (read is not Whole<T> whole) throw new PartialViewException(((Partial<T>)read).Notice);
            change(whole.Resource);
            try
            {
                return await Update(whole, cancel);
            }
            catch (FhirOperationException faster) when (faster.Status == HttpStatusCode.PreconditionFailed && attempt < Tries)
            {
                // Somebody stored another version in between.
            }
        }
    }

    private static InvalidOperationException Empty() => new("The server answered without a resource");

    public void Dispose()
    {
        Fhir.Dispose();
        handler.Dispose();
    }
}
