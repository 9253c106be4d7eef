using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation.Suites;

namespace FhirCarePlan.Fhir.Tests.Definitions.Profiles;

/// <summary>Snapshots equal the published ones.</summary>
public class SnapshotSuiteTests
{
    [SharedTheory]
    [InlineData("R4", "data/definitions/StructureDefinition.ndjson.gz", 439)] // 46 profiles and 393 extensions
    [InlineData("IPS", "data/packages/ips-2.0.0/StructureDefinition.ndjson.gz", 14)]
    [InlineData("extensions", "data/packages/extensions-r4-5.3.0/StructureDefinition.ndjson.gz", 430)]
    public void Is_as_published(string package, string path, int pairs)
    {
        var lines = Outside.Lines(path);
        var set = DefinitionSet.Base.With(Outside.Lines("data/definitions/StructureDefinition.ndjson.gz"), new Report());
        if (package != "R4") set = set.With(Outside.Lines("data/packages/extensions-r4-5.3.0/StructureDefinition.ndjson.gz"), new Report());
        if (package == "IPS") set = set.With(lines, new Report());
        var different = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var file in lines.Files)
        {
            var published = JsonDocument.Parse(file.Utf8).RootElement;
            if (Text(published, "derivation") != "constraint" || !published.TryGetProperty("snapshot", out var snapshot)) continue;
            count++;
            var wanted = snapshot.GetProperty("element").EnumerateArray().Select(Published).ToList();
            var found = set.Snapshot(file.Url!)!.Elements().Select(Generated).ToList();
            if (!wanted.SequenceEqual(found))
                different[$"{package} {file.Id}"] = wanted.Except(found).FirstOrDefault() ?? "more than published";
        }
        Assert.Equal(pairs, count);
        Assert.Equal(Known.Read("snapshots.json").Keys.Where(k => k.StartsWith(package + " ", StringComparison.Ordinal)), different.Keys);
    }

    [SharedFact]
    public void Of_UK_Core_with_every_element_once()
    {
        var set = Outside.R4WithProfiles.With(Outside.Lines("data/ukcore/structuredefinitions.ndjson.gz"), new Report());
        var count = 0;
        foreach (var file in set.Package.Files)
        {
            count++;
            var report = new Report();
            var snapshot = set.Snapshot(file.Url!, report);
            Assert.True(snapshot != null, $"{file.Url}: {report.Issues.LastOrDefault()?.Text}");
            Assert.Empty(report.Issues);
            var ids = snapshot.Elements().Select(e => e.Id!).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
            // The id of one element is written otherwise than its slice name.
            var absent = snapshot.Profile.Differential.Select(e => e.Id!).Except(ids, StringComparer.OrdinalIgnoreCase);
            Assert.Empty(absent);
        }
        Assert.Equal(153, count);
    }

    private static string Published(JsonElement e) =>
        string.Join(" ", Text(e, "id"), Text(e, "path"), $"{Text(e, "min")}..{Text(e, "max")}",
        string.Join(",", Items(e, "type")
            .Select(t =>
            Type(Text(t, "code"), Items(t, "profile").Select(p => p.GetString()!), Items(t, "targetProfile").Select(p => p.GetString()!)))),
        e.TryGetProperty("binding", out var b) ? $"{Text(b, "strength")}={Text(b, "valueSet")}" : "",
        string.Join(",", Items(e, "constraint").Select(c => Text(c, "key")).Order()),
        e.TryGetProperty("slicing", out var s)
            ? $"{string.Join(",", Items(s, "discriminator").Select(d => $"{Text(d, "type")}:{Text(d, "path")}"))} {Text(s, "rules")}".ToLowerInvariant() : "", Text(e, "contentReference"));

    private static string Generated(ElementDefinition e) =>
        string.Join(" ", e.Id, e.Path, $"{e.Min}..{(e.Max == int.MaxValue ? "*" : $"{e.Max}")}",
        string.Join(",", e.Types.Select(t => Type(t.Code, t.Profiles, t.Targets))),
        e.Binding is { } b ? $"{b.Strength!.ToString()!.ToLowerInvariant()}={b.ValueSet}" : "",
        string.Join(",", e.Constraints.Select(c => c.Key).Order()),
        e.Slicing is { } s ? $"{string.Join(",", s.Discriminators.Select(d => $"{d.Type}:{d.Path}"))} {s.Rules}".ToLowerInvariant() : "", e.ContentReference);

    /// <summary>Ids and urls of extensions are published as types of FHIRPath.</summary>
    private static string Type(string code, IEnumerable<string> profiles, IEnumerable<string> targets)
    {
        var plain = code.StartsWith("http://hl7.org/fhirpath/", StringComparison.Ordinal) || code is "id" or "string" or "uri"
            ? "text" : code;
        return $"{plain}[{string.Join("|", profiles)}]({string.Join("|", targets)})";
    }

    private static string Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static IEnumerable<JsonElement> Items(JsonElement e, string name) =>
        e.TryGetProperty(name, out var items) ? items.EnumerateArray() : [];
}
