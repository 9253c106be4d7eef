using System.Net;

namespace FhirCarePlan.Server.Settings;

/// <summary>`Server:KnownProxies`: addresses and networks whose `X-Forwarded-…` headers are believed. None by default: a sender who may set
/// them decides who is asking and by which name.</summary>
public sealed record ProxySettings(IReadOnlyList<IPAddress> Addresses, IReadOnlyList<IPNetwork> Networks)
{
    public bool AreKnown => Addresses.Count + Networks.Count > 0;

    internal static ProxySettings Read(SettingsReader read)
    {
        var (addresses, networks) = (new List<IPAddress>(), new List<IPNetwork>());
        foreach (var text in read.List("Server:KnownProxies") ?? [])
            if (IPAddress.TryParse(text, out var address)) addresses.Add(address);
            else if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else read.Fault($"Setting Server:KnownProxies has `{text}`; it must be an address such as `10.0.0.7` or a network such as "
                + $"`10.0.0.0/24`");
        return new(addresses, networks);
    }
}
