using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>The person refuses housing: at once housing sees nothing of other parties' data any more, and nobody else notices.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("care-coordinator", "tour/refusal-of-housing.json")]
    [InlineData("person", "tour/refusal-by-person.json")]
    public async Task A_refusal_bites_at_once_and_only_there(string recorder, string sample)
    {
        await using var server = await ServerProcess.Start();
        var (housing, gp) = (await server.As("housing-officer"), await server.As("gp"));
        Assert.Equal(HttpStatusCode.OK, (await housing.Get("CarePlan/robin-plan")).Status);
        var before = (await gp.Get("CarePlan/robin-plan")).Whole;

        var recorded = await (await server.As(recorder)).Post("Consent", Talk.Sample(sample));
        Assert.Equal(HttpStatusCode.Created, recorded.Status);

        Assert.Equal((await housing.Get("CarePlan/never-was-one")).Whole, (await housing.Get("CarePlan/robin-plan")).Whole);
        Assert.Empty((await housing.Get("CareTeam")).Entries);
        Assert.Equal(["robin-housing-plan"], (await housing.Get("CarePlan")).Ids); // its own
        Assert.Equal(before, (await gp.Get("CarePlan/robin-plan")).Whole);

        var lead = await server.As("ig-lead");
        var refusals = await lead.Get("AuditEvent?outcome=4&entity=CarePlan/robin-plan");
        Assert.NotEmpty(refusals.Entries);
        Assert.All(refusals.Entries, e => TourTests.AssertValid("AuditEvent", e["resource"]!.ToJsonString()));
        Assert.Contains(refusals.Entries, e => Policies(e).Any(p => p.Contains('#')));
        var permits = await lead.Get("AuditEvent?outcome=0&entity=CarePlan/robin-plan&agent=PractitionerRole/gp");
        Assert.All(permits.Entries, e => Assert.NotEmpty(Policies(e)));
        Assert.NotEmpty(permits.Entries);
    }

    [Fact]
    public async Task Nobody_but_the_person_takes_a_refusal_back()
    {
        await using var server = await ServerProcess.Start();
        var (coordinator, person, housing) = (await server.As("care-coordinator"), await server.As("person"),
            await server.As("housing-officer"));
        var refusal = await person.Post("Consent", Talk.Sample("tour/refusal-by-person.json"));
        Assert.Equal(HttpStatusCode.Created, refusal.Status);

        // Another party holds it.
        var url = $"Consent/{refusal.Id}";
        Assert.Equal(HttpStatusCode.Forbidden, (await coordinator.Change(url, c => c["status"] = "inactive")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await person.Delete(url, refusal.ETag)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await housing.Get("CarePlan/robin-plan")).Status);

        var withdrawn = await person.Change(url, c => c["status"] = "inactive");
        Assert.Equal(HttpStatusCode.OK, withdrawn.Status);
        Assert.Equal(HttpStatusCode.OK, (await housing.Get("CarePlan/robin-plan")).Status);
    }

    [Theory]
    [InlineData("CarePlan/robin-plan", false)]
    [InlineData("CarePlan?_id=robin-plan", true)]
    public async Task A_permit_lapses_by_itself(string question, bool isSearch)
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        static Dictionary<string, string> At(string clock) => new() { ["Clock:Fixed"] = clock };
        try
        {
            await using (var before = await ServerProcess.Start(At("2030-05-01T09:00:00Z"), folder))
            {
                // An active consent is not edited in place: the old one ends, and the new one says until when.
                var coordinator = await before.As("care-coordinator");
                var until = (await coordinator.Get("Consent/robin-consent-sharing")).Json;
                until.Remove("id");
                until.Remove("meta");
                until["provision"]!["period"]!["end"] = "2030-05-10";
                Assert.Equal(HttpStatusCode.OK, (await coordinator.Change("Consent/robin-consent-sharing", c => c["status"] = "inactive"))
                    .Status);
                Assert.Equal(HttpStatusCode.Created, (await coordinator.Post("Consent", until.ToJsonString())).Status);
                Assert.True(Sees(await (await before.As("housing-officer")).Get(question)));
            }
            await using var after = await ServerProcess.Start(At("2030-05-11T09:00:00Z"), folder);
            Assert.False(Sees(await (await after.As("housing-officer")).Get(question)));
            Assert.Equal(HttpStatusCode.OK, (await (await after.As("care-coordinator")).Get("CarePlan/robin-plan")).Status);
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        bool Sees(Heard answer) => isSearch ? answer.Total == 1 : answer.Status == HttpStatusCode.OK;
    }

    private static IEnumerable<string> Policies(JsonObject entry) =>
        (entry["resource"]!["agent"]![0]!["policy"]?.AsArray() ?? []).Select(p => (string)p!);
}
