using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using FhirCarePlan.Care;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Commands;

/// <summary>NDJSON in, NDJSON out, in the same order; each answer is sent before the next line is read. A line that cannot be answered gets
/// an `error`, and the next one follows.</summary>
internal static class LineService
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };
    private static readonly JsonDocumentOptions Read = new() { MaxDepth = 512 };

    /// <param name="name">The property that says which line an answer belongs to; its value is repeated unchanged.</param>
    /// <param name="answer">Writes the properties after it; a LineFault that it throws is the line's error.</param>
    public static int Run(string name, Action<JsonElement, Utf8JsonWriter> answer) =>
        Run(Console.OpenStandardInput(), Console.OpenStandardOutput(), name, answer);

    public static int Run(Stream input, Stream output, string name, Action<JsonElement, Utf8JsonWriter> answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var (_, line) in InputLines.Read(input))
        {
            buffer.ResetWrittenCount();
            Answer(line, buffer, name, answer);
            buffer.Write("\n"u8);
            output.Write(buffer.WrittenSpan);
            output.Flush();
        }
        return 0;
    }

    private static void Answer(byte[] line, ArrayBufferWriter<byte> buffer, string name, Action<JsonElement, Utf8JsonWriter> answer)
    {
        string fault;
        string? id = null;
        try
        {
            if (!Utf8.IsValid(line)) throw new LineFault("The line is not valid UTF-8");
            using var document = JsonDocument.Parse(line, Read);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new LineFault("A line must be a JSON object");
            if (document.RootElement.TryGetProperty(name, out var given)) id = given.GetRawText();
            Write(buffer, name, id, json => answer(document.RootElement, json));
            return;
        }
        catch (LineFault refused)
        {
            fault = refused.Message;
        }
        catch (JsonException)
        {
            fault = "The line is not JSON";
        }
        catch (InvalidOperationException lone) when (lone.Source == "System.Text.Json")
        {
            fault = "A string in the line has half of a surrogate pair";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The last resort: a bug of ours ends this answer, not those to the other lines.
            fault = $"This failed with {e.GetType().Name}. Please report it";
        }
        buffer.ResetWrittenCount();
        Write(buffer, name, id, json => json.WriteString("error", fault));
    }

    private static void Write(ArrayBufferWriter<byte> buffer, string name, string? id, Action<Utf8JsonWriter> rest)
    {
        using var json = new Utf8JsonWriter(buffer, Written);
        json.WriteStartObject();
        json.WritePropertyName(name);
        json.WriteRawValue(id ?? "null", skipInputValidation: true);
        rest(json);
        json.WriteEndObject();
    }
}

/// <summary>Why a line cannot be answered, in a sentence.</summary>
internal sealed class LineFault(string sentence) : Exception(sentence);
