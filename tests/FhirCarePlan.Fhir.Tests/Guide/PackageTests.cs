using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>The package under `profiles/` as a whole.</summary>
public class PackageTests
{
    public static TheoryData<string> Definitions => [.. Check.Cpa.Package.Files.Select(f => f.Source)];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_definition_is_valid_R4(string file) => Assert.Empty(Check.Base(Read(file)).Errors());

    [Fact]
    public void Whatever_is_named_is_there()
    {
        var urls = Check.Cpa.Package.Files.Select(f => f.Url).ToHashSet();
        var named = Check.Cpa.Package.Files
            .SelectMany(f =>
                Regex.Matches(Encoding.UTF8.GetString(f.Utf8.Span),
                "https://fhir\\.cpa\\.example/(StructureDefinition|ValueSet|CodeSystem|Questionnaire|SearchParameter|ImplementationGuide)/[A-Za-z0-9.-]+"))
            .Select(m => m.Value.TrimEnd('.')).Distinct();
        Assert.Equal([], named.Except(urls));
    }

    [Fact]
    public void Whatever_of_R4_is_named_is_there_too()
    {
        var named = Check.Cpa.Package.Files.SelectMany(f =>
            Regex.Matches(Encoding.UTF8.GetString(f.Utf8.Span),
            "\"(?:valueSet|baseDefinition|derivedFrom|definition)\": \"(http://hl7\\.org/fhir/[^\"|]+)"))
            .Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(u => !IsR4(u)));
    }

    private static bool IsR4(string url) => url.Split('/')[4] switch
    {
        "ValueSet" => R4.ValueSet(url) is not null,
        "StructureDefinition" => R4.Type(url[(url.LastIndexOf('/') + 1)..]) is not null,
        "SearchParameter" => R4.SearchParameters.Any(p => p.Url == url),
        _ => true,
    };

    /// <summary>The form itself comes with the package; no server has to keep others.</summary>
    [Fact]
    public void What_a_server_must_do_names_every_profile_and_search_parameter()
    {
        var statement = Read("CapabilityStatement-CPA-Server.json");
        var missing = Check.Cpa.Package.Files.Where(f => f.ResourceType is "SearchParameter"
            || (f.ResourceType == "StructureDefinition" && Check.Cpa.Profile(f.Url!) is { IsExtension: false }))
            .Where(f => !statement.Contains($"\"{f.Url}\"", StringComparison.Ordinal));
        Assert.Equal(["CPA-SingleAssessment"], missing.Select(f => f.Id));
    }

    [Fact]
    public void The_guide_lists_everything()
    {
        var guide = JsonDocument.Parse(Read("ImplementationGuide-cpa.fhir.json")).RootElement;
        var listed = guide.GetProperty("definition").GetProperty("resource").EnumerateArray()
            .Select(r => r.GetProperty("reference").GetProperty("reference").GetString()!);
        Assert.Equal(Check.Cpa.Package.Files.Select(f => $"{f.ResourceType}/{f.Id}").Where(r => r != "ImplementationGuide/cpa.fhir")
            .Order(), listed.Order());
    }

    [Fact]
    public void Every_invariant_has_a_case_that_breaks_it()
    {
        var broken = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Repository, "samples", "expectations.json"))).RootElement
            .EnumerateArray().SelectMany(c => c.GetProperty("expect").EnumerateArray()).Select(i => i.GetProperty("key").GetString()!)
                .ToHashSet();
        var invariants = Check.Cpa.Package.Files.SelectMany(f =>
            Regex.Matches(Encoding.UTF8.GetString(f.Utf8.Span), "\"key\": \"(cpa-[a-z]+-[0-9]+)\"")).Select(m => m.Groups[1].Value)
            .Distinct().ToList();
        Assert.Equal(55, invariants.Count);
        Assert.Equal([], invariants.Except(broken));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(SharedData.Repository, "profiles", file));
}
