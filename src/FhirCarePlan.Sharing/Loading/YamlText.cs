using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FhirCarePlan.Sharing;

/// <summary>Parses a file as far as it is YAML. At each fault it reports the line and goes on without it and what is indented below it, so
/// that one reading finds all faults.</summary>
internal static class YamlText
{
    /// <summary>A file with more is not meant to be YAML.</summary>
    private const int MostFaults = 20;
    /// <summary>Each open quote that is tried costs a reading of the whole file.</summary>
    private const int MostQuotes = 20;
    private const string Mend = "Check indentation, quotes and repeated keys.";

    /// <summary>Null when nothing of the file can be read as a mapping.</summary>
    public static YamlMappingNode? Parse(string text, ProtocolReport report)
    {
        var lines = text.Split('\n');
        var anchors = new YamlAnchors(report);
        for (var faults = 0; faults < MostFaults; faults++)
            try
            {
                return Load(anchors.TakeOut(string.Join('\n', lines)), report);
            }
            catch (YamlException error)
            {
                var line = FaultyLine(lines, error);
                if (line == 0)
                {
                    report.ErrorAt("yaml", ((int)error.Start.Line, 0), $"This is not YAML: {error.Message}", Mend);
                    return null;
                }
                report.ErrorAt("yaml", (line, line == error.Start.Line ? (int)error.Start.Column : 0), Words(lines[line - 1], error), Mend);
                Skip(lines, line - 1, report);
            }
        return null;
    }

    private static YamlMappingNode? Load(string text, ProtocolReport report)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (ArgumentException)
        {
            // The parser's own answer to some stray ends of documents. Nothing is loaded.
        }
        if (stream.Documents is not [{ RootNode: YamlMappingNode map }])
        {
            report.ErrorAt("yaml", (1, 0), "The file is not one mapping.", "One file holds one document of `key: value` pairs.");
            return null;
        }
        report.Places = new Places(map);
        return map;
    }

    /// <summary>The line to skip, 1-based; 0 for none.</summary>
    private static int FaultyLine(string[] lines, YamlException error)
    {
        var line = (int)Math.Min(error.Start.Line, lines.Length);
        // A quote that is never closed ends at the next quote, which may be far below: the fault is where going on without it gets further.
        foreach (var i in Enumerable.Range(0, line).Where(i => HasOpenQuote(lines[i])).Take(MostQuotes))
            if (Reaches(lines, without: i) > line) return i + 1;
        while (line > 0 && string.IsNullOrWhiteSpace(lines[line - 1])) line--;
        return line;
    }

    private static long Reaches(string[] lines, int without)
    {
        try
        {
            _ = YamlAnchors.Events(string.Join('\n', lines.Select((line, at) => at == without ? "" : line))).Count();
            return long.MaxValue;
        }
        catch (YamlException error)
        {
            return error.Start.Line;
        }
    }

    private static bool HasOpenQuote(string line) =>
        !line.TrimStart().StartsWith('#') && line.Replace("\\\"", "", StringComparison.Ordinal).Count(c => c == '"') % 2 == 1;

    private static string Words(string line, YamlException error) =>
        HasOpenQuote(line) ? "This is not YAML: a quotation mark is never closed."
        : line[..Depth(line)].Contains('\t', StringComparison.Ordinal)
            ? "This is not YAML: the line is indented with a tab instead of spaces."
        : $"This is not YAML: {error.Message}";

    private static void Skip(string[] lines, int at, ProtocolReport report)
    {
        var depth = Depth(lines[at]);
        do
        {
            lines[at] = "";
            report.Skip(++at);
        }
        while (at < lines.Length && !string.IsNullOrWhiteSpace(lines[at]) && Depth(lines[at]) > depth);
    }

    private static int Depth(string line) => line.Length - line.TrimStart().Length;
}
