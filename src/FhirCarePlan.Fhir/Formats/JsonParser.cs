using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>Reads FHIR JSON guided by the definitions: one pass over the bytes gives a typed tree.
/// https://hl7.org/fhir/R4/json.html</summary>
public static class JsonParser
{
    /// <summary>Null when the source is not JSON, not FHIR's shape or beyond the limits; the report then has errors, all of one
    /// source at once where possible. The document keeps the given bytes, so they must not change while it lives.</summary>
    public static Document? Parse(ReadOnlyMemory<byte> utf8, Report report, ParseLimits? limits = null)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8)) return Malformed(report, "begins with a byte order mark; send UTF-8 without one");
        if (!Utf8.IsValid(utf8.Span)) return Malformed(report, "is not valid UTF-8");
        var parse = new JsonParse(utf8, report, limits ?? ParseLimits.Default);
        try
        {
            return parse.Run();
        }
        catch (JsonException e)
        {
            parse.Abandon();
            var (line, column) = ((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            report.Add(new Issue(IssueSeverity.Fatal, IssueType.Structure, "", $"The body stops being JSON at line {line}, column {column}")
            {
                Key = "json", Line = line, Column = column,
                IsMalformed = true,
            });
            return null;
        }
    }

    private static Document? Malformed(Report report, string what)
    {
        report.Add(new Issue(IssueSeverity.Fatal, IssueType.Structure, "", $"The body {what}")
        {
            Key = "json", Line = 1, Column = 1,
            IsMalformed = true
        });
        return null;
    }
}

/// <summary>One run of the parser: builds the node table, linking siblings in definition order as it goes.</summary>
internal sealed class JsonParse(ReadOnlyMemory<byte> utf8, Report report, ParseLimits limits)
{
    // The reader itself must not overflow on nesting that is refused anyway.
    private const int ReaderDepth = 512;

    private Document.Row[] rows = ArrayPool<Document.Row>.Shared.Rent(Math.Clamp(utf8.Length / 20, 32, Document.MostRowsAtFirst));
    private int count;
    private ParseFaults faults = new(report, limits.Issues);

    public Document? Run()
    {
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = ReaderDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            Fail(IssueType.Structure, "", (int)reader.TokenStartIndex, "json",
                $"A resource is a JSON object, found {Kind(reader.TokenType)}");
        else if (ResourceType(reader, "") is { } type)
        {
            var root = Add(null, type, -1, (int)reader.TokenStartIndex, 0);
            ReadObject(ref reader, root, type);
        }
        else reader.Skip();
        while (reader.Read()) { } // nothing may follow the resource: throws otherwise
        if (faults.Any)
        {
            Abandon();
            return null;
        }
        return new Document(utf8, Document.Fit(rows, count), count);
    }

    public void Abandon()
    {
        if (rows.Length > 0) ArrayPool<Document.Row>.Shared.Return(rows, clearArray: true);
        rows = [];
    }

    /// <summary>Reads ahead (the reader is a copy) for `resourceType`, which is usually the first property.</summary>
    private TypeInfo? ResourceType(Utf8JsonReader reader, string location)
    {
        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = IsResourceType(ref reader);
            reader.Read();
            if (!isType)
            {
                reader.Skip();
                continue;
            }
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length < 64 && !reader.ValueIsEscaped
                && R4.Type(Encoding.UTF8.GetString(reader.ValueSpan)) is { IsResource: true, IsAbstract: false } type)
                return type;
            Fail(IssueType.Structure, location, (int)reader.TokenStartIndex, "resource-type",
                $"`{Shorten(reader.ValueSpan)}` is not a resource type of R4");
            return null;
        }
        Fail(IssueType.Structure, location, start, "resource-type", "`resourceType` is missing");
        return null;
    }

    private void ReadObject(ref Utf8JsonReader reader, int parent, TypeInfo type)
    {
        if (reader.CurrentDepth > limits.Depth)
        {
            Fail(IssueType.TooLong, Location(parent), (int)reader.TokenStartIndex, "depth",
                $"The body nests deeper than {limits.Depth} levels");
            reader.Skip();
            return;
        }
        Span<ulong> seen = stackalloc ulong[(type.PropertyCount + 63) / 64];
        var siblings = new Siblings { Parent = parent, Last = -1, Hint = -1 };
        bool any = false, typed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (faults.IsFull)
            {
                reader.Read();
                reader.Skip();
                continue;
            }
            var offset = (int)reader.TokenStartIndex;
            var property = !reader.ValueIsEscaped
                ? type.Property(reader.ValueSpan) : HasLoneSurrogate(reader.ValueSpan) ? null : type.Property(reader.GetString()!);
            if (property is null)
            {
                if (!type.IsResource || !IsResourceType(ref reader))
                    Fail(IssueType.Structure, Location(parent), offset, "unknown-property",
                        $"`{Shorten(reader.ValueSpan)}` is not a property of {type.Name}");
                else if (typed) Fail(IssueType.Structure, Location(parent), offset, "duplicate-property", "`resourceType` occurs twice");
                else typed = true;
                reader.Read();
                reader.Skip();
                continue;
            }
            any = true;
            ref var word = ref seen[property.Slot >> 6];
            var bit = 1UL << (property.Slot & 63);
            if ((word & bit) != 0)
                Fail(IssueType.Structure, Location(parent), offset, "duplicate-property", $"`{property.JsonName}` occurs twice");
            word |= bit;
            reader.Read();
            var other = property.IsCompanion ? property.Principal : property.Companion;
            siblings.Twin = other != null && (seen[other.Slot >> 6] & (1UL << (other.Slot & 63))) != 0
                ? First(parent, property.Principal) : -1;
            ReadProperty(ref reader, property, ref siblings, offset);
        }
        if (!any && !type.IsResource && !limits.AllowsEmpty)
            Fail(IssueType.Structure, Location(parent), rows[parent].Offset, "empty", "An object may not be empty");
    }

    private void ReadProperty(ref Utf8JsonReader reader, PropertyInfo property, ref Siblings siblings, int offset)
    {
        var parent = siblings.Parent;
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        if (isArray != property.Element.IsCollection)
        {
            Fail(IssueType.Structure, Location(parent), offset, "array", isArray
                ? $"`{property.JsonName}` occurs at most once here, so it may not be an array"
                : $"`{property.JsonName}` may repeat, so it must be an array, found {Kind(reader.TokenType)}");
            reader.Skip();
            return;
        }
        if (!isArray)
        {
            ReadValue(ref reader, property, ref siblings, 0, offset);
            return;
        }
        var index = 0;
        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            if (faults.IsFull) reader.Skip();
            else ReadValue(ref reader, property, ref siblings, index++, (int)reader.TokenStartIndex);
        if (index == 0) Fail(IssueType.Structure, Location(parent), start, "empty", $"`{property.JsonName}` may not be an empty array");
    }

    private void ReadValue(ref Utf8JsonReader reader, PropertyInfo property, ref Siblings siblings, int index, int offset)
    {
        var parent = siblings.Parent;
        var principal = property.Principal;
        var type = property.Type;
        if (reader.TokenType == JsonTokenType.Null && (!type.IsPrimitive || !property.Element.IsCollection))
        {
            Fail(IssueType.Structure, Location(parent), offset, "null", $"`{property.JsonName}` may not be null");
            return;
        }
        if (type.IsPrimitive)
        {
            var node = siblings.Twin;
            if (node >= 0) siblings.Twin = rows[node].Next is >= 0 and var next && rows[next].Property == principal ? next : -1;
            else node = Append(principal, type, ref siblings, offset, index);
            if (reader.TokenType == JsonTokenType.Null) return;
            if (property.IsCompanion)
            {
                if (Expect(ref reader, JsonTokenType.StartObject, property, parent)) ReadObject(ref reader, node, type);
            }
            else ReadPrimitive(ref reader, property, node, parent);
            return;
        }
        if (!Expect(ref reader, JsonTokenType.StartObject, property, parent)) return;
        if (type.IsResource)
        {
            if (ResourceType(reader, Location(parent)) is not { } actual)
            {
                reader.Skip();
                return;
            }
            type = actual;
        }
        ReadObject(ref reader, Append(principal, type, ref siblings, offset, index), type);
    }

    private void ReadPrimitive(ref Utf8JsonReader reader, PropertyInfo property, int node, int parent)
    {
        var start = (int)reader.TokenStartIndex;
        var length = (int)reader.BytesConsumed - start;
        var wanted = property.Type.JsonKind();
        var found = reader.TokenType switch
        {
            JsonTokenType.String => JsonKind.String,
            JsonTokenType.Number => JsonKind.Number,
            JsonTokenType.True or JsonTokenType.False => JsonKind.Boolean,
            _ => JsonKind.None,
        };
        if (found != wanted)
        {
            Fail(IssueType.Structure, Location(parent), start, "json-type",
                $"`{property.JsonName}` must be a JSON {wanted.ToString().ToLowerInvariant()}, found {Kind(reader.TokenType)}");
            reader.Skip();
            return;
        }
        if (found == JsonKind.String) CheckString(ref reader, property, parent, start, length);
        else if (found == JsonKind.Number) CheckNumber(reader.ValueSpan, property, parent, start);
        ref var row = ref rows[node];
        row.ValueStart = start;
        row.ValueLength = length;
    }

    private void CheckString(ref Utf8JsonReader reader, PropertyInfo property, int parent, int start, int length)
    {
        if (length == 2) Fail(IssueType.Structure, Location(parent), start, "empty", $"`{property.JsonName}` may not be an empty string");
        else if (length > limits.StringLength && limits.TooLong(reader.ValueSpan, property.Type) is { } tooLong)
            Fail(IssueType.TooLong, Location(parent), start, "string-length", $"`{property.JsonName}` {tooLong}");
        else if (reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan))
            Fail(IssueType.Invalid, Location(parent), start, "unicode", $"`{property.JsonName}` contains half of a surrogate pair");
    }

    /// <summary>The reader throws when it compares a name with half of a surrogate pair.</summary>
    private static bool IsResourceType(ref Utf8JsonReader reader) =>
        (!reader.ValueIsEscaped || !HasLoneSurrogate(reader.ValueSpan)) && reader.ValueTextEquals("resourceType"u8);

    internal static bool HasLoneSurrogate(ReadOnlySpan<byte> escaped)
    {
        var awaitsLow = false;
        for (var i = 0; i < escaped.Length; i++)
        {
            var unit = '\0';
            if (escaped[i] == '\\' && escaped[++i] == 'u')
            {
                unit = (char)ushort.Parse(escaped.Slice(i + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier,
                    System.Globalization.CultureInfo.InvariantCulture);
                i += 4;
            }
            if (awaitsLow != char.IsLowSurrogate(unit)) return true;
            awaitsLow = char.IsHighSurrogate(unit);
        }
        return awaitsLow;
    }

    private void CheckNumber(ReadOnlySpan<byte> number, PropertyInfo property, int parent, int start)
    {
        if (!limits.Allow(number))
            Fail(IssueType.Value, Location(parent), start, "number-size",
                $"`{property.JsonName}` has more than {limits.NumberDigits} digits or an exponent beyond {limits.Exponent}");
    }

    private bool Expect(ref Utf8JsonReader reader, JsonTokenType token, PropertyInfo property, int parent)
    {
        if (reader.TokenType == token) return true;
        Fail(IssueType.Structure, Location(parent), (int)reader.TokenStartIndex, "json-type",
            $"`{property.JsonName}` must be a JSON object, found {Kind(reader.TokenType)}");
        reader.Skip();
        return false;
    }

    // ---- the table --------------------------------------------------------------------------------------------------------

    private int Add(PropertyInfo? property, TypeInfo type, int parent, int offset, int index)
    {
        if (count == rows.Length)
        {
            var larger = ArrayPool<Document.Row>.Shared.Rent(count * 2);
            rows.AsSpan(0, count).CopyTo(larger);
            ArrayPool<Document.Row>.Shared.Return(rows, clearArray: true);
            rows = larger;
        }
        rows[count] = new Document.Row
        {
            Property = property, Type = type, Parent = parent, FirstChild = -1, Next = -1, Offset = offset,
            Index = index
        };
        return count++;
    }

    /// <summary>Where the children of one object are. `Hint` is the last one inserted between others, and `Twin` the node that `x` made for
    /// the coming item of `_x` (or the reverse). Both keep long arrays linear.</summary>
    private struct Siblings
    {
        public int Parent, Last, Hint, Twin;
    }

    /// <summary>Adds a child behind its elder siblings of the same or an earlier element.</summary>
    private int Append(PropertyInfo property, TypeInfo type, ref Siblings siblings, int offset, int index)
    {
        var parent = siblings.Parent;
        var node = Add(property, type, parent, offset, index);
        var order = property.Element.Order;
        if (siblings.Last < 0) rows[parent].FirstChild = node;
        else if (Order(siblings.Last) <= order) rows[siblings.Last].Next = node;
        else
        {
            var before = siblings.Hint >= 0 && Order(siblings.Hint) <= order ? siblings.Hint : -1;
            var after = before >= 0 ? rows[before].Next : rows[parent].FirstChild;
            while (Order(after) <= order) (before, after) = (after, rows[after].Next);
            rows[node].Next = after;
            if (before < 0) rows[parent].FirstChild = node;
            else rows[before].Next = node;
            return siblings.Hint = node;
        }
        return siblings.Last = node;
    }

    private int Order(int node) => rows[node].Property!.Element.Order;

    private int First(int parent, PropertyInfo principal)
    {
        for (var child = rows[parent].FirstChild; child >= 0; child = rows[child].Next)
            if (rows[child].Property == principal) return child;
        return -1;
    }

    private string Location(int node) => node < 0 ? "" : new Node(new Document(default, rows, count), node).Location;

    private void Fail(string code, string location, int offset, string key, string text)
    {
        if (!faults.Count()) return;
        var before = utf8.Span[..offset];
        faults.Describe(code, location, (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n')), key, text);
    }

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    private static string Shorten(ReadOnlySpan<byte> name) =>
        ParseFaults.Shown(Encoding.UTF8.GetString(name.Length > 64 ? name[..64] : name));
}
