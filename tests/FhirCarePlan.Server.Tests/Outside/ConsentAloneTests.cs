using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>One organisation's own server takes any reference that R4 allows for the person of a resource, except in a Consent, which must
/// bind.</summary>
public class ConsentAloneTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private HttpClient Client => organisation.Client;

    [Fact]
    public async Task A_number_binds_while_one_patient_has_it()
    {
        await Put("""{"resourceType":"Patient","id":"one","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}""");
        var bound = await Client.Post("Consent", Consent(Number));
        Assert.Equal("Patient/one", (string?)bound.Json["patient"]!["reference"]);
        Assert.Equal("9990000018", (string?)bound.Json["patient"]!["identifier"]!["value"]);

        await Put("""{"resourceType":"Patient","id":"two","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"999 000 0018"}]}""");
        var ambiguous = await Client.Post("Consent", Consent(Number));
        Assert.Equal(["about"], ambiguous.ErrorKeys);
        Assert.Equal((await Client.Post("Consent", Consent(Number.Replace("18", "26", StringComparison.Ordinal)))).Whole, ambiguous.Whole);
    }

    [Theory]
    [InlineData("""{"display":"Robin"}""")]
    [InlineData("""{"reference":"http://elsewhere.example/fhir/Patient/robin"}""")]
    [InlineData("""{"reference":"Patient/nobody"}""")]
    [InlineData("""{"reference":"#p"}""")]
    [InlineData(Number)]
    public async Task Everything_else_is_kept_as_it_was_sent(string who)
    {
        var sent =
            $$"""{"resourceType":"Observation","contained":[{"resourceType":"Patient","id":"p"}],"status":"final","code":{"text":"x"},"subject":{{who}},"focus":[{"reference":"#p"}]}""";
        var kept = await Client.Post("Observation", sent);
        Assert.True(kept.Status == System.Net.HttpStatusCode.Created, kept.Body);
        Assert.Equal(JsonNode.Parse(who)!.ToJsonString(), kept.Json["subject"]!.ToJsonString());
        if (who != Number) Assert.Equal(422, (int)(await Client.Post("Consent", Consent(who))).Status);
    }

    [Fact]
    public async Task An_own_absolute_address_is_relative_wherever_it_stands()
    {
        var own = $"{organisation.Process.Address}fhir";
        await Put("""{"resourceType":"Patient","id":"here"}""");
        var kept = await Client.Post("Observation", $$"""
            {"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{own}}/Patient/here"},"performer":[{"reference":"Practitioner/x"},{"reference":"{{own}}/Practitioner/y/_history/2#z"}],
             "extension":[{"url":"urn:x","valueReference":{"reference":"{{own}}/Patient/here" } },{"url":"urn:y","valueUri":"{{own}}/Patient/here"}]}
            """);
        Assert.Equal("Patient/here", (string?)kept.Json["subject"]!["reference"]);
        Assert.Equal("Practitioner/y/_history/2#z", (string?)kept.Json["performer"]![1]!["reference"]);
        Assert.Equal("Patient/here", (string?)kept.Json["extension"]![0]!["valueReference"]!["reference"]);
        Assert.Equal($"{own}/Patient/here", (string?)kept.Json["extension"]![1]!["valueUri"]);
    }

    [Fact]
    public async Task A_conditional_reference_needs_a_transaction()
    {
        var refused = await Client.Post("Observation",
            """{"resourceType":"Observation","status":"final","code":{"text":"x"},"performer":[{"reference":"Practitioner?identifier=1"}]}""");
        Assert.Equal(["about"], refused.ErrorKeys);
        Assert.Equal("Observation.performer[0]", (string?)refused.Json["issue"]![0]!["expression"]![0]);
    }

    private const string Number = """{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}}""";

    private static string Consent(string who) => $$$"""
        {"resourceType":"Consent","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
         "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"patient":{{{who}}},"policy":[{"uri":"http://a.example"}]}
        """;

    private async Task Put(string json)
    {
        var id = (string)JsonNode.Parse(json)!["id"]!;
        var put = await Client.Send("PUT", $"Patient/{id}", Encoding.UTF8.GetBytes(json));
        Assert.Equal(201, put.Status);
    }
}
