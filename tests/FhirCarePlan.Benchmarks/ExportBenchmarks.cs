using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Benchmarks;

/// <summary>How fast a store leaves by `$export`, what a core works for it, and how much memory the server holds meanwhile.</summary>
internal static class ExportBenchmarks
{
    public static async Task Run(string folder, int resources)
    {
        using var server = await StockServer.Start(Path.Combine(folder, $"organisation-{resources}"), 5996,
            [StockServer.One, "--Fhir:Types=*", "--Validation:Profiles=Declared", "--Samples:Load=false"], address => StockFill.Organisation(address, resources));
        using var http = await server.As("system");
        for (var round = 1; round <= 3; round++)
        {
            var (before, clock) = (server.Worked, Stopwatch.StartNew());
            var (lines, bytes) = await Export(http);
            Console.WriteLine($"{lines:N0} resources, {bytes / 1e6:F0} MB: {lines / clock.Elapsed.TotalSeconds:N0}/s, {lines / (server.Worked - before) * 1000:N0} for a second of processor time; {server.OwnMegabytes:F0} MB held");
        }
    }

    private static async Task<(long Lines, long Bytes)> Export(HttpClient http)
    {
        using var begin = new HttpRequestMessage(HttpMethod.Get, "$export");
        begin.Headers.Add("Prefer", "respond-async");
        using var begun = await http.SendAsync(begin);
        var manifest = JsonNode.Parse(await http.GetStringAsync(begun.Content.Headers.ContentLocation))!;
        var (lines, bytes, buffer) = (0L, 0L, new byte[1 << 20]);
        foreach (var output in manifest["output"]!.AsArray())
        {
            await using var file = await http.GetStreamAsync((string)output!["url"]!);
            for (int read; (read = await file.ReadAsync(buffer)) > 0; bytes += read) lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }
        return (lines, bytes);
    }
}
