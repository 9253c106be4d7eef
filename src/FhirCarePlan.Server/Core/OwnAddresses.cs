using System.Net;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FhirCarePlan.Server.Core;

/// <summary>The addresses of this server: from the settings; in Development without them, from where the process listens. The `Host` of a
/// request is compared with them and never repeated.</summary>
public sealed class OwnAddresses(AddressSettings settings, IServiceProvider services)
{
    /// <summary>The public one and all accepted ones.</summary>
    private sealed record Known(string Public, BaseAddresses All);

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private Known? known;

    /// <summary>No slash at the end.</summary>
    public string BaseUrl => Now().Public;

    /// <summary>None before the port is open, where only listening tells.</summary>
    public BaseAddresses All => Now().All;

    public bool IsAt(HostString host) => host.HasValue && All.IsAt(host.Host, host.Port);

    private Known Now()
    {
        if (known is { } fixedNow) return fixedNow;
        if (settings.BaseUrl is { } url) return known = new Known(url, new BaseAddresses([url, .. settings.Accepted]));
        var listening = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.ToList() ?? [];
        var isStarted = services.GetService<IHostApplicationLifetime>()?.ApplicationStarted.IsCancellationRequested == true;
        var found = Of(isStarted ? listening : [.. listening.Where(a => !a.EndsWith(":0", StringComparison.Ordinal))], settings.Accepted);
        if (isStarted) known = found;
        return found;
    }

    private static Known Of(IReadOnlyList<string> listening, IReadOnlyList<string> accepted)
    {
        var all = listening.SelectMany(Names).Select(a => a + FhirBase.Path).ToList();
        return new Known(all.Count > 0 ? all[0] : Bindings.Default + FhirBase.Path, new BaseAddresses([.. all, .. accepted]));
    }

    /// <summary>This machine has several names for itself; `http://*:80` and `http://[::]:80` mean all of them.</summary>
    private static IEnumerable<string> Names(string address)
    {
        var binding = BindingAddress.Parse(address);
        var isAny = binding.Host is "*" or "+"
            || IPAddress.TryParse(binding.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        IEnumerable<string> hosts = isAny ? Loopback
            : Loopback.Contains(binding.Host) ? Loopback.Prepend(binding.Host).Distinct() : [binding.Host];
        return hosts.Select(host => $"{binding.Scheme}://{host}:{binding.Port}").Where(BaseAddresses.IsBase);
    }
}
