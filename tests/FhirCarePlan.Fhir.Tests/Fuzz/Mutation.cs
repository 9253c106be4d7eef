using System.Buffers;
using System.Text;
using FhirCarePlan.Fhir.Formats;

namespace FhirCarePlan.Fhir.Tests.Fuzz;

/// <summary>Breaks a good resource as a sender may: pieces gone, doubled, moved, renamed, of another kind or absurd; or bytes flipped, cut
/// off and spliced. The same random numbers give the same bytes.</summary>
internal static class Mutation
{
    private static readonly byte[][] JsonValues = Bytes(
        "null", "true", "false", "0", "-1", "-0", "1.5", "1e5", "1E+400", "1e-2147483648", "9007199254740993",
            "123456789012345678901234567890123456789012345678901234567890123456789",
        "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u00e9\\n\\r\\t\\\\\"", "\"\ufffe\"", "\"٣\"", "[]", "{}",
            "[[]]", "[{}]", "[null]", "[null,null]", "{\"a\":1}",
        "{\"resourceType\":\"Patient\"}",
            "{\"resourceType\":\"Bundle\",\"type\":\"x\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"#\"}}]}",
            "{\"id\":\"x\"}", "{\"extension\":[{\"url\":\"x\",\"extension\":[{\"url\":\"y\"}]}]}",
        "\"2024-13-45\"", "\"2013-02-30\"", "\"0000\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:60-12:00\"",
            "\"2015-02-07T13:28:17.239239239239239239239+02:00\"", "\"24:00:00\"", "\"2020-01\"",
        "\"#\"", "\"#x\"", "\"Patient/\"", "\"/\"", "\"urn:uuid:\"", "\"urn:oid:1.2\"", "\"http://\"", "\"Patient/1/_history/2\"",
            "\"http://hl7.org/fhir/StructureDefinition/Patient|4.0.1\"", "\"http://hl7.org/fhir/ValueSet/administrative-gender\"",
        "\"<div/>\"", "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><script>x</script></div>\"",
            "\"<div xmlns='http://www.w3.org/1999/xhtml'><b><b><b>\"", "\"<!DOCTYPE x [<!ENTITY y 'z'>]><div>&y;</div>\"",
            "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">&nbsp;&bogus;&#0;]]></div>\"",
        "\"====\"", "\"%%%\"", "\"name.where(\"", "\"^((a+)+)+$\"", $"\"{new string('x', 70_000)}\"",
            string.Concat(Enumerable.Repeat("[", 100)), string.Concat(Enumerable.Repeat("{\"extension\":[", 40)) + "1"
            + string.Concat(Enumerable.Repeat("]}", 40)));

    private static readonly byte[][] XmlValues = Bytes("", " ", "true", "x", "-1", "+1", "01", "1e-2147483648",
        "123456789012345678901234567890123456789012345678901234567890123456789", "&#10;", "&#0;", "&#xD800;", "&#xFFFE;", "&x;", "&lt;",
        "\" value=\"", "\" id=\"x",
        "2024-13-45", "2013-02-30", "0001-01-01T00:00:00+14:00", "#", "#x", "Patient/", "urn:uuid:", "http://", "====",
            "http://www.w3.org/1999/xhtml", "http://hl7.org/fhir", "٣", new string('x', 70_000));

    private static readonly byte[][] Names = Bytes("id", "extension", "modifierExtension", "contained", "resourceType", "resource", "entry",
        "meta", "text", "div", "value", "valueString", "valueQuantity", "reference", "_id", "_value", "url", "status", "nonsense", "",
        "Patient", "f:x", "xmlns", "\\u0069d", "__proto__");

    private static readonly byte[][] Scraps = Bytes("\0", "\ufeff", "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>",
        "<?x y?>", "<!-- -->", "<![CDATA[x]]>", "]]>", "&amp;", "\\ud800", "{", "}", "[", "]", "\"", ",", ":", "<", ">", "/>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</p></div>", "<contained><Patient><id value=\"x\"/></Patient></contained>");

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    public static byte[] Of(Seed seed, Seed other, Random random)
    {
        var bytes = Cut(seed, [.. Enumerable.Range(0, Math.Max(1, random.Next(7) - 3)).Select(_ => Piece(seed, other, random))]);
        return random.Next(8) == 0 ? Broken(bytes, other.Bytes, random) : bytes;
    }

    /// <summary>The replacement for a stretch of the seed.</summary>
    private readonly record struct Edit(Range At, byte[] By);

    private static Edit Piece(Seed seed, Seed other, Random random)
    {
        var isJson = seed.Format == ResourceFormat.Json;
        var member = Pick(seed.Members, random);
        switch (random.Next(14))
        {
            case 0 or 1: return new(WithComma(seed, member), []);
            case 2: return new(member.End..member.End, Joined(isJson, seed.Bytes[member]));
            case 3: return new(member.End..member.End, Joined(isJson, seed.Bytes[Pick(seed.Members, random)]));
            case 4: return new(member.End..member.End, Joined(isJson, other.Bytes[Pick(other.Members, random)]));
            case 5: return new(member, other.Bytes[Pick(other.Members, random)]);
            case 6:
                return new(Pick(seed.Names, random), random.Next(2) == 0 ? Names[random.Next(Names.Length)]
                : other.Bytes[Pick(other.Names, random)]);
            case 7 when isJson: return new(Pick(seed.Values, random), Wrapped(seed.Bytes[Pick(seed.Values, random)], random));
            case 8:
                return new(Pick(seed.Values, random), isJson ? JsonValues[random.Next(JsonValues.Length)]
                : XmlValues[random.Next(XmlValues.Length)]);
            default: return Alike(seed, random.Next(2) == 0 ? seed : other, random);
        }
    }

    /// <summary>Another value of the same kind, or a byte of a text changed: for the rules, after the parser has let it pass.</summary>
    private static Edit Alike(Seed seed, Seed other, Random random)
    {
        var at = Pick(seed.Values, random);
        var kind = Kind(seed, at);
        for (var tries = 0; tries < 12; tries++)
        {
            var value = tries < 8 || seed.Format == ResourceFormat.Xml
                ? other.Bytes[Pick(other.Values, random)] : JsonValues[random.Next(JsonValues.Length)];
            if (seed.Format == ResourceFormat.Xml || value[0] == kind || char.IsAsciiDigit((char)value[0]) && char.IsAsciiDigit((char)kind))
                return new(at, value);
        }
        return new(at, seed.Bytes[at]);
    }

    private static byte Kind(Seed seed, Range at) => seed.Bytes[at.Start];

    private static Range Pick(List<Range> ranges, Random random) => ranges[random.Next(ranges.Count)];

    private static byte[] Joined(bool isJson, byte[] member) => isJson ? [(byte)',', .. member] : member;

    private static byte[] Wrapped(byte[] value, Random random) => random.Next(3) switch
    {
        0 => [(byte)'[', .. value, (byte)']'],
        1 => [(byte)'[', .. value, (byte)',', .. value, (byte)']'],
        _ => value is [(byte)'[', .., (byte)']'] ? value[1..^1] : [.. "{\"x\":"u8, .. value, (byte)'}'],
    };

    /// <summary>With what parts it from its neighbour, so that what remains is JSON.</summary>
    private static Range WithComma(Seed seed, Range member)
    {
        if (seed.Format == ResourceFormat.Xml) return member;
        var (start, end) = (member.Start.Value, member.End.Value);
        var after = seed.Bytes.AsSpan(end).IndexOfAnyExcept(" \r\n\t"u8);
        if (after >= 0 && seed.Bytes[end + after] == ',') return start..(end + after + 1);
        var before = seed.Bytes.AsSpan(0, start).LastIndexOfAnyExcept(" \r\n\t"u8);
        return before >= 0 && seed.Bytes[before] == ',' ? before..end : member;
    }

    private static byte[] Cut(Seed seed, Edit[] edits)
    {
        var result = new ArrayBufferWriter<byte>(seed.Bytes.Length + 256);
        var at = 0;
        foreach (var edit in edits.OrderBy(e => e.At.Start.Value))
        {
            if (edit.At.Start.Value < at) continue; // inside another's stretch
            result.Write(seed.Bytes.AsSpan(at..edit.At.Start.Value));
            result.Write(edit.By);
            at = edit.At.End.Value;
        }
        result.Write(seed.Bytes.AsSpan(at));
        return result.WrittenSpan.ToArray();
    }

    private static byte[] Broken(byte[] bytes, byte[] other, Random random)
    {
        var at = random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case 0: return bytes[..at];
            case 1: return [.. bytes[..at], .. other[random.Next(other.Length)..]];
            case 2: return [.. bytes[..at], .. Scraps[random.Next(Scraps.Length)], .. bytes[at..]];
            case 3: return [.. bytes[..at], (byte)(random.Next(2) == 0 ? 0xff : 0x80), .. bytes[at..]];
            case 4: return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 40))..]];
            default:
                for (var flips = random.Next(1, 6); flips > 0; flips--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }
}
