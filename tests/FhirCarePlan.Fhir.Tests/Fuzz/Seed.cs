using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Fuzz;

/// <summary>A good resource in one format, and where its pieces are: a mutation removes, doubles, moves or replaces them.</summary>
/// <param name="Values">JSON: every value. XML: the value of every attribute, without quotes.</param>
/// <param name="Members">JSON: every `"name":value`. XML: every element with all below it.</param>
/// <param name="Names">Names of properties or elements, without quotes or brackets.</param>
internal sealed record Seed(byte[] Bytes, ResourceFormat Format, List<Range> Values, List<Range> Members, List<Range> Names)
{
    /// <summary>All official examples of a size that lets 200,000 inputs be many different ones, and our samples.</summary>
    public static List<Seed> All(ResourceFormat format)
    {
        var files = Directory.GetFiles(Path.Combine(SharedData.Repository, "samples"), "*.json", SearchOption.AllDirectories).ToList();
        if (SharedData.Folder("data/examples/json") is { } examples && Directory.Exists(examples))
            files.AddRange(Directory.GetFiles(examples, "*.json"));
        var seeds = new List<Seed>();
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.Length > 12_000) continue;
            using var document = JsonParser.Parse(bytes, new Report());
            if (document != null) seeds.Add(format == ResourceFormat.Json ? OfJson(bytes) : OfXml(ResourceXml.Write(document)));
        }
        return seeds;
    }

    private static Seed OfJson(byte[] bytes)
    {
        var seed = new Seed(bytes, ResourceFormat.Json, [], [], []);
        var open = new Stack<(int Start, int Member)>();
        var reader = new Utf8JsonReader(bytes);
        var member = -1;
        while (reader.Read())
        {
            var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member = start;
                    seed.Names.Add((start + 1)..(start + 1 + reader.ValueSpan.Length));
                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push((start, member));
                    member = -1;
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    (start, member) = open.Pop();
                    break;
            }
            if (open.Count > 0) seed.Values.Add(start..end);
            if (member >= 0) seed.Members.Add(member..end);
            member = -1;
        }
        return seed;
    }

    /// <summary>Of what our own writer wrote: no comments, no `&gt;` in values.</summary>
    private static Seed OfXml(byte[] bytes)
    {
        var seed = new Seed(bytes, ResourceFormat.Xml, [], [], []);
        var open = new Stack<int>();
        for (var at = bytes.AsSpan().IndexOf("?>"u8) + 2; at < bytes.Length;)
        {
            var start = at + bytes.AsSpan(at).IndexOf((byte)'<');
            var end = start + bytes.AsSpan(start).IndexOf((byte)'>') + 1;
            at = end;
            if (bytes[start + 1] == '/') seed.Members.Add(open.Pop()..end);
            else
            {
                seed.Names.Add((start + 1)..(start + 1 + bytes.AsSpan(start + 1).IndexOfAny(" />"u8)));
                for (var quote = start; bytes.AsSpan(quote, end - quote).IndexOf((byte)'"') is >= 0 and var found;)
                {
                    var close = quote + found + 1 + bytes.AsSpan(quote + found + 1).IndexOf((byte)'"');
                    seed.Values.Add((quote + found + 1)..close);
                    quote = close + 1;
                }
                if (bytes[end - 2] == '/') seed.Members.Add(start..end);
                else open.Push(start);
            }
            if (open.Count == 0) break;
        }
        return seed;
    }

    public override string ToString() => Encoding.UTF8.GetString(Bytes);
}
