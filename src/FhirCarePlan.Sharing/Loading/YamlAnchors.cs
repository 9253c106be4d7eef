using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FhirCarePlan.Sharing;

/// <summary>Reports anchors and aliases and takes them out before a tree is made: followed, a few lines of them grow without bounds. For
/// the same reason it refuses parts nested too deep.</summary>
internal sealed class YamlAnchors(ProtocolReport report)
{
    private const int Deepest = 50;

    private readonly HashSet<(int, int)> reported = [];

    /// <exception cref="YamlException">The text is not YAML.</exception>
    public string TakeOut(string text)
    {
        StringBuilder? without = null;
        var depth = 0;
        foreach (var found in Events(text))
        {
            depth += found.NestingIncrease;
            if (depth > Deepest) throw new YamlException(found.Start, found.End, $"Parts are nested more than {Deepest} deep.");
            if (found is not (AnchorAlias or NodeEvent { Anchor.IsEmpty: false })) continue;
            var place = ((int)found.Start.Line, (int)found.Start.Column);
            if (reported.Add(place))
                report.ErrorAt("yaml-anchor", place, "Anchors and aliases are not supported.",
                    "Write it out, so that parties read what they sign in its place.");
            without ??= new StringBuilder(text);
            for (var i = (int)found.Start.Index; i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not (',' or ']' or '}'); i++)
                without[i] = found is AnchorAlias && i == found.Start.Index ? '~' : ' ';
        }
        return without?.ToString() ?? text;
    }

    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static IEnumerable<ParsingEvent> Events(string text)
    {
        var parser = new Parser(new StringReader(text));
        while (Next(parser)) yield return parser.Current!;
    }

    private static bool Next(Parser parser)
    {
        var last = parser.Current?.End ?? Mark.Empty;
        try
        {
            return parser.MoveNext();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The parser's own way out of some malformed flows.
            throw new YamlException(last, last, "A bracket or a comma is missing or too many.");
        }
    }
}
