using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>One line per code system with its codes, one per value set: whole code systems by name, other codes by system, and the systems
/// it leaves undecided.</summary>
internal static class TerminologyFacts
{
    public static void WriteCodeSystems(Terminology terminology, FactLines lines)
    {
        foreach (var codeSystem in terminology.CodeSystems.Values.OrderBy(c => c.Url, StringComparer.Ordinal))
            lines.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("codes", codeSystem.Url);
                WriteTexts(json, "list", codeSystem.Codes);
                if (codeSystem.Abstract.Count > 0) WriteTexts(json, "abstract", codeSystem.Abstract);
                if (!codeSystem.IsComplete) WriteTexts(json, "open", [codeSystem.Url]);
                json.WriteEndObject();
            });
    }

    public static void WriteValueSets(Terminology terminology, FactLines lines)
    {
        foreach (var url in terminology.ValueSets)
            lines.Add(json => WriteSet(json, url, terminology.Decide(url), terminology));
    }

    private static void WriteSet(Utf8JsonWriter json, string url, CodeLists set, Terminology terminology)
    {
        var lists = set.Lists.ToLookup(l => terminology.CodeSystems.TryGetValue(l.System, out var whole)
            && whole.Codes.SequenceEqual(l.Codes));
        json.WriteStartObject();
        json.WriteString("set", url);
        if (lists[true].Any()) WriteTexts(json, "all", lists[true].Select(l => l.System));
        if (lists[false].Any())
        {
            json.WriteStartObject("some");
            foreach (var (system, codes) in lists[false]) WriteTexts(json, system, codes);
            json.WriteEndObject();
        }
        if (set.Open.Count > 0) WriteTexts(json, "open", set.Open);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
