using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Nobody speaks in another's name, and a Consent is decided, kept or refused, over HTTP
/// (src/docs/sharing.md#whose-word-it-is, src/docs/sharing.md#consents).</summary>
public class WhoseWordTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string
        Sent = """{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/robin"},"sender":{"reference":"WHO"},"payload":[{"contentString":"I move out"}]}""",
        Done = """{"resourceType":"Observation","status":"final","code":{"text":"Sleep"},"valueString":"badly","subject":{"reference":"Patient/robin"},"performer":[{"reference":"WHO"}]}""";

    /// <summary>Who writes, what, in whose name, and whether it is accepted.</summary>
    public static TheoryData<string, string, string, bool, string> Words => new()
    {
        { "carer", Sent, "RelatedPerson/carer", true, "a carer's own message" },
        { "carer", Sent, "Patient/robin", false, "no carer speaks for the person" },
        { "person", Sent, "Patient/robin", true, "the person's own message" },
        { "person", Sent, "PractitionerRole/care-coordinator", false, "nobody writes the trust's letters" },
        { "person", Done, "PractitionerRole/gp", false, "nor the practice's results" },
        { "housing-officer", Sent, "PractitionerRole/housing-officer", true, "the landlord's own message" },
        { "housing-officer", Sent, "Patient/robin", false, "no landlord gives notice in the tenant's name" },
        { "housing-officer", Done, "PractitionerRole/psychiatrist", false, "nor finds something as the psychiatrist" },
        { "social-worker", Sent, "PractitionerRole/gp", false, "no social worker sends the GP's letters" },
        { "care-coordinator", Sent, "PractitionerRole/gp", true, "a letter that came from the practice" },
        { "care-coordinator", Sent, "RelatedPerson/carer", true, "the carer's telephone call" },
        { "care-coordinator", Sent, "Patient/sky", false, "another person does not speak in this record" },
        { "gp", Done, "PractitionerRole/care-coordinator", true, "a result that came from the trust" },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Whose_word_it_is(string writer, string body, string name, bool isAccepted, string why)
    {
        var type = (string)JsonNode.Parse(body)!["resourceType"]!;
        var written = await (await samples.Process.As(writer)).Post(type, body.Replace("WHO", name));
        Assert.Equal((why, isAccepted ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity), (why, written.Status));
        if (!isAccepted) Assert.Equal(["authorship"], written.ErrorKeys);
    }

    [Theory]
    [InlineData("research", HttpStatusCode.Created)]
    [InlineData("treatment", HttpStatusCode.Created)]
    [InlineData("adr", HttpStatusCode.Created)]
    [InlineData("patient-privacy", HttpStatusCode.UnprocessableEntity)]
    public async Task A_consent_about_something_else_closes_nothing(string scope, HttpStatusCode status)
    {
        var (writer, gp) = (await samples.Process.As("care-coordinator"), await samples.Process.As("gp"));
        var before = (await gp.Get("CarePlan/robin-plan")).Whole;
        var consent = $$"""
            {"resourceType":"Consent","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"{{scope}}"}]},
             "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"patient":{"reference":"Patient/robin"},"dateTime":"2025-06-01",
             "organization":[{"reference":"Organization/rivelin-trust"}],"policyRule":{"text":"As usual"},"provision":{"type":"permit"} }
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, "Consent") { Content = new StringContent(consent, new System.Net.Http.Headers.MediaTypeHeaderValue("application/fhir+json")) };
        request.Headers.Add("Prefer", "return=OperationOutcome");
        using var answer = await writer.SendAsync(request);
        var told = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(status == HttpStatusCode.Created ? "neither opens nor closes" : "would bind nobody", told);
        Assert.Equal(before, (await gp.Get("CarePlan/robin-plan")).Whole);
        if (status != HttpStatusCode.Created) return;
        var kept = answer.Headers.Location!.ToString();
        kept = kept[kept.IndexOf("Consent/", StringComparison.Ordinal)..].Split("/_history")[0];
        // Ending it is not ending a refusal: it takes no word of the person's.
        Assert.Equal(HttpStatusCode.OK, (await writer.Change(kept, c => c["status"] = "inactive")).Status);
    }

    [Fact]
    public async Task A_carer_may_come_with_the_team()
    {
        var writer = await samples.Process.As("care-coordinator");
        var team = (await writer.Get("CareTeam/robin-team")).Json;
        var member = team["participant"]!.AsArray().First(p => ((string?)p!["member"]?["reference"])?.StartsWith("RelatedPerson/", StringComparison.Ordinal) == true)!;
        var created = member.DeepClone();
        created["member"] = new JsonObject { ["reference"] = "urn:uuid:5f4e3c5e-7a0f-4f43-9df2-6d0f3a3f0a01", ["display"] = "Robin's sister" };
        team["participant"]!.AsArray().Add(created);
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = new JsonArray(
                new JsonObject
                {
                    ["resource"] = team,
                    ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = "CareTeam/robin-team", ["ifMatch"] = (await writer.Get("CareTeam/robin-team")).ETag },
                },
                new JsonObject
                {
                    ["fullUrl"] = "urn:uuid:5f4e3c5e-7a0f-4f43-9df2-6d0f3a3f0a01",
                    ["resource"] = Sister(),
                    ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "RelatedPerson" },
                }),
        };
        var written = await writer.Post("", bundle.ToJsonString());
        Assert.True(written.Status == HttpStatusCode.OK, written.Body);
        var explained = (string)written.Entries[1]["response"]!["location"]!;
        var id = explained[explained.IndexOf("RelatedPerson/", StringComparison.Ordinal)..].Split('/')[1];
        Assert.Contains($"RelatedPerson/{id}", (await writer.Get("CareTeam/robin-team")).Body);
    }

    private static JsonObject Sister()
    {
        var sister = Talk.SampleJson("partnership/RelatedPerson-carer.json");
        sister.Remove("id");
        return sister;
    }
}
