using System.Buffers;
using System.Text;
using System.Xml;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>One run of the XML parser. The document's bytes are the values as JSON tokens, one behind the other; where the nodes stood in
/// the XML is kept beside them.</summary>
internal sealed class XmlParse(Report report, ParseLimits limits, int sourceLength) : IDisposable
{
    // A body that is refused anyway must not cost memory for each level.
    private const int ReaderDepth = 512;

    private Document.Row[] rows = ArrayPool<Document.Row>.Shared.Rent(Math.Clamp(sourceLength / 40, 32, Document.MostRowsAtFirst));
    private readonly List<(int Line, int Column)> places = [];
    private readonly StringBuilder text = new();
    private JsonBuffer tokens = new(sourceLength + 64);
    private ParseFaults faults = new(report, limits.Issues);
    private XmlReader reader = null!;
    private IXmlLineInfo lines = null!;
    private int count;
    private bool isStopped;

    public bool HasRoot => count > 0;

    /// <exception cref="XmlException">The source is not well-formed.</exception>
    public Document? Run(XmlReader source)
    {
        (reader, lines) = (source, (IXmlLineInfo)source);
        if (!reader.Read()) return null;
        if (reader.NodeType == XmlNodeType.XmlDeclaration && reader.GetAttribute("encoding") is { } encoding
            && !encoding.Equals("UTF-8", StringComparison.OrdinalIgnoreCase)
            && !encoding.Equals("US-ASCII", StringComparison.OrdinalIgnoreCase))
            return XmlParser.Malformed(report, "declares another encoding; send UTF-8");
        reader.MoveToContent();
        if (ResourceType("") is { } type) ReadElement(Add(null, type, -1, 0), null, type, 0);
        while (!isStopped && reader.Read()) { } // nothing may follow the resource: throws otherwise
        if (faults.Any) return null;
        var document = new Document(tokens.Written.ToArray(), Document.Fit(rows, count), count, [.. places]);
        rows = [];
        return document;
    }

    public void Dispose()
    {
        tokens.Return();
        if (rows.Length > 0) ArrayPool<Document.Row>.Shared.Return(rows, clearArray: true);
        rows = [];
    }

    private TypeInfo? ResourceType(string location)
    {
        if (reader.NamespaceURI != XmlParser.Namespace)
            Fail(IssueType.Structure, location, "namespace",
            $"`{ParseFaults.Shown(reader.LocalName)}` is not in the namespace `{XmlParser.Namespace}`");
        else if (reader.LocalName.Length < 64 && R4.Type(reader.LocalName) is { IsResource: true, IsAbstract: false } type) return type;
        else Fail(IssueType.Structure, location, "resource-type", $"`{ParseFaults.Shown(reader.LocalName)}` is not a resource type of R4");
        return null;
    }

    // ---- elements ---------------------------------------------------------------------------------------------------------

    /// <summary>Where the children of one element are. `Url` is a child that was an attribute and belongs behind elements.</summary>
    private struct Siblings
    {
        public int Last;
        public (PropertyInfo Property, string Value, (int, int) Place)? Url;
    }

    /// <summary>The element that the reader is on, whose node exists already; leaves the reader on its last tag.</summary>
    private void ReadElement(int node, PropertyInfo? property, TypeInfo type, int depth)
    {
        if (depth > limits.Depth && !type.IsPrimitive)
        {
            TooDeep(node);
            return;
        }
        var siblings = new Siblings { Last = -1 };
        ReadAttributes(node, property, type, ref siblings);
        if (!reader.IsEmptyElement)
            while (NextChild(node)) ReadChild(node, type, depth, ref siblings);
        PlaceUrl(node, ref siblings, int.MaxValue);
        if (isStopped) return;
        if (rows[node].FirstChild < 0 && rows[node].ValueLength == 0 && !type.IsResource && !limits.AllowsEmpty)
            Fail(IssueType.Structure, Location(node), "empty", "An element needs a `value`, an extension or children");
        if (depth > limits.Depth && rows[node].FirstChild >= 0) TooDeep(node);
    }

    /// <summary>Moves to the next child element; false at the end tag.</summary>
    private bool NextChild(int node)
    {
        while (!isStopped && reader.Read() && reader.NodeType != XmlNodeType.EndElement)
            if (reader.NodeType == XmlNodeType.Element) return true;
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                Fail(IssueType.Structure, Location(node), "text", "There is text between the elements; put values into `value` attributes");
        return false;
    }

    private void ReadChild(int parent, TypeInfo type, int depth, ref Siblings siblings)
    {
        var property = type.Property(reader.LocalName);
        if (property is null or { IsCompanion: true } || property.Element.IsAttribute)
        {
            Fail(IssueType.Structure, Location(parent), "unknown-element",
                $"`{ParseFaults.Shown(reader.LocalName)}` is not an element of {type.Name}");
            Skip(parent);
            return;
        }
        var isXhtml = property.Type.Name == "xhtml";
        if (reader.NamespaceURI != (isXhtml ? XhtmlCopy.Namespace : XmlParser.Namespace))
        {
            Fail(IssueType.Structure, Location(parent), "namespace",
                $"`{property.JsonName}` is not in the namespace `{(isXhtml ? XhtmlCopy.Namespace : XmlParser.Namespace)}`");
            Skip(parent);
            return;
        }
        PlaceUrl(parent, ref siblings, property.Element.Order);
        if (siblings.Last >= 0 && rows[siblings.Last].Property is { } last)
            if (last.Element.Order > property.Element.Order)
                Fail(IssueType.Structure, Location(parent), "order",
                    $"`{property.JsonName}` comes after `{last.JsonName}`; in {type.Name} it comes before it");
            else if (last == property && !property.Element.IsCollection)
                Fail(IssueType.Structure, Location(parent), "cardinality",
                    $"`{property.JsonName}` occurs more than once here; it must occur once");
        var below = depth + (property.Element.IsCollection ? 2 : 1);
        if (isXhtml) ReadXhtml(parent, property, ref siblings);
        else if (property.Type.IsResource) ReadResource(parent, property, below, ref siblings);
        else ReadElement(Append(parent, property, property.Type, ref siblings, Here()), property, property.Type, below);
    }

    /// <summary>`contained` and the like: an element around exactly one resource.</summary>
    private void ReadResource(int parent, PropertyInfo property, int depth, ref Siblings siblings)
    {
        var location = Location(parent);
        CheckNoAttributes(parent, property.JsonName);
        var resources = 0;
        if (!reader.IsEmptyElement)
            while (NextChild(parent))
                if (resources++ > 0 || ResourceType(location) is not { } type) Skip(parent);
                else ReadElement(Append(parent, property, type, ref siblings, Here()), property, type, depth);
        if (resources != 1 && !isStopped)
            Fail(IssueType.Structure, location, "resource-type", $"`{property.JsonName}` holds {resources} resources; it must hold one");
    }

    private void ReadXhtml(int parent, PropertyInfo property, ref Siblings siblings)
    {
        var node = Append(parent, property, property.Type, ref siblings, Here());
        text.Clear();
        if (XhtmlCopy.Copy(reader, text, limits.StringLength)) SetString(node, property.JsonName, text.ToString());
        else Stop(node, IssueType.TooLong, "xhtml-size",
            $"`{property.JsonName}` is longer than {limits.StringLength} characters, or nests deeper than {XhtmlCopy.MaxDepth} levels");
    }

    // ---- attributes and values --------------------------------------------------------------------------------------------

    private void ReadAttributes(int node, PropertyInfo? property, TypeInfo type, ref Siblings siblings)
    {
        while (reader.MoveToNextAttribute())
        {
            if (IsOutside()) continue;
            var name = reader.LocalName;
            if (reader.NamespaceURI.Length > 0) name = reader.Name;
            if (name == "value" && type.IsPrimitive) SetValue(node, property!, type);
            else if (type.Property(name) is not { Element.IsAttribute: true } attribute)
                Fail(IssueType.Structure, Location(node), "unknown-attribute",
                    $"`{ParseFaults.Shown(name)}` is not an attribute of {type.Name}");
            else if (attribute.Element.Order == 0)
                SetString(Append(node, attribute, attribute.Type, ref siblings, Here()), name, reader.Value);
            else siblings.Url = (attribute, reader.Value, Here());
        }
        reader.MoveToElement();
    }

    private void CheckNoAttributes(int parent, string element)
    {
        while (reader.MoveToNextAttribute())
            if (!IsOutside())
                Fail(IssueType.Structure, Location(parent), "unknown-attribute",
                $"`{ParseFaults.Shown(reader.LocalName)}` is not an attribute of `{element}`");
        reader.MoveToElement();
    }

    /// <summary>Namespaces, and the hints for schema processors that R4 wishes away but that mean nothing.</summary>
    private bool IsOutside() => reader.NamespaceURI is "http://www.w3.org/2000/xmlns/" or "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>`url` goes behind the extensions and before `value[x]`, as defined.</summary>
    private void PlaceUrl(int parent, ref Siblings siblings, int before)
    {
        if (siblings.Url is not { } url || url.Property.Element.Order >= before) return;
        siblings.Url = null;
        SetString(Append(parent, url.Property, url.Property.Type, ref siblings, url.Place), "url", url.Value);
    }

    private void SetValue(int node, PropertyInfo property, TypeInfo type)
    {
        var value = reader.Value;
        var kind = type.JsonKind();
        if (kind == JsonKind.String || value.Length == 0)
        {
            SetString(node, property.JsonName, value);
            return;
        }
        // R4 lets whole numbers begin with `+`, which JSON does not.
        if (kind == JsonKind.Number && type.Name != "decimal" && value.Length > 1 && value[0] == '+' && value[1] is >= '1' and <= '9')
            value = value[1..];
        if (kind == JsonKind.Boolean ? value is not ("true" or "false") : !JsonNumber.Is(value))
        {
            Fail(IssueType.Value, Location(node), "format", kind == JsonKind.Boolean ? $"`{property.JsonName}` must be `true` or `false`"
                : $"`{property.JsonName}` must be a number: digits, with `.` or an exponent where it is a decimal");
            SetString(node, property.JsonName, value); // so that it is not missed as well
            return;
        }
        var start = tokens.Length;
        tokens.AddAscii(value);
        if (kind == JsonKind.Number && !limits.Allow(tokens.Written[start..]))
            Fail(IssueType.Value, Location(node), "number-size",
                $"`{property.JsonName}` has more than {limits.NumberDigits} digits or an exponent beyond {limits.Exponent}");
        SetToken(node, start);
    }

    private void SetString(int node, string name, string value)
    {
        if (value.Length == 0) Fail(IssueType.Structure, Location(node), "empty", $"`{name}` may not be empty");
        var start = tokens.Length;
        tokens.AddString(value);
        if (value.Length > limits.StringLength && limits.TooLong(tokens.Written[(start + 1)..^1], rows[node].Type) is { } tooLong)
            Fail(IssueType.TooLong, Location(node), "string-length", $"`{name}` {tooLong}");
        SetToken(node, start);
    }

    private void SetToken(int node, int start) => (rows[node].ValueStart, rows[node].ValueLength) = (start, tokens.Length - start);

    // ---- the table --------------------------------------------------------------------------------------------------------

    private int Append(int parent, PropertyInfo property, TypeInfo type, ref Siblings siblings, (int, int) place)
    {
        var last = siblings.Last;
        var node = Add(property, type, parent, last >= 0 && rows[last].Property == property ? rows[last].Index + 1 : 0, place);
        if (last < 0) rows[parent].FirstChild = node;
        else rows[last].Next = node;
        return siblings.Last = node;
    }

    private int Add(PropertyInfo? property, TypeInfo type, int parent, int index, (int, int)? place = null)
    {
        if (count == rows.Length)
        {
            var larger = ArrayPool<Document.Row>.Shared.Rent(count * 2);
            rows.AsSpan(0, count).CopyTo(larger);
            ArrayPool<Document.Row>.Shared.Return(rows, clearArray: true);
            rows = larger;
        }
        rows[count] = new Document.Row { Property = property, Type = type, Parent = parent, FirstChild = -1, Next = -1, Index = index };
        places.Add(place ?? Here());
        return count++;
    }

    private (int Line, int Column) Here() =>
        (lines.LineNumber, Math.Max(1, reader.NodeType == XmlNodeType.Element ? lines.LinePosition - 1 : lines.LinePosition));

    // ---- faults -----------------------------------------------------------------------------------------------------------

    private void Skip(int parent)
    {
        if (reader.IsEmptyElement) return;
        for (var depth = reader.Depth; !isStopped && reader.Read()
            && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth);)
            if (reader.Depth > ReaderDepth) TooDeep(parent);
    }

    private void TooDeep(int node) => Stop(node, IssueType.TooLong, "depth", $"The body nests deeper than {limits.Depth} levels");

    private void Stop(int node, string code, string key, string text)
    {
        Fail(code, Location(node), key, text);
        isStopped = true;
    }

    private string Location(int node) => new Node(new Document(default, rows, count), node).Location;

    private void Fail(string code, string location, string key, string text)
    {
        if (faults.Count()) faults.Describe(code, location, Here(), key, text);
        isStopped |= faults.IsFull;
    }
}

/// <summary>A number of JSON, which is also a decimal of R4. https://hl7.org/fhir/R4/datatypes.html#decimal</summary>
internal static class JsonNumber
{
    public static bool Is(ReadOnlySpan<char> text)
    {
        if (text is ['-', ..]) text = text[1..];
        var digits = Digits(text);
        if (digits == 0 || digits > 1 && text[0] == '0') return false;
        text = text[digits..];
        if (text is ['.', ..])
        {
            if ((digits = Digits(text[1..])) == 0) return false;
            text = text[(digits + 1)..];
        }
        if (text is not ['e' or 'E', .. var exponent]) return text.IsEmpty;
        if (exponent is ['+' or '-', ..]) exponent = exponent[1..];
        return exponent.Length > 0 && Digits(exponent) == exponent.Length;
    }

    private static int Digits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
}
