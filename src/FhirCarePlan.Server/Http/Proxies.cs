using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace FhirCarePlan.Server.Http;

/// <summary>Behind a known proxy, the scheme, name, path and sender of a request are those that the proxy received. Other senders of such
/// headers are not believed. https://learn.microsoft.com/aspnet/core/host-and-deploy/proxy-load-balancer</summary>
public static class Proxies
{
    public static void UseProxies(this IApplicationBuilder app, ProxySettings settings)
    {
        if (!settings.AreKnown) return;
        // As many hops as there are, as long as each is known.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        // The framework would believe this machine.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var address in settings.Addresses) options.KnownProxies.Add(address);
        foreach (var network in settings.Networks) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
