using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Server.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FhirCarePlan.Server.Telemetry;

/// <summary>A line of JSON for each entry of the log. Messages are our own, which hold no content; of others' entries only the pattern is
/// written, and of exceptions only their types and traces, since their words may repeat what somebody sent.</summary>
public sealed class ContentFreeJson() : ConsoleFormatter(FormatName)
{
    public const string FormatName = "content-free-json";

    private const string Ours = "FhirCarePlan", Pattern = "{OriginalFormat}";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter to)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
#pragma warning disable RS0030 // The log is about this machine's time, even where the clock of care stands still.
            json.WriteString("time", DateTimeOffset.UtcNow);
#pragma warning restore RS0030
            json.WriteString("level", entry.LogLevel.ToString());
            json.WriteString("category", entry.Category);
            if (entry.EventId.Name is { } name) json.WriteString("event", name);
            json.WriteString("message", Message(entry));
            if (Correlation.Current is { } correlation) json.WriteString("correlation", correlation);
            if (entry.Exception is { } fault)
            {
                json.WriteString("exception", fault.GetType().FullName);
                json.WriteString("trace", fault.StackTrace);
            }
            json.WriteEndObject();
        }
        to.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static string? Message<TState>(in LogEntry<TState> entry)
    {
        if (entry.Category.StartsWith(Ours, StringComparison.Ordinal)) return entry.Formatter(entry.State, null);
        if (entry.State is IReadOnlyList<KeyValuePair<string, object?>> state)
            foreach (var (key, value) in state)
                if (key == Pattern) return value as string;
        return null;
    }
}
