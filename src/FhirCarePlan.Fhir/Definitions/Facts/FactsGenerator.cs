using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>Turns the official R4 definitions into one file of facts: NDJSON, one line for each type, code system, value set, search
/// parameter, compartment, profile and concept map, each kind in a section of its own. Every line begins with its kind and key (`{"resource":"CarePlan"`): <see
/// cref="FactsFile"/> reads no more until a line is needed. The same input gives the same bytes.</summary>
public static class FactsGenerator
{
    /// <param name="folder">Holds `StructureDefinition.ndjson.gz`, `ValueSet.ndjson.gz` and so on, one resource a line (npm
    /// `hl7.fhir.r4.examples@4.0.1`).</param>
    public static byte[] Generate(string folder)
    {
        var types = new FactLines();
        var structures = DefinitionFile.Read(folder, "StructureDefinition");
        TypeFacts.Write(structures, types);
        var terminology = new Terminology(DefinitionFile.Read(folder, "CodeSystem"), DefinitionFile.Read(folder, "ValueSet"));
        var (codeSystems, valueSets) = (new FactLines(), new FactLines());
        TerminologyFacts.WriteCodeSystems(terminology, codeSystems);
        TerminologyFacts.WriteValueSets(terminology, valueSets);
        var searchParameters = new FactLines();
        SearchFacts.Write(DefinitionFile.Read(folder, "SearchParameter"), searchParameters);
        var compartments = new FactLines();
        CompartmentFacts.Write(DefinitionFile.Read(folder, "CompartmentDefinition"), compartments);
        var (profiles, concepts) = (new FactLines(), new FactLines());
        ProfileFacts.Write(structures, profiles);
        ConceptFacts.Write(terminology, concepts);

        var maps = new FactLines();
        ConceptMapFacts.Write(DefinitionFile.Read(folder, "ConceptMap"), maps);

        FactLines[] sections = [types, codeSystems, valueSets, searchParameters, compartments, profiles, concepts, maps];
        var file = new FactLines();
        file.Add(json =>
        {
            json.WriteStartObject();
            json.WriteString("facts", "R4 4.0.1");
            json.WriteStartArray("sections");
            foreach (var section in sections) json.WriteNumberValue(section.Bytes.Length);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        foreach (var section in sections) file.Add(section);
        return file.Bytes.ToArray();
    }
}

/// <summary>Lines of JSON, in the order they are added.</summary>
internal sealed class FactLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 20);

    public ReadOnlySpan<byte> Bytes => buffer.WrittenSpan;

    public void Add(Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        buffer.Write("\n"u8);
    }

    public void Add(FactLines others) => buffer.Write(others.Bytes);
}
