using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Telemetry;

/// <summary>Metrics, traces and logs say how the server does, and nothing about anybody: no address, no id, no content.</summary>
public sealed class TelemetryTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static readonly string[] Forbidden = ["robin", "Patient/", "patient=", "Unity", "fhir/CarePlan/robin-plan", "never-was-one", "eyJ"];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Work(ServerProcess server)
    {
        var client = await server.As("care-coordinator");
        var read = await client.Send("GET", "CarePlan/robin-plan", null, null, $"traceparent: 00-{Trace}-00f067aa0ba902b7-01", "tracestate: who=robin");
        Assert.Equal(200, read.Status);
        Assert.Equal(404, (await client.Send("GET", "CarePlan/never-was-one")).Status);
        Assert.Equal(200, (await client.Send("GET", "Observation?patient=Patient/robin&_count=2")).Status);
        Assert.Equal(404, (await client.Send("GET", "robin/is/nowhere")).Status);
    }

    [Fact]
    public async Task Prometheus_is_answered_at_its_own_port_and_nothing_else_is()
    {
        var port = FreePort();
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Telemetry:Prometheus"] = $"http://127.0.0.1:{port}" });
        await Work(server);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Matches("""fhir_requests_seconds_count\{[^}]*interaction="read"[^}]*status="200"[^}]*type="CarePlan"[^}]*\} 1""", metrics);
        Assert.Contains("store_free", metrics, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration", metrics, StringComparison.Ordinal);
        foreach (var word in Forbidden) Assert.DoesNotContain(word, metrics, StringComparison.Ordinal);
        foreach (var url in (string[])["/", "/health", "/fhir/metadata", "/swagger/index.html"]) Assert.Equal(404, (int)(await client.GetAsync(url)).StatusCode);
        Assert.Equal(404, (int)(await server.Anonymous.GetAsync("metrics")).StatusCode);
        // The name that a caller gives changes nothing.
        Assert.Equal(404, (await (await server.As("gp")).Send("GET", "../metrics", null, null, $"Host: 127.0.0.1:{port}")).Status);
    }

    [Fact]
    public async Task A_collector_gets_traces_and_metrics_without_addresses_or_ids()
    {
        using var collector = new HttpListener();
        var port = FreePort();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        var heard = new StringBuilder();
        var listening = Listen(collector, heard);
        await using var server = await ServerProcess.Start(through:
            ["env", $"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{port}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=200", "OTEL_METRIC_EXPORT_INTERVAL=500"]);
        await Work(server);
        for (var tries = 0; !(Heard(heard, "/v1/traces") && Heard(heard, "read CarePlan") && Heard(heard, "commit") && Heard(heard, "/v1/metrics") && Heard(heard, "fhir.requests")); tries++)
        {
            Assert.True(tries < 200, heard.ToString());
            await Task.Delay(100);
        }
        // The caller's trace goes on.
        Assert.True(Heard(heard, Encoding.Latin1.GetString(Convert.FromHexString(Trace))));
        foreach (var word in Forbidden) Assert.False(Heard(heard, word), word);
        collector.Stop();
        await listening;
    }

    private static bool Heard(StringBuilder heard, string words)
    {
        lock (heard) return heard.ToString().Contains(words, StringComparison.Ordinal);
    }

    private static async Task Listen(HttpListener collector, StringBuilder heard)
    {
        while (collector.IsListening)
            try
            {
                var context = await collector.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                var body = await reader.ReadToEndAsync();
                lock (heard) heard.Append(context.Request.Url!.AbsolutePath).Append(body);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
    }

    [Fact]
    public async Task Logs_are_lines_of_JSON_with_the_correlation_and_without_content()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string>
        {
            ["Telemetry:Logs"] = "Json", ["Storage:Engine"] = "Sqlite", ["Logging:LogLevel:Default"] = "Debug", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
        });
        await Work(server);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(server.DataFolder, "test.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE version SET body = X'7B7D' WHERE no = (SELECT version FROM resource WHERE id = 'robin-plan')";
            command.ExecuteNonQuery();
        }
        var damaged = await (await server.As("care-coordinator")).Send("GET", "CarePlan/robin-plan");
        Assert.Equal(500, damaged.Status);
        for (var tries = 0; !server.Output.Contains("is damaged", StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 100, server.Output);
            await Task.Delay(50);
        }
        var lines = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line.StartsWith('{')).ToList();
        Assert.True(lines.Count > 10, server.Output);
        var entries = lines.ConvertAll(line => JsonNode.Parse(line)!.AsObject());
        var entry = Assert.Single(entries, e => ((string?)e["message"])?.Contains("is damaged", StringComparison.Ordinal) == true);
        Assert.Equal((damaged.Header("X-Correlation-Id"), "Error", "FhirCarePlan.Server.Requests.Pipeline"), ((string?)entry["correlation"], (string?)entry["level"], (string?)entry["category"]));
        foreach (var word in Forbidden) Assert.DoesNotContain(lines, line => line.Contains(word, StringComparison.Ordinal));
    }
}
