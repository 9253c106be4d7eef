using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>Writes the Parameters that an operation answers with.</summary>
internal sealed class ParametersJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> buffer = new(512);
    private readonly Utf8JsonWriter json;

    public ParametersJson()
    {
        json = new(buffer, Options);
        json.WriteStartObject();
        json.WriteString("resourceType", "Parameters");
        json.WriteStartArray("parameter");
    }

    /// <param name="kind">`valueString`, `valueCode`.</param>
    public ParametersJson Text(string name, string kind, string? value)
    {
        if (value is not { Length: > 0 }) return this;
        Begin(name);
        json.WriteString(kind, value);
        json.WriteEndObject();
        return this;
    }

    public ParametersJson Truth(string name, bool value)
    {
        Begin(name);
        json.WriteBoolean("valueBoolean", value);
        json.WriteEndObject();
        return this;
    }

    public ParametersJson Coding(string name, string? system, string code, string? display)
    {
        Begin(name);
        json.WriteStartObject("valueCoding");
        if (system != null) json.WriteString("system", system);
        json.WriteString("code", code);
        if (display is { Length: > 0 }) json.WriteString("display", display);
        json.WriteEndObject();
        json.WriteEndObject();
        return this;
    }

    public ParametersJson Parts(string name, Action<ParametersJson> write)
    {
        Begin(name);
        json.WriteStartArray("part");
        write(this);
        json.WriteEndArray();
        json.WriteEndObject();
        return this;
    }

    public Answer Done()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Dispose();
        return new Answer(AnswerKind.Ok) { Body = buffer.WrittenMemory };
    }

    private void Begin(string name)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
    }
}
