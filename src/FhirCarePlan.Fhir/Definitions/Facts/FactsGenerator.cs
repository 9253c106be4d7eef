using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>Turns the official R4 definitions into one facts-only file: NDJSON, no prose, one line per type, value set, code system,
/// search parameter and compartment. Every line begins with its kind and key (`{"resource":"CarePlan"`), which is all that
/// <see cref="FactsFile"/> reads before a line is needed. The same input gives the same bytes.</summary>
public static class FactsGenerator
{
    /// <param name="folder">Holds `StructureDefinition.ndjson.gz`, `ValueSet.ndjson.gz` and so on, one resource a line (npm `hl7.fhir.r4.examples@4.0.1`).</param>
    public static byte[] Generate(string folder)
    {
        var lines = new FactLines();
        TypeFacts.Write(DefinitionFile.Read(folder, "StructureDefinition"), lines);
        var terminology = new Terminology(DefinitionFile.Read(folder, "CodeSystem"), DefinitionFile.Read(folder, "ValueSet"));
        TerminologyFacts.Write(terminology, lines);
        SearchFacts.Write(DefinitionFile.Read(folder, "SearchParameter"), lines);
        CompartmentFacts.Write(DefinitionFile.Read(folder, "CompartmentDefinition"), lines);
        return lines.ToArray();
    }
}

/// <summary>The lines of the facts file, in the order they are added.</summary>
internal sealed class FactLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 20);

    public void Add(Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        buffer.Write("\n"u8);
    }

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();
}
