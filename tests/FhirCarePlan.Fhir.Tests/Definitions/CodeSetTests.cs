using System.Text;
using System.Text.Json;
using System.IO.Compression;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Tests.Definitions;

public class CodeSetTests
{
    private const string Core = "http://hl7.org/fhir/ValueSet/";
    private const string V3 = "http://terminology.hl7.org/CodeSystem/v3-";

    [Theory]
    [InlineData("request-status", null, "active", true)]
    [InlineData("request-status|4.0.1", null, "active", true)]
    [InlineData("request-status", "http://hl7.org/fhir/request-status", "on-hold", true)]
    [InlineData("request-status", null, "Active", false)]
    [InlineData("request-status", null, "", false)]
    [InlineData("request-status", "http://hl7.org/fhir/other", "active", false)]
    [InlineData("administrative-gender", null, "unknown", true)]
    [InlineData("resource-types", null, "CarePlan", true)]
    [InlineData("all-types", null, "Element", true)] // from two code systems
    [InlineData("item-type", null, "group", true)]
    [InlineData("item-type", null, "question", false)] // only groups others
    [InlineData("security-labels", V3 + "Confidentiality", "R", true)]
    [InlineData("security-labels", V3 + "ActCode", "PSY", true)] // by is-a
    [InlineData("security-labels", V3 + "ActCode", "AMB", false)]
    [InlineData("consent-category", V3 + "ActCode", "INFA", true)]
    [InlineData("condition-severity", "http://snomed.info/sct", "24484000", true)] // listed one by one
    [InlineData("condition-severity", "http://snomed.info/sct", "1", false)]
    [InlineData("relatedperson-relationshiptype", "http://terminology.hl7.org/CodeSystem/v2-0131", "N", true)] // several systems
    [InlineData("relatedperson-relationshiptype", V3 + "RoleCode", "WIFE", true)]
    [InlineData("units-of-time", null, "wk", true)] // UCUM, but listed
    [InlineData("units-of-time", null, "week", false)]
    [InlineData("languages", "urn:ietf:bcp:47", "en-GB", true)]
    [InlineData("all-languages", null, "en-GB", null)] // BCP 47 is a grammar
    [InlineData("mimetypes", null, "text/plain", null)]
    [InlineData("ucum-units", "http://unitsofmeasure.org", "mg", null)]
    [InlineData("currencies", null, "GBP", null)]
    [InlineData("condition-code", "http://snomed.info/sct", "84757009", null)]
    [InlineData("condition-code", "http://loinc.org", "1-8", false)] // whatever SNOMED says, this is not it
    [InlineData("service-type", "http://terminology.hl7.org/CodeSystem/service-type", "1", true)]
    [InlineData("service-type", "http://terminology.hl7.org/CodeSystem/service-type", "9999", null)] // an example list: there may be more
    public void Says_whether_a_code_is_a_member(string valueSet, string? system, string code, bool? member)
    {
        var codes = R4.ValueSet(Core + valueSet)!;
        Assert.Equal(member, codes.Contains(system, code));
        Assert.Equal(member, codes.Contains(Encoding.UTF8.GetBytes(system ?? ""), Encoding.UTF8.GetBytes(code)));
    }

    [Fact]
    public void A_code_of_any_length_is_only_not_a_member() =>
        Assert.False(R4.ValueSet(Core + "request-status")!.Contains(new string('s', 5_000), new string('c', 1_000_000)));

    [Fact]
    public void An_unknown_value_set_is_null() => Assert.Null(R4.ValueSet(Core + "no-such-set"));

    [Fact]
    public void Names_some_codes_for_messages_in_definition_order()
    {
        Assert.Equal(["draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"],
            R4.ValueSet(Core + "request-status")!.Some);
        Assert.Equal(12, R4.ValueSet(Core + "resource-types")!.Some.Count);
        Assert.Empty(R4.ValueSet(Core + "mimetypes")!.Some);
    }

    [Theory]
    [InlineData(V3 + "ActCode", "AMB", true)]
    [InlineData(V3 + "ActCode", "_ActConsentType", true)] // abstract, yet a code of the system
    [InlineData(V3 + "ActCode", "nonsense", false)]
    [InlineData("http://terminology.hl7.org/CodeSystem/service-type", "9999", null)]
    public void A_code_system_knows_its_codes(string system, string code, bool? known) =>
        Assert.Equal(known, R4.CodeSystem(system)!.Contains(system, code));

    [Theory]
    [InlineData("http://snomed.info/sct")]
    [InlineData("http://loinc.org")]
    [InlineData("http://unitsofmeasure.org")]
    public void Systems_that_R4_does_not_list_are_null(string system) => Assert.Null(R4.CodeSystem(system));

    /// <summary>The expansions leave out deprecated codes (they stay members) and children stated by a property; LOINC lists are cut at
    /// 1,000.</summary>
    [SharedFact]
    public void Every_code_of_an_official_expansion_is_a_member_or_undecided()
    {
        var checkedSets = 0;
        using var lines = new StreamReader(new GZipStream(
            File.OpenRead(SharedData.Folder("data/definitions/ValueSet-expansions.ndjson.gz")!), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var expansion = JsonDocument.Parse(line);
            var url = expansion.RootElement.GetProperty("url").GetString()!;
            if (R4.ValueSet(url) is not { } codes) continue;
            checkedSets++;
            foreach (var code in expansion.RootElement.GetProperty("codes").EnumerateArray())
                Assert.False(codes.Contains(code[0].GetString()!, code[1].GetString()!) == false, $"{url}: {code}");
        }
        Assert.InRange(checkedSets, 1000, 1200);
    }
}
