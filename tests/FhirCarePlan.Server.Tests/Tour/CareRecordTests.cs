using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Medicines, allergies, treatments and letters beside the plan, each seen by those who may.</summary>
public class CareRecordTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("MedicationRequest/robin-injection-order", "care-coordinator gp person")]
    [InlineData("MedicationStatement/robin-injection-taken", "care-coordinator gp person")]
    [InlineData("AllergyIntolerance/robin-penicillin", "care-coordinator gp person")]
    [InlineData("Procedure/robin-family-sessions", "care-coordinator gp social-worker person")]
    [InlineData("Composition/robin-discharge-letter", "care-coordinator gp social-worker person")]
    public async Task Each_is_seen_by_those_who_may(string url, string seenBy)
    {
        var seen = new List<string>();
        foreach (var persona in (string[])["care-coordinator", "gp", "social-worker", "housing-officer", "voluntary-worker", "person", "carer", "ig-lead"])
            if ((int)(await (await samples.Process.As(persona)).Get(url)).Status == 200) seen.Add(persona);
        Assert.Equal(seenBy, string.Join(' ', seen));
    }

    [Theory]
    [InlineData("care-coordinator", "The plan, Illness, Medicines, Home")]
    [InlineData("gp", "The plan, Illness, Medicines")]
    [InlineData("social-worker", "The plan, Home")]
    public async Task A_discharge_letter_has_the_sections_that_its_reader_may_see(string persona, string sections)
    {
        var letter = (await (await samples.Process.As(persona)).Get("Composition/robin-discharge-letter")).Json;
        Assert.Equal(sections, string.Join(", ", letter["section"]!.AsArray().Select(s => (string?)s!["title"])));
    }

    [Fact]
    public async Task A_plan_may_point_at_a_prescription_and_an_allergy()
    {
        var coordinator = await samples.Process.As("care-coordinator");
        var updated = await coordinator.Change("CarePlan/robin-plan", plan =>
        {
            plan["activity"]!.AsArray().Add(new JsonObject { ["reference"] = new JsonObject { ["reference"] = "MedicationRequest/robin-injection-order" } });
            plan["supportingInfo"]!.AsArray().Add(new JsonObject { ["reference"] = "AllergyIntolerance/robin-penicillin" });
        });
        Assert.True((int)updated.Status == 200, updated.Body);
        foreach (var (persona, sees) in ((string, bool)[])[("gp", true), ("social-worker", false), ("housing-officer", false)])
        {
            var body = (await (await samples.Process.As(persona)).Get("CarePlan/robin-plan")).Body;
            Assert.Equal((sees, sees), (body.Contains("robin-injection-order", StringComparison.Ordinal), body.Contains("robin-penicillin", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("""{"resourceType":"Questionnaire","status":"draft"}""", "right:conform")]
    [InlineData("""{"resourceType":"PlanDefinition","status":"draft"}""", "right:conform")]
    [InlineData("""{"resourceType":"OrganizationAffiliation","organization":{"reference":"Organization/rivelin-trust"}}""", "right:directory")]
    public async Task Definitions_and_the_directory_are_written_by_right(string body, string said)
    {
        var type = (string)JsonNode.Parse(body)!["resourceType"]!;
        var refused = await (await samples.Process.As("psychiatrist")).Post(type, body);
        Assert.Equal(403, (int)refused.Status);
        Assert.Contains(said, refused.Body, StringComparison.Ordinal);
        Assert.Equal(201, (int)(await (await samples.Process.As("ig-lead")).Post(type, body)).Status);
    }

    [Fact]
    public async Task A_group_stays_with_whoever_made_it()
    {
        var made = await (await samples.Process.As("gp")).Post("Group",
            """{"resourceType":"Group","type":"person","actual":true,"name":"Health checks due","member":[{"entity":{"reference":"Patient/robin"}}]}""");
        Assert.Equal(201, (int)made.Status);
        foreach (var (persona, status) in ((string, int)[])[("gp", 200), ("care-coordinator", 404), ("social-worker", 404), ("person", 404), ("ig-lead", 404)])
            Assert.Equal(status, (int)(await (await samples.Process.As(persona)).Get($"Group/{made.Id}")).Status);
    }
}
