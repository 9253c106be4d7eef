using System.Text.Json;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>The package has everything that the CPA model lists, under the names that others build on: `tests/cases/domain.json`.</summary>
public class DomainTests
{
    private const string Base = "https://fhir.cpa.example/";

    public static IEnumerable<object[]> Facts => Rows.Select(r => (object[])[Text(r, "fact"), Text(r, "of")]);

    private static List<JsonElement> Rows { get; } =
        [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Repository, "tests", "cases", "domain.json")))
        .RootElement.EnumerateArray()];

    [Theory]
    [MemberData(nameof(Facts))]
    public void The_package_has_it(string fact, string of)
    {
        var wanted = Rows.Single(r => Text(r, "fact") == fact && Text(r, "of") == of).GetProperty("holds");
        if (wanted.ValueKind == JsonValueKind.Number)
        {
            Assert.Equal(wanted.GetInt32(), Codes("ValueSet", of).Count());
            return;
        }
        var found = (fact switch
        {
            "codeSystem" => Codes("CodeSystem", of),
            "searchParameter" => Check.Cpa.All("SearchParameter").Select(f => JsonDocument.Parse(f.Utf8).RootElement)
                .Where(p => p.GetProperty("base").EnumerateArray().Any(b => b.GetString() == of))
                    .Select(p => $"{Text(p, "code")} {Text(p, "type")}"),
            "extension" => Extensions(of),
            "part" => Parts(of),
            "profile" =>
                Check.Cpa.All("StructureDefinition").Where(f => !f.Id!.StartsWith("Extension-", StringComparison.Ordinal))
                .Select(f => f.Id!),
            _ => throw new InvalidOperationException(fact),
        }).ToHashSet();
        Assert.Equal([], wanted.EnumerateArray().Select(w => w.GetString()!).Where(w => !found.Contains(w)));
    }

    /// <summary>`Level 0..1`, and the name alone.</summary>
    private static IEnumerable<string> Extensions(string profile) => Check.Cpa.Snapshot($"{Base}StructureDefinition/{profile}")!.Elements()
        .Where(e => e.SliceName is not null)
            .SelectMany(e => e.Types.SelectMany(t => t.Profiles)
            .Where(p => p.StartsWith($"{Base}StructureDefinition/Extension-CPA-", StringComparison.Ordinal))
        .Select(p => p[$"{Base}StructureDefinition/Extension-CPA-".Length..])
            .SelectMany(name => (string[])[name, $"{name} {e.Min}..{Max(e.Max)}"]));

    /// <summary>`nextReviewDate 1..1 date`.</summary>
    private static IEnumerable<string> Parts(string extension)
    {
        var elements = Check.Cpa.Snapshot($"{Base}StructureDefinition/Extension-CPA-{extension}")!.Elements();
        return elements.Where(e => e.SliceName is not null)
            .Select(e =>
            $"{e.SliceName} {e.Min}..{Max(e.Max)} {string.Join('|', elements.Single(v => v.Id == e.Id + ".value[x]").Types.Select(t => t.Code))}");
    }

    private static IEnumerable<string> Codes(string type, string id)
    {
        var root = JsonDocument.Parse(Check.Cpa.All(type).Single(f => f.Id == id).Utf8).RootElement;
        var holders = type == "CodeSystem" ? [root] : root.GetProperty("compose").GetProperty("include").EnumerateArray().ToArray();
        return holders.SelectMany(h => h.GetProperty("concept").EnumerateArray()).Select(c => Text(c, "code"));
    }

    private static string Max(int? max) => max is null or int.MaxValue ? "*" : $"{max}";

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
