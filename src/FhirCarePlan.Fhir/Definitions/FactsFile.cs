using System.Buffers;
using System.Text;
using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>The sections of the facts file, in the order of the file.</summary>
internal enum FactKind { Types, CodeSystems, ValueSets, SearchParameters, Compartments, Profiles, Concepts, ConceptMaps }

/// <summary>The embedded facts: one line each, in sections of one kind. The first line gives the sections' lengths. A section is indexed
/// when first needed, by the key its lines begin with; a line is parsed when somebody asks for its subject. The bytes stay where the loader
/// mapped them.</summary>
internal static class FactsFile
{
    private static readonly Lazy<FactLine[]> Sections = new(Open);
    private static readonly Lazy<Dictionary<string, FactLine>>[] Indexes =
        [.. Enum.GetValues<FactKind>().Select(kind => new Lazy<Dictionary<string, FactLine>>(() => Index(Sections.Value[(int)kind])))];

    /// <summary>The lines of a kind by key, in the order of the file.</summary>
    public static Dictionary<string, FactLine> Lines(FactKind kind) => Indexes[(int)kind].Value;

    private static unsafe FactLine[] Open()
    {
        var stream = typeof(FactsFile).Assembly.GetManifestResourceStream("r4.facts.ndjson")
            ?? throw new InvalidOperationException("r4.facts.ndjson is not embedded; make it with the server's command `facts`");
        // The runtime keeps an assembly's resources mapped as long as the process lives.
        var start = ((UnmanagedMemoryStream)stream).PositionPointer;
        var header = new ReadOnlySpan<byte>(start, (int)stream.Length);
        header = header[..header.IndexOf((byte)'\n')];
        start += header.Length + 1;
        // {"facts":"R4 4.0.1","sections":[430123,180567,…]}
        var json = new Utf8JsonReader(header);
        while (json.TokenType != JsonTokenType.StartArray) json.Read();
        var sections = new List<FactLine>();
        while (json.Read() && json.TokenType == JsonTokenType.Number)
        {
            sections.Add(new FactLine(start, json.GetInt32()));
            start += json.GetInt32();
        }
        return [.. sections];
    }

    private static Dictionary<string, FactLine> Index(FactLine section)
    {
        var lines = new Dictionary<string, FactLine>(256);
        for (var at = 0; at < section.Text.Length;)
        {
            var line = section.Part(at, section.Text[at..].IndexOf((byte)'\n'));
            // {"resource":"CarePlan", …
            var key = line.Text[(line.Text.IndexOf((byte)':') + 2)..];
            lines.Add(Encoding.UTF8.GetString(key[..key.IndexOf((byte)'"')]), line);
            at += line.Text.Length + 1;
        }
        return lines;
    }
}

/// <summary>A line, or a section of lines. It is a class because the runtime would compile a dictionary of structs again at every
/// start.</summary>
internal sealed unsafe class FactLine(byte* start, int length)
{
    private readonly byte* start = start;

    public ReadOnlySpan<byte> Text => new(start, length);

    public FactLine Part(int at, int partLength) => new(start + at, partLength);

    /// <summary>A part as memory, without a copy: the mapping lasts as long as the process.</summary>
    public ReadOnlyMemory<byte> Memory(int at, int partLength) => new Mapped(start + at, partLength).Memory;

    private sealed class Mapped(byte* start, int length) : MemoryManager<byte>
    {
        private readonly byte* start = start;

        public override Span<byte> GetSpan() => new(start, length);
        public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);
        public override void Unpin() { }
        protected override void Dispose(bool disposing) { }
    }
}
