using System.Xml.Linq;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>The `sel` of an operation: the part of XPath that RFC 5261 has. Steps down by name, `*`, `@attribute` or `text()`, each with
/// `[3]`, `[@url='x']`, `[name='x']` or, since FHIR keeps values in attributes, `[name/@value='x']`.
/// https://www.rfc-editor.org/rfc/rfc5261#section-4.1</summary>
/// <param name="operation">Its namespaces are those of the selector.</param>
internal sealed class XmlSelector(string text, XElement operation, PatchBudget budget)
{
    private int at;

    /// <summary>What is wrong with the text; null when nothing is.</summary>
    public string? Fault { get; private set; }
    public bool IsTooCostly { get; private set; }

    /// <summary>All that it selects; empty for a faulty one.</summary>
    public IReadOnlyList<XObject> Find(XDocument document)
    {
        Skip('/');
        IReadOnlyList<XObject> found = [document];
        while (Fault is null)
        {
            found = Step(found);
            if (at == text.Length || Fault != null) break;
            if (!Skip('/')) Fail();
        }
        return Fault is null && !IsTooCostly ? found : [];
    }

    private List<XObject> Step(IReadOnlyList<XObject> from)
    {
        if (Skip('@')) return Name(isElement: false) is { } attribute ? [.. Parents(from).Attributes(attribute)] : [];
        List<XObject> found;
        if (Skip("text()")) found = [.. Below(from).OfType<XText>()];
        else if (Skip('*')) found = [.. Below(from).OfType<XElement>()];
        else if (Name(isElement: true) is { } name) found = [.. Below(from).OfType<XElement>().Where(e => e.Name == name)];
        else return [];
        while (Fault is null && Skip('[')) found = Filter(found);
        return found;
    }

    private static IEnumerable<XElement> Parents(IEnumerable<XObject> from) => from.OfType<XElement>();

    private IEnumerable<XNode> Below(IEnumerable<XObject> from)
    {
        foreach (var parent in from.OfType<XContainer>())
            foreach (var child in parent.Nodes())
            {
                IsTooCostly |= !budget.Spend(16);
                if (IsTooCostly) yield break;
                yield return child;
            }
    }

    private List<XObject> Filter(List<XObject> found)
    {
        List<XObject> kept;
        if (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            var begin = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            // Positions are counted below each parent.
            kept = int.TryParse(text.AsSpan(begin, at - begin), out var position) && position > 0
                ? [.. found.GroupBy(o => o.Parent).SelectMany(g => g.Skip(position - 1).Take(1))] : [];
        }
        else
        {
            var way = Operand();
            if (!Skip('=') || Literal() is not { } literal)
            {
                Fail();
                return [];
            }
            kept = found.FindAll(o => o is XElement element && Holds(element, way, literal));
        }
        if (!Skip(']')) Fail();
        return kept;
    }

    /// <summary>Element names, and in the end perhaps an attribute's. An empty way is the element's own text.</summary>
    private sealed record Way(List<XName> Elements, XName? Attribute);

    private Way Operand()
    {
        var way = new Way([], null);
        if (Skip("text()") || Skip('.')) return way;
        do
        {
            if (Skip('@')) return way with { Attribute = Name(isElement: false) };
            if (Name(isElement: true) is not { } name) return way;
            way.Elements.Add(name);
        }
        while (Skip('/'));
        return way;
    }

    private bool Holds(XElement element, Way way, string literal)
    {
        IEnumerable<XElement> found = [element];
        foreach (var name in way.Elements) found = Below(found).OfType<XElement>().Where(e => e.Name == name).ToList();
        return way.Attribute is { } attribute
            ? found.Attributes(attribute).Any(a => a.Value == literal)
            : found.Any(e => string.Concat(e.Nodes().OfType<XText>().Select(t => t.Value)) == literal);
    }

    private string? Literal()
    {
        if (at >= text.Length || text[at] is not ('\'' or '"')) return null;
        var end = text.IndexOf(text[at], at + 1);
        if (end < 0) return null;
        var literal = text[(at + 1)..end];
        at = end + 1;
        return literal;
    }

    private XName? Name(bool isElement)
    {
        var begin = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is ':' or '-' or '_' or '.')) at++;
        var parts = text[begin..at].Split(':');
        if (parts.Length > 2 || parts.Any(p => p.Length == 0 || !(char.IsLetter(p[0]) || p[0] == '_')))
        {
            Fail();
            return null;
        }
        if (parts is [var local]) return isElement ? operation.GetDefaultNamespace() + local : XNamespace.None + local;
        if (operation.GetNamespaceOfPrefix(parts[0]) is { } space) return space + parts[1];
        Fault ??= $"the prefix {PatchFault.Shown(parts[0])} is not declared";
        return null;
    }

    private bool Skip(char c)
    {
        if (at >= text.Length || text[at] != c) return false;
        at++;
        return true;
    }

    private bool Skip(string word)
    {
        if (!text.AsSpan(at).StartsWith(word, StringComparison.Ordinal)) return false;
        at += word.Length;
        return true;
    }

    private void Fail() => Fault ??= $"{PatchFault.Shown(text)} is not a selector of RFC 5261, such as `f:Patient/f:contact[1]/f:gender/@value`";
}
