using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

/// <summary>`:in`, `:not-in`, `:above`, `:below`, `:of-type`, and `:text` of strings. https://hl7.org/fhir/R4/search.html#modifiers</summary>
public class CodesMeantTests
{
    private const string Female = """{"resourceType":"Patient","id":"a","gender":"female","identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"urn:h","value":"A|1"},{"type":{"coding":[{"system":"urn:t","code":"X"}]},"value":"b"}],"name":[{"text":"Ann Mary O'Brien-Lee"}]}""";
    private const string Encounter = """{"resourceType":"Encounter","id":"a","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"ACUTE"}}""";
    private const string Access = """{"resourceType":"Consent","id":"a","status":"active","scope":{"text":"x"},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"INFA"}]}]}""";

    [Theory]
    [InlineData("Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender", Female, true)]
    [InlineData("Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1", Female, true)]
    [InlineData("Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender", Female, false)]
    [InlineData("Patient?gender:in=http://hl7.org/fhir/ValueSet/address-use", Female, false)]
    [InlineData("Patient?gender:not-in=http://hl7.org/fhir/ValueSet/address-use", Female, true)]
    [InlineData("Patient?gender:in=http://hl7.org/fhir/ValueSet/address-use,http://hl7.org/fhir/ValueSet/administrative-gender", Female, true)]
    [InlineData("Encounter?class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|IMP", Encounter, true)] // acute is a kind of inpatient
    [InlineData("Encounter?class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|ACUTE", Encounter, true)]
    [InlineData("Encounter?class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|AMB", Encounter, false)]
    [InlineData("Encounter?class:above=http://terminology.hl7.org/CodeSystem/v3-ActCode|ACUTE", Encounter, true)]
    [InlineData("Encounter?class:above=http://terminology.hl7.org/CodeSystem/v3-ActCode|IMP", Encounter, false)]
    [InlineData("Consent?category:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|INFA", Access, true)]
    [InlineData("Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|A\\|1", Female, true)]
    [InlineData("Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|mr|a\\|1", Female, true)]
    [InlineData("Patient?identifier:of-type=urn:t|X|A\\|1", Female, false)] // the type of one, the value of another
    [InlineData("Patient?identifier:of-type=urn:t|X|b", Female, true)]
    [InlineData("Patient?identifier:of-type=urn:h|MR|A\\|1", Female, false)] // the system of the identifier is not that of its type
    [InlineData("Patient?name:text=lee ann", Female, true)]
    [InlineData("Patient?name:text=mar", Female, true)]
    [InlineData("Patient?name:text=ary", Female, false)]
    public void Means_the_codes_at_hand(string url, string json, bool isFound) => Assert.Equal(isFound, Given.Finds(url, json));

    [Theory]
    [InlineData("Patient?gender:in=http://nowhere.example/vs")]
    [InlineData("Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender|9.9")]
    [InlineData("Patient?gender:not-in=http://hl7.org/fhir/ValueSet/languages|")]
    [InlineData("Condition?code:in=http://hl7.org/fhir/ValueSet/condition-code")] // codes of SNOMED CT, which are not all known
    [InlineData("Condition?code:not-in=http://hl7.org/fhir/ValueSet/condition-code")]
    [InlineData("Condition?code:below=http://snomed.info/sct|58214004")]
    [InlineData("Condition?code:below=58214004")]
    [InlineData("Encounter?class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|nonsense")]
    [InlineData("Patient?identifier:of-type=MR|1")]
    [InlineData("Patient?identifier:of-type=|MR|1")]
    [InlineData("Patient?identifier:of-type=a|b|")]
    [InlineData("Patient?gender:of-type=a|b|c")]
    [InlineData("Patient?deceased:in=http://hl7.org/fhir/ValueSet/administrative-gender")]
    [InlineData("ValueSet?url:below=urn:oid:1.2.3")]
    [InlineData("Patient?name:in=x")]
    [InlineData("Patient?birthdate:below=2000")]
    public void What_cannot_be_decided_is_refused(string url)
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse(url[..url.IndexOf('?')], url[(url.IndexOf('?') + 1)..], report));
        Assert.NotEmpty(report.Issues[0].Text);
    }

    [Theory]
    [InlineData("url:below=http://x.example/a", true)]
    [InlineData("url:below=http://x.example/a/", true)]
    [InlineData("url:below=http://x.example/a/b", true)]
    [InlineData("url:below=http://x.example/a/b/c", false)]
    [InlineData("url:below=http://x.example/", true)]
    [InlineData("url:below=http://x.ex", false)]
    [InlineData("url:above=http://x.example/a/b/c", true)]
    [InlineData("url:above=http://x.example/a", false)]
    [InlineData("url:above=http://x.example/a/bc", false)]
    public void Addresses_stand_above_and_below_each_other_by_their_slashes(string query, bool isFound) =>
        Assert.Equal(isFound, Given.Finds($"ValueSet?{query}", """{"resourceType":"ValueSet","id":"a","url":"http://x.example/a/b","status":"active"}"""));
}
