using System.Buffers;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Profiles;

namespace FhirCarePlan.SecondOpinion.Tests;

/// <summary>Our snapshots of the CPA profiles are those of Firely's generator. The generators differ in a few habits (SnapshotFamilies);
/// the file lists for each profile how many lines each habit explains, and a line that none explains fails.</summary>
public class SnapshotTests
{
    [Fact]
    public async Task Of_every_profile_of_the_guide()
    {
        var firely = new FirelySnapshots(Given.CpaByFirely());
        var (found, unknown) = (new List<KnownDifference>(), new List<string>());
        var count = 0;
        foreach (var file in Given.Cpa.Files.Where(f => f.ResourceType == "StructureDefinition"))
        {
            if (Given.CpaByUs.Snapshot(file.Url!) is not { } snapshot) continue;
            count++;
            var (ours, theirs) = (Lines(Elements(snapshot)).ToHashSet(), Lines((await firely.Elements(file.Url!))!).ToHashSet());
            var family = new SnapshotFamilies(ours);
            var (onlyOurs, onlyTheirs) = (ours.Except(theirs).ToLookup(family.OfOurs), theirs.Except(ours).ToLookup(family.OfTheirs));
            unknown.AddRange(onlyOurs[SnapshotFamilies.Unknown].Select(l => $"{file.Id}: only ours {l}")
                .Concat(onlyTheirs[SnapshotFamilies.Unknown].Select(l => $"{file.Id}: only theirs {l}")));
            if (onlyOurs.Count + onlyTheirs.Count > 0) found.Add(new("snapshots", file.Id!, Counts(onlyOurs), Counts(onlyTheirs), ""));
        }
        Assert.True(count > 60, $"{count} profiles");
        Assert.True(unknown.Count == 0, string.Join('\n', unknown));
        KnownDifferences.Read("snapshots.json").Compare("snapshots", found);
    }

    private static string[] Counts(ILookup<string, string> lines) => [.. lines.OrderBy(l => l.Key).Select(l => $"{l.Key} {l.Count()}")];

    private static List<JsonElement> Elements(Snapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) SnapshotJson.Write(snapshot, json);
        return [.. JsonDocument.Parse(buffer.WrittenMemory).RootElement.GetProperty("element").EnumerateArray()];
    }

    /// <summary>What an element asks: a line each for path, cardinality, types, binding, slicing, rules, fixed values and limits.</summary>
    private static List<string> Lines(IReadOnlyList<JsonElement> elements) =>
        [.. elements.SelectMany(e => Asks(e).Select(a => $"{Text(e, "id")} {a}"))];

    private static IEnumerable<string> Asks(JsonElement e)
    {
        yield return $"is {Text(e, "path")} {Text(e, "min")}..{Text(e, "max")}";
        foreach (var type in Items(e, "type")) yield return $"type {TypeOf(type)}";
        if (e.TryGetProperty("binding", out var binding)) yield return $"binding {Text(binding, "strength")} {Unpinned(Text(binding, "valueSet"))}";
        if (e.TryGetProperty("slicing", out var slicing))
            yield return $"slicing {string.Join(",", Items(slicing, "discriminator").Select(d => $"{Text(d, "type")}:{Text(d, "path")}"))} {Text(slicing, "rules")}";
        foreach (var rule in Items(e, "constraint")) yield return $"rule {Text(rule, "key")} {Text(rule, "severity")}";
        foreach (var property in e.EnumerateObject())
            if (property.Name is "maxLength" or "mustSupport" or "isModifier" or "contentReference" or "sliceName"
                || property.Name.StartsWith("fixed", StringComparison.Ordinal)
                    || property.Name.StartsWith("pattern", StringComparison.Ordinal)
                || property.Name.StartsWith("minValue", StringComparison.Ordinal)
                    || property.Name.StartsWith("maxValue", StringComparison.Ordinal))
                // Nothing said and `false` are one.
                if (property.Value.ValueKind != JsonValueKind.False) yield return $"{property.Name} {Canonical(property.Value)}";
    }

    private static string TypeOf(JsonElement type)
    {
        var code = Text(type, "code");
        // Ids and urls are types of FHIRPath where R4 publishes them.
        if (code.StartsWith("http://hl7.org/fhirpath/", StringComparison.Ordinal) || code is "id" or "string" or "uri") code = "text";
        return $"{code}[{Canonicals(type, "profile")}]({Canonicals(type, "targetProfile")})";
    }

    private static string Canonicals(JsonElement type, string name) =>
        string.Join("|", Items(type, name).Select(c => Unpinned(c.ToString())));

    /// <summary>We name R4's version in what we repeat of R4's types, as HL7's publisher does; Firely does not.</summary>
    private static string Unpinned(string canonical) =>
        canonical.EndsWith("|4.0.1", StringComparison.Ordinal) ? canonical[..^"|4.0.1".Length] : canonical;

    private static string Canonical(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? $"{{{string.Join(",", value.EnumerateObject().OrderBy(p => p.Name).Select(p => $"{p.Name}:{Canonical(p.Value)}"))}}}"
        : value.ValueKind == JsonValueKind.Array ? $"[{string.Join(",", value.EnumerateArray().Select(Canonical))}]" : value.ToString();

    private static string Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static IEnumerable<JsonElement> Items(JsonElement e, string name) =>
        e.TryGetProperty(name, out var items) ? items.EnumerateArray() : [];
}
