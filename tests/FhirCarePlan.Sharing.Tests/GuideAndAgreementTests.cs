using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Sharing.Tests.Labelling;
using FhirCarePlan.Sharing.Tests.Views;

namespace FhirCarePlan.Sharing.Tests;

/// <summary>What the agreement names the guide can carry, and each code by which the guide files something has its category in the agreement
/// (src/docs/sharing.md#leaks, row 48).</summary>
public partial class GuideAndAgreementTests
{
    private const string Base = "https://fhir.cpa.example/CodeSystem/CPA-";
    private static readonly Dictionary<string, JsonNode> guide = Read();

    /// <summary>Codes of base R4 and of UK Core that the agreement names: https://hl7.org/fhir/R4/codesystem-observation-category.html.</summary>
    private static readonly HashSet<string> notOurs = ["vital-signs", "laboratory", "exam"];

    public static TheoryData<string, string, string> Named()
    {
        var (named, once) = (new TheoryData<string, string, string>(), new HashSet<(string, string, string)>());
        foreach (var category in Partnership.Protocol.Categories)
            foreach (var (type, expression) in category.Roots.Select(r => (r.Key, r.Value)).Concat(category.Elements.SelectMany(e => e.Value.Select(x => (e.Key, x)))))
                foreach (var code in CodeLiteral().Matches(expression).Select(m => m.Groups[1].Value).Where(c => !notOurs.Contains(c)))
                    if (once.Add((category.Id, type, code))) named.Add(category.Id, type, code);
        return named;
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void The_guide_can_carry_what_the_agreement_names(string category, string type, string code) =>
        Assert.True(Carried(type).Contains(code), $"No profile of {type} can carry `{code}`, by which the agreement claims `{category}`");

    public static TheoryData<string, string, string> Listed()
    {
        var listed = new TheoryData<string, string, string>();
        foreach (var list in Partnership.Protocol.Codes)
            foreach (var (system, codes) in list.Systems.Where(s => s.Key.StartsWith("https://fhir.cpa.example/", StringComparison.Ordinal)))
                foreach (var code in codes) listed.Add(list.Id, system, code);
        return listed;
    }

    [Theory]
    [MemberData(nameof(Listed))]
    public void Codes_of_ours_in_its_lists_are_codes_of_the_guide(string list, string system, string code) =>
        Assert.True(CodesOf(system).Contains(code), $"`{code}` of `{list}` is no code of {system}");

    /// <summary>Value set → the resource that files something by one of its codes, and the category that each code means. A code that is missing here, or
    /// here and not there, fails.</summary>
    private static readonly Dictionary<string, (string Resource, Dictionary<string, string> Categories)> filed = new()
    {
        ["CPA-FlagCategory"] = ("""{"resourceType":"Flag","status":"active","category":[{0}],"code":{"text":"x"},"subject":{"reference":"Patient/p"}}""", new()
        {
            ["crisis"] = "crisis-plan", ["safeguarding"] = "safeguarding", ["MAPPA"] = "forensic-history", ["MARAC"] = "safeguarding", ["reasonable-adjustment"] = "contact",
            ["staff-safety"] = "risk", ["forensic"] = "forensic-history", ["third-party"] = "third-party-information",
        }),
        ["CPA-ConditionCategory"] = ("""{"resourceType":"Condition","category":[{0}],"code":{"text":"x"},"subject":{"reference":"Patient/p"}}""", new()
        {
            // A need goes by its domain.
            ["need"] = "diagnosis", ["primary-diagnosis"] = "diagnosis", ["secondary-diagnosis"] = "diagnosis", ["physical-comorbidity"] = "physical-health",
            ["substance-misuse"] = "substance-misuse", ["forensic"] = "forensic-history",
        }),
        ["CPA-CommunicationCategory"] = ("""{"resourceType":"Communication","status":"completed","category":[{0}],"subject":{"reference":"Patient/p"}}""", new()
        {
            ["plan-copy"] = "care-plan-full", ["disclosure"] = "care-plan-full", ["withheld-notice"] = "care-plan-full", ["contact-attempt"] = "care-plan-full",
            ["support-information"] = "care-plan-full", ["safeguarding"] = "safeguarding",
        }),
        ["CPA-DocumentType"] = ("""{"resourceType":"DocumentReference","status":"current","type":{0},"subject":{"reference":"Patient/p"},"content":[{"attachment":{"url":"http://x.example"}}]}""", new()
        {
            ["736253002"] = "crisis-plan", ["325691000000100"] = "crisis-plan", ["2181441000000107"] = "care-plan-full", ["887701000000100"] = "care-plan-full",
            ["736366004"] = "care-plan-full", ["735324008"] = "care-plan-full", ["736373009"] = "care-plan-full",
        }),
        ["CPA-ObservationCode"] = ("""{"resourceType":"Observation","status":"final","code":{0},"subject":{"reference":"Patient/p"}}""", new()
        {
            ["accommodation"] = "accommodation", ["employment"] = "employment-education", ["benefits"] = "finance-benefits", ["education"] = "employment-education",
            ["settled-accommodation"] = "accommodation", ["hours-worked"] = "employment-education", ["physical-health-check"] = "assessment-detail",
        }),
        ["CPA-NeedDomain"] = ("""{"resourceType":"Condition","category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ConditionCategory","code":"need"}]}],"extension":[{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-NeedDomain","valueCodeableConcept":{0}}],"subject":{"reference":"Patient/p"}}""", new()
        {
            ["mental-health"] = "care-plan-full", ["physical-health"] = "physical-health", ["daily-living"] = "care-plan-full", ["daytime-activity"] = "employment-education",
            ["social-family"] = "care-plan-full", ["carers"] = "carer-information", ["finance-benefits"] = "finance-benefits", ["accommodation"] = "accommodation",
            ["risk"] = "risk", ["substance-misuse"] = "substance-misuse", ["equality-needs"] = "care-plan-full",
        }),
    };

    public static TheoryData<string> ValueSets => [.. filed.Keys];

    [Theory]
    [MemberData(nameof(ValueSets))]
    public void Each_code_of_the_guide_has_its_category_in_the_agreement(string valueSet)
    {
        var (resource, categories) = filed[valueSet];
        var codes = CodesOfValueSet(valueSet);
        Assert.Equal(codes.Select(c => c.Code).Order(), categories.Keys.Order());
        foreach (var (system, code) in codes)
        {
            var json = resource.Replace("{0}", $$"""{"coding":[{"system":"{{system}}","code":"{{code}}"}]}""");
            using var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
            Assert.Equal((code, categories[code]), (code, string.Join(' ', Partnership.Bits.NamesIn(Partnership.Labeller.Label(document).Root).Order())));
        }
    }

    // ---- the guide -----------------------------------------------------------------------------------------------------------------

    private static HashSet<string> Carried(string type)
    {
        var carried = new HashSet<string>();
        foreach (var profile in guide.Values.Where(d => (string?)d["resourceType"] == "StructureDefinition" && (string?)d["type"] == type)) Collect(profile, carried);
        return carried;
    }

    private static void Collect(JsonNode profile, HashSet<string> carried)
    {
        foreach (var element in profile["differential"]!["element"]!.AsArray())
        {
            foreach (var coding in (element!["patternCodeableConcept"]?["coding"] as JsonArray) ?? [])
                if ((string?)coding!["code"] is { } code) carried.Add(code);
            if ((string?)element["binding"]?["valueSet"] is { } bound) carried.UnionWith(CodesOfValueSet(bound.Split('/')[^1].Split('|')[0]).Select(c => c.Code));
            foreach (var used in ((element["type"] as JsonArray) ?? []).SelectMany(t => (t!["profile"] as JsonArray) ?? []))
                if (guide.TryGetValue(((string)used!).Split('/')[^1], out var extension)) Collect(extension, carried);
        }
    }

    private static List<(string System, string Code)> CodesOfValueSet(string id)
    {
        if (!guide.TryGetValue(id, out var set) || (string?)set["resourceType"] != "ValueSet")
            return guide.ContainsKey(id) ? [.. CodesOf($"https://fhir.cpa.example/CodeSystem/{id}").Select(c => ($"https://fhir.cpa.example/CodeSystem/{id}", c))] : [];
        return [.. set["compose"]!["include"]!.AsArray().SelectMany(include =>
        {
            var system = (string)include!["system"]!;
            return include["concept"] is JsonArray concepts ? concepts.Select(c => (system, (string)c!["code"]!)) : CodesOf(system).Select(c => (system, c));
        })];
    }

    private static HashSet<string> CodesOf(string system) =>
        guide.Values.FirstOrDefault(d => (string?)d["resourceType"] == "CodeSystem" && (string?)d["url"] == system)?["concept"]!.AsArray().Select(c => (string)c!["code"]!).ToHashSet() ?? [];

    private static Dictionary<string, JsonNode> Read()
    {
        var read = new Dictionary<string, JsonNode>();
        foreach (var file in Directory.GetFiles(Path.Combine(SharedData.Repository, "profiles"), "*.json").Order(StringComparer.Ordinal))
        {
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            // A code system and its value set share an id; the value set is asked for by it.
            if ((string?)json["id"] is { } id) read[(string?)json["resourceType"] == "CodeSystem" ? $"CodeSystem/{id}" : id] = json;
        }
        return read;
    }

    [GeneratedRegex("code = '([^']+)'")]
    private static partial Regex CodeLiteral();
}
