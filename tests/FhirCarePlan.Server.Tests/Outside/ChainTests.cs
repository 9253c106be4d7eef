using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Chained searches: each step in the caller's view. https://hl7.org/fhir/R4/search.html#chaining</summary>
public class ChainTests(SampleServer samples) : IClassFixture<SampleServer>
{
    /// <summary>The same in two questions.</summary>
    private static async Task<List<string>> InSteps(HttpClient client, string type, string by, string target, string rest)
    {
        var ids = await client.Matches($"{target}?{rest}&_count=1000");
        return ids.Count == 0 ? [] : await client.Matches($"{type}?{by}={string.Join(',', ids)}&_count=1000");
    }

    public static TheoryData<string> Personas => ["care-coordinator", "gp", "housing-officer", "social-worker", "person", "carer", "outsider"];

    [Theory]
    [MemberData(nameof(Personas))]
    public async Task A_chain_is_two_searches_in_the_callers_view(string persona)
    {
        var (client, trust) = (await samples.Process.As(persona), await samples.Process.As("care-coordinator"));
        var number = (string)(await trust.Get("Patient/robin")).Json["identifier"]![0]!["value"]!;
        var some = 0;
        foreach (var (type, by, target, rest) in new[]
        {
            ("Condition", "patient", "Patient", $"identifier=https://fhir.nhs.uk/Id/nhs-number|{number}"), ("CarePlan", "patient", "Patient", $"identifier={number}"),
            ("Observation", "subject:Patient", "Patient", $"identifier={number}"), ("CarePlan", "subject:Patient", "Patient", "birthdate=gt1900"),
            ("CarePlan", "goal", "Goal", "lifecycle-status=active"), ("Task", "patient", "Patient", "_id=robin"), ("Condition", "patient", "Patient", "name:exact=Nobody"),
            ("EpisodeOfCare", "organization", "Organization", "name:contains=trust"), ("CarePlan", "care-team", "CareTeam", "status=active"),
        })
        {
            var found = await client.Matches($"{type}?{by}.{rest}&_count=2");
            Assert.Equal(await InSteps(client, type, by.Split(':')[0], target, rest), found);
            Assert.Equal(found.Count, (await client.Get($"{type}?{by}.{rest}&_summary=count")).Total);
            some += found.Count;
        }
        Assert.True(persona == "outsider" ? some == 0 : some > 0, $"{persona}: {some}");
    }

    [Fact]
    public async Task Chains_nest_and_go_with_everything_else()
    {
        var client = await samples.Process.As("care-coordinator");
        var nested = await client.Matches("CarePlan?care-team.patient.name=robin&_count=1000");
        Assert.NotEmpty(nested);
        Assert.Equal(await InSteps(client, "CarePlan", "care-team", "CareTeam", "patient.name=robin"), nested);
        var both = await client.Matches("Observation?patient.name=robin&date=ge2020&_sort=-date&_count=1000");
        Assert.Equal(await client.Matches("Observation?patient=Patient/robin&date=ge2020&_sort=-date&_count=1000"), both);
        Assert.Equal(await client.Matches("Patient/robin/Condition"), await client.Matches("Patient/robin/Condition?patient.name=robin"));
        Assert.Equal(await client.Matches("?_type=Condition,Goal&patient=Patient/robin"), await client.Matches("?_type=Condition,Goal&patient.name=robin"));
        var next = (await client.Get("Observation?patient.name=robin&_count=2")).Json["link"]!.AsArray().Single(l => (string)l!["relation"]! == "next")!["url"]!;
        Assert.Contains("patient.name=robin", (string)next!, StringComparison.Ordinal);
        Assert.Equal(400, (int)(await (await samples.Process.As("gp")).Get((string)next!)).Status);
    }

    /// <summary>What a step leads through must be in view: whether somebody hidden has a number is not to be found out.</summary>
    [Fact]
    public async Task A_chain_leads_through_nothing_hidden()
    {
        var (officer, trust) = (await samples.Process.As("housing-officer"), await samples.Process.As("care-coordinator"));
        Assert.Equal(404, (int)(await officer.Get("Condition/robin-schizophrenia")).Status);
        Assert.NotEmpty(await trust.Matches("CarePlan?condition.code=58214004"));
        Assert.Equal((await officer.Get("CarePlan?condition.code=58214004")).Whole.Replace("58214004", "x", StringComparison.Ordinal), (await officer.Get("CarePlan?condition.code=99999999")).Whole.Replace("99999999", "x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Condition?code.name=x")] // no reference
    [InlineData("Condition?patient.nonsense=x")]
    [InlineData("Condition?patient:Group.name=x")]
    [InlineData("Condition?patient.birthdate=x")]
    [InlineData("Condition?patient.name:nonsense=x")]
    [InlineData("Condition?nonsense.name=x")]
    [InlineData("Condition?patient.=x")]
    [InlineData("Condition?.name=x")]
    [InlineData("Encounter?part-of.part-of.part-of.part-of.status=x")]
    [InlineData("StructureDefinition?base.name=x")]
    [InlineData("AuditEvent?patient.name=x")]
    public async Task What_cannot_be_followed_is_refused_in_words(string url)
    {
        var answer = await (await samples.Process.As("care-coordinator")).Send("GET", url);
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Said);
    }

    /// <summary>Where a match decides a write, a chain that nobody follows would widen it.</summary>
    [Fact]
    public async Task A_conditional_reference_takes_none()
    {
        var client = await samples.Process.As("care-coordinator");
        var goal = Wire.Json("""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient?general-practitioner.name=x"}}""");
        Assert.InRange((await client.Send("POST", "", System.Text.Encoding.UTF8.GetBytes(Wire.Bundle("transaction", Wire.Entry("POST", "Goal", goal)).ToJsonString()))).Status, 400, 422);
    }
}
