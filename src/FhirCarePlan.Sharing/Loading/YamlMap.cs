using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace FhirCarePlan.Sharing;

/// <summary>A YAML mapping read strictly: its shape lists the keys, and any other key is an error with its line. A missing or malformed
/// value is reported and read as a harmless default, so that one reading finds all faults.</summary>
internal sealed class YamlMap
{
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);
    private readonly ProtocolReport report;
    private readonly string shape;
    private readonly (int Line, int Column) place;
    private readonly YamlNode? node;

    /// <param name="shape">A name of ProtocolShapes; null for a mapping whose keys are names of the author's own (`purposes`,
    /// `categories`).</param>
    /// <param name="parent">Where the mapping would be, if there is none.</param>
    public YamlMap(YamlNode? node, string? shape, ProtocolReport report, (int Line, int Column) parent = default)
    {
        (this.node, this.report, this.shape, place) = (node, report, shape ?? "mapping", parent);
        if (node is null) return;
        (place, Line) = (Places.At(node), LineOf(node));
        if (node is not YamlMappingNode map)
        {
            report.ErrorAt("yaml-shape", Places.At(node), $"Found {Kind(node)} where a mapping is expected.",
                $"Write `key: value` pairs of `{this.shape}`.");
            return;
        }
        var allowed = shape is null ? null : ProtocolShapes.Keys[shape];
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } name })
                report.ErrorAt("yaml-shape", Places.At(key), "Found a key that is not a word.", "Keys are plain words.");
            else if (allowed is not null && !allowed.Contains(name))
                report.ErrorAt("unknown-key", Places.At(key), $"`{name}` is not a key of `{shape}`.",
                    $"Allowed: {string.Join(", ", allowed)}.");
            else
                values[name] = value;
        }
    }

    public int Line { get; }
    public IEnumerable<string> Keys => values.Keys;

    public bool Has(string key) => values.ContainsKey(key);
    public YamlNode? Node(string key) => values.GetValueOrDefault(key);
    public (int Line, int Column) PlaceOf(string key) => values.TryGetValue(key, out var node) ? Places.At(node) : place;
    public int LineOf(string key) => values.TryGetValue(key, out var node) ? LineOf(node) : Line;
    public YamlMap Map(string key, string? shape) => new(Node(key), shape, report, place);

    public string? Text(string key) => Node(key) is { } node ? ScalarOf(node, key) : null;

    public string Required(string key)
    {
        if (Text(key) is { Length: > 0 } text) return text;
        Missing(key);
        return "";
    }

    public void Missing(string key)
    {
        var last = node?.AllNodes.Max(LineOf) ?? Line;
        if (!report.IsTornBetween(Line, last)) report.ErrorAt("missing-key", place, $"`{key}` of `{shape}` is missing.", "State it.");
    }

    public bool Flag(string key, bool otherwise) => Text(key) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        var other => Fault(key, $"`{other}` is neither `true` nor `false`.", otherwise),
    };

    public DateOnly? Date(string key) => Text(key) switch
    {
        null => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date,
        var other => Fault<DateOnly?>(key, $"`{other}` is not a date.", null, "Write 2026-01-31."),
    };

    /// <summary>`4h`, `72h`, `2d`, `30m`.</summary>
    public TimeSpan? Span(string key)
    {
        if (Text(key) is not { } text) return null;
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 100_000)
            switch (text[^1])
            {
                case 'm': return TimeSpan.FromMinutes(count);
                case 'h': return TimeSpan.FromHours(count);
                case 'd': return TimeSpan.FromDays(count);
            }
        return Fault<TimeSpan?>(key, $"`{text}` is not a span of time.", null, "Write 30m, 4h or 2d.");
    }

    public T Choice<T>(string key, T otherwise, IReadOnlyDictionary<string, T> choices)
    {
        if (Text(key) is not { } text) return otherwise;
        return choices.TryGetValue(text, out var value)
            ? value : Fault(key, $"`{text}` is not allowed for `{key}`.", otherwise, $"Allowed: {string.Join(", ", choices.Keys)}.");
    }

    /// <summary>A list of mappings; an absent key is an empty list.</summary>
    public IEnumerable<YamlMap> Maps(string key, string shape)
    {
        foreach (var item in ItemsOf(Node(key), key)) yield return new YamlMap(item, shape, report);
    }

    /// <summary>A word or a list of words.</summary>
    public IReadOnlyList<string> Words(string key)
    {
        if (Node(key) is not { } node) return [];
        if (node is YamlScalarNode) return ScalarOf(node, key) is { Length: > 0 } word ? [word] : [];
        var words = new List<string>();
        foreach (var item in ItemsOf(node, key))
            if (ScalarOf(item, key) is { Length: > 0 } word)
            {
                if (words.Contains(word)) Fault(key, $"`{word}` is listed twice in `{key}`.", false, "Say it once.");
                words.Add(word);
            }
        return words;
    }

    /// <summary>`all`, a word or a list of words.</summary>
    public Names Names(string key, Names otherwise) =>
        Node(key) is null ? otherwise : Words(key) is ["all"] ? Sharing.Names.All : Sharing.Names.Of(Words(key));

    private IEnumerable<YamlNode> ItemsOf(YamlNode? node, string key)
    {
        if (node is null) return [];
        if (node is YamlSequenceNode list) return list.Children;
        report.ErrorAt("yaml-shape", Places.At(node), $"Found {Kind(node)} where `{key}` is a list.", "Write a list.");
        return [];
    }

    private string? ScalarOf(YamlNode node, string key)
    {
        if (node is YamlScalarNode scalar) return scalar.Value ?? "";
        report.ErrorAt("yaml-shape", Places.At(node), $"Found {Kind(node)} where `{key}` is a single value.", "Write one value.");
        return null;
    }

    private T Fault<T>(string key, string text, T otherwise, string mend = "Correct it.")
    {
        report.ErrorAt("bad-value", PlaceOf(key), text, mend);
        return otherwise;
    }

    /// <summary>YAML as plain values: string, list, dictionary.</summary>
    public static object? Plain(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value,
        YamlSequenceNode list => list.Children.Select(Plain).ToList(),
        YamlMappingNode map => map.Children.ToDictionary(p => (p.Key as YamlScalarNode)?.Value ?? "", p => Plain(p.Value)),
        _ => null,
    };

    private static int LineOf(YamlNode node) => (int)node.Start.Line;
    private static string Kind(YamlNode node) =>
        node switch { YamlScalarNode => "a single value", YamlSequenceNode => "a list", _ => "a mapping" };
}
