using YamlDotNet.RepresentationModel;

namespace FhirCarePlan.Sharing;

/// <summary>Where the words of a file stand. A part of a protocol knows the line it begins on; this finds the line and column of a word
/// within that part.</summary>
internal sealed class Places
{
    private readonly YamlNode root;
    private readonly Dictionary<int, YamlNode> parts = [];

    public Places(YamlNode root)
    {
        this.root = root;
        Collect(root);
    }

    /// <param name="line">The line on which a part begins; 1 for the file.</param>
    /// <param name="word">A key or a value within the part, `key>word` for one below a key of it; null for the part itself.</param>
    public (int Line, int Column) Of(int line, string? word)
    {
        if (!parts.TryGetValue(line, out var part))
        {
            if (line > 1) return (line, 0);
            part = root;
        }
        var found = word is null ? null : Find(part, word);
        return found is not null ? At(found) : line == 1 ? (1, 1) : At(First(part));
    }

    private static YamlNode? Find(YamlNode part, string word)
    {
        if (word.IndexOf('>', StringComparison.Ordinal) is > 0 and var at && part is YamlMappingNode map
            && map.Children.TryGetValue(word[..at], out var below))
            (part, word) = (below, word[(at + 1)..]);
        return part.AllNodes.OfType<YamlScalarNode>().FirstOrDefault(n => n.Value == word);
    }

    /// <summary>A list begins where its first item does.</summary>
    private static YamlNode First(YamlNode part) =>
        part is YamlSequenceNode { Children: [YamlMappingNode item, ..] } && item.Start.Line == part.Start.Line ? item : part;

    public static (int Line, int Column) At(YamlNode node) => ((int)node.Start.Line, (int)node.Start.Column);

    /// <summary>The outermost part that begins on each line.</summary>
    private void Collect(YamlNode node)
    {
        if (node is YamlScalarNode) return;
        parts.TryAdd((int)node.Start.Line, node);
        foreach (var child in node is YamlMappingNode map ? map.Children.Select(c => c.Value) : ((YamlSequenceNode)node).Children)
            Collect(child);
    }
}
