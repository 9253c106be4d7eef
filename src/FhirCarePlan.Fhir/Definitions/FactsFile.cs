using System.Text;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>The embedded facts, indexed by the kind and key each line begins with; a line is parsed when its subject is first asked for.
/// The bytes stay where the loader mapped them.</summary>
internal sealed class FactsFile
{
    private static readonly Lazy<FactsFile> Loaded = new(Open);

    public static FactsFile Embedded => Loaded.Value;

    public Dictionary<string, FactLine> Types { get; } = new(256);
    public Dictionary<string, FactLine> CodeSystems { get; } = new(1200);
    public Dictionary<string, FactLine> ValueSets { get; } = new(1400);
    public Dictionary<string, FactLine> Compartments { get; } = [];
    public List<FactLine> SearchParameters { get; } = new(1400);

    private static unsafe FactsFile Open()
    {
        var stream = typeof(FactsFile).Assembly.GetManifestResourceStream("r4.facts.ndjson")
            ?? throw new InvalidOperationException("r4.facts.ndjson is not embedded; make it with the server's command `facts`");
        var file = new FactsFile();
        // The runtime keeps an assembly's resources mapped as long as the process lives.
        var start = ((UnmanagedMemoryStream)stream).PositionPointer;
        for (var rest = new ReadOnlySpan<byte>(start, checked((int)stream.Length)); !rest.IsEmpty;)
        {
            var length = rest.IndexOf((byte)'\n');
            file.Add(new FactLine(start, length));
            start += length + 1;
            rest = rest[(length + 1)..];
        }
        return file;
    }

    private void Add(FactLine line)
    {
        // {"resource":"CarePlan",...
        var text = line.Text[2..];
        var kind = text[..text.IndexOf((byte)'"')];
        var key = text[(kind.Length + 3)..];
        key = key[..key.IndexOf((byte)'"')];
        if (kind.SequenceEqual("search"u8)) SearchParameters.Add(line);
        else (kind switch
        {
            [(byte)'s', ..] => ValueSets,
            [(byte)'c', (byte)'o', (byte)'d', ..] => CodeSystems,
            [(byte)'c', (byte)'o', (byte)'m', (byte)'p', (byte)'a', ..] => Compartments,
            _ => Types,
        }).Add(Encoding.UTF8.GetString(key), line);
    }
}

internal readonly unsafe struct FactLine(byte* start, int length)
{
    private readonly byte* start = start;

    public ReadOnlySpan<byte> Text => new(start, length);

    /// <summary>How the line begins, which says its kind.</summary>
    public bool Is(ReadOnlySpan<byte> beginning) => Text.StartsWith(beginning);
}
