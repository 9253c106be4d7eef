using System.Net;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Enforced;

/// <summary>No plan is part of itself, and a part is a part of something that holds: else X4 would count no plan at all.</summary>
public class PartOfTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("""{"reference":"CarePlan/robin-plan"}""")]
    [InlineData("""{"reference":"CarePlan/robin-plan/_history/1"}""")]
    [InlineData("""{"reference":"#"}""")]
    [InlineData("own address")]
    [InlineData("own identifier")]
    public async Task A_plan_is_not_part_of_itself(string partOf)
    {
        var refused = await (await Coordinator).Change("CarePlan/robin-plan", p => p["partOf"] = new JsonArray(partOf switch
        {
            "own address" => new JsonObject { ["reference"] = $"{samples.Process.Fhir}CarePlan/robin-plan" },
            "own identifier" => new JsonObject { ["identifier"] = p["identifier"]![0]!.DeepClone() },
            _ => JsonNode.Parse(partOf),
        }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("cpa-part-of", refused.ErrorKeys);
    }

    [Fact]
    public async Task Nor_by_way_of_another_one_by_one_or_in_one_transaction()
    {
        var coordinator = await Coordinator;
        var part = await coordinator.Post("CarePlan", Part("CarePlan/robin-plan").ToJsonString());
        Assert.True(part.Status == HttpStatusCode.Created, part.Body);
        var circle = await coordinator.Change("CarePlan/robin-plan", p => p["partOf"] = new JsonArray(new JsonObject { ["reference"] = $"CarePlan/{part.Id}" }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, circle.Status);
        Assert.Contains("cpa-part-of", circle.ErrorKeys);

        var three = new JsonArray();
        string[] urns = [.. Enumerable.Range(0, 3).Select(_ => $"urn:uuid:{Guid.NewGuid()}")];
        for (var i = 0; i < 3; i++)
            three.Add(new JsonObject { ["fullUrl"] = urns[i], ["resource"] = Part(urns[(i + 1) % 3]), ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "CarePlan" } });
        var together = await coordinator.Post("", new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = three }.ToJsonString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, together.Status);
        Assert.Contains("cpa-part-of", together.ErrorKeys);
    }

    [Theory]
    [InlineData("""{"reference":"CarePlan/never-was-one"}""")]
    [InlineData("""{"identifier":{"system":"urn:x","value":"1"}}""")]
    [InlineData("""{"reference":"CarePlan/robin-crisis-plan"}""")]
    [InlineData("""{"reference":"CarePlan/robin-housing-plan"}""")]
    public async Task What_is_part_of_nothing_is_a_second_plan(string partOf)
    {
        var second = Talk.SampleJson("partnership/CarePlan-robin-plan.json");
        second.Remove("id");
        second["partOf"] = new JsonArray(JsonNode.Parse(partOf));
        Assert.Contains("X4", (await (await Coordinator).Post("CarePlan", second.ToJsonString())).ErrorKeys);
    }

    [Fact]
    public async Task An_encounter_is_not_within_itself()
    {
        var refused = await (await Coordinator).Change("Encounter/robin-admission", e => e["partOf"] = new JsonObject { ["reference"] = "Encounter/robin-admission" });
        Assert.Contains("cpa-part-of", refused.ErrorKeys);
    }

    private Task<HttpClient> Coordinator => samples.Process.As("care-coordinator");

    private static JsonObject Part(string of)
    {
        var part = Talk.SampleJson("partnership/CarePlan-robin-plan.json");
        part.Remove("id");
        part["status"] = "draft";
        part["partOf"] = new JsonArray(new JsonObject { ["reference"] = of });
        return part;
    }
}
