using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>Everything that a profile or an extension of ours adds to R4 (an invariant, a slice, a binding, a cardinality, a fixed value)
/// has one sample that keeps it and one that breaks it and is found out. The list comes from the differentials.</summary>
public class CoverageTests
{
    private static readonly Lazy<HashSet<string>> Kept = new(() => [.. Sample.All.Where(s => s.IsValid).SelectMany(KeptBy)]);
    private static readonly Lazy<HashSet<string>> Broken = new(() =>
        [.. Sample.All.Where(s => !s.IsValid).Concat(Sample.All.Where(s => s.IsValid)).SelectMany(BrokenBy)]);

    public static TheoryData<string> Names => [.. Check.Cpa.All("StructureDefinition").Select(f => f.Id!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_thing_it_adds_has_a_valid_and_an_invalid_sample(string name)
    {
        var profile = Check.Cpa.Profile($"https://fhir.cpa.example/StructureDefinition/{name}")!;
        var added = Added(profile).Distinct().ToList();
        var missing = added.Where(a => !Broken.Value.Contains(a.Fault)).Select(a => $"no sample breaks {a.Fault}")
            .Concat(added.Where(a => !Kept.Value.Contains(a.Place)).Select(a => $"no valid sample has {a.Place}").Distinct()).ToList();
        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    /// <param name="Place">The element that a valid sample must have: `profile id`.</param>
    /// <param name="Fault">What an invalid sample must give: `profile key element`.</param>
    private sealed record Addition(string Place, string Fault);

    private static IEnumerable<Addition> Added(StructureDefinition profile)
    {
        var elements = Check.Cpa.Snapshot(profile.Url)!.Elements().ToDictionary(e => e.Id!);
        foreach (var element in profile.Differential)
        {
            var id = element.Id!;
            var place = $"{profile.Url} {id}";
            foreach (var rule in element.Constraints) yield return new(place, $"{profile.Url} {rule.Key}");
            if (id.IndexOf('.') < 0) continue;
            var parent = Plain(id[..id.LastIndexOf('.')]);
            var whole = elements.GetValueOrDefault(id, element);
            var root = element.SliceName is null ? R4.Type(profile.Type) is { } type ? Find(type, element.Path) : null : null;
            if (element.SliceName is { } slice)
            {
                if (element.Min > 0) yield return new(place, $"{profile.Url} slice-cardinality {parent} {slice} few");
                if (element.Max is { } most and not int.MaxValue and > 0)
                    yield return new(place, $"{profile.Url} slice-cardinality {parent} {slice} many");
            }
            else if (root is not null)
            {
                if (element.Min > root.Min && !IsDecider(profile, element))
                    yield return new(place, $"{profile.Url} cardinality {parent} {element.Name.Replace("[x]", "")} few");
                if (element.Max < root.Max && element.Max > 0)
                    yield return new(place, $"{profile.Url} cardinality {parent} {element.Name.Replace("[x]", "")} many");
            }
            if (element.Binding?.Strength == BindingStrength.Required && whole.Max > 0)
                yield return new(place, $"{profile.Url} required-binding {Plain(id)}");
            if (!element.Fixed.IsMissing && !IsDecider(profile, element)) yield return new(place, $"{profile.Url} fixed {Plain(id)}");
            if (!element.Pattern.IsMissing && element.SliceName is null && !IsDecider(profile, element))
                yield return new(place, $"{profile.Url} pattern {Plain(id)}");
        }
    }

    /// <summary>A slice's discriminator cannot be wrong: an instance with another value there is not in the slice.</summary>
    private static bool IsDecider(StructureDefinition profile, ElementDefinition element)
    {
        var id = element.Id!;
        return id.Contains(':', StringComparison.Ordinal)
            && profile.Differential.Any(e => e.Slicing is { } slicing && slicing.Discriminators.Any(d =>
            Plain(id) == Plain(e.Id!) + (d.Path == "$this" ? "" : "." + d.Path)))
                || element.Path.EndsWith("xtension.url", StringComparison.Ordinal);
    }

    private static IEnumerable<string> KeptBy(Sample sample)
    {
        using var document = JsonParser.Parse(sample.Json, new Report())!;
        foreach (var (_, places) in SnapshotWalk.Of(document.Root, sample.Profile, Check.Cpa))
            foreach (var place in places) yield return $"{place.Profile} {place.Id}";
    }

    private static IEnumerable<string> BrokenBy(Sample sample)
    {
        var report = Check.With(Check.CpaPackage, System.Text.Encoding.UTF8.GetString(sample.Json), [sample.Profile]);
        foreach (var issue in report.Issues.Where(i => i.Profile is not null
            && (i.IsError || i.Key!.StartsWith("cpa-", StringComparison.Ordinal))))
        {
            var words = issue.Text.Split('`');
            var at = Within(issue);
            if (issue.Key!.StartsWith("cpa-", StringComparison.Ordinal)) yield return $"{issue.Profile} {issue.Key}";
            else if (issue.Key is "cardinality" or "slice-cardinality")
                yield return $"{issue.Profile} {issue.Key} {at} {words[1]} {(issue.Code == IssueType.Required ? "few" : "many")}";
            else yield return $"{issue.Profile} {issue.Key} {at}";
        }
    }

    /// <summary>Its place in the profile that found it: `Extension.value` for `CarePlan.extension[3].value` when an extension's definition
    /// did.</summary>
    private static string Within(Issue issue)
    {
        var path = System.Text.RegularExpressions.Regex.Replace(issue.Expression, @"\[[0-9]+\]", "");
        if (Check.Cpa.Profile(issue.Profile!) is not { IsExtension: true }) return path;
        // The definition may be of an extension inside an extension; the outermost that it can be is meant.
        var first = path.Split('.').TakeWhile(p => p is not ("extension" or "modifierExtension")).Count();
        return string.Join('.', path.Split('.').Skip(first + 1).Prepend("Extension"));
    }

    private static string Plain(string id) =>
        string.Join('.', id.Split('.').Select(p => p.Split(':')[0].Replace("[x]", "", StringComparison.Ordinal)));

    private static ElementInfo? Find(TypeInfo type, string path)
    {
        ElementInfo? element = null;
        foreach (var name in path.Split('.').Skip(1))
        {
            if (type.Element(name.Replace("[x]", "", StringComparison.Ordinal)) is not { } next) return null;
            element = next;
            type = next.Types[0].Type;
        }
        return element;
    }
}
