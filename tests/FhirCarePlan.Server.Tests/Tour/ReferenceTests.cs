using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>A reference is hidden with its target, also when the target is hidden long after the reference was written
/// (src/docs/sharing.md#the-promise, leaks 18 and 26).</summary>
public class ReferenceTests
{
    private const string Goal = "Goal/robin-goal-home";

    [Fact]
    public async Task A_target_hidden_later_takes_along_the_references_to_it()
    {
        await using var server = await ServerProcess.Start();
        var (council, trust) = (await server.As("social-worker"), await server.As("care-coordinator"));
        Assert.Contains(Goal, (await council.Get("CarePlan/robin-plan")).Body, StringComparison.Ordinal);
        Assert.Equal(1, (await council.Get($"CarePlan?goal={Goal}")).Total);

        var hidden = await trust.Change(Goal, goal => Label(goal, "V"));

        Assert.Equal(HttpStatusCode.OK, hidden.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await council.Get(Goal)).Status);
        Assert.DoesNotContain(Goal, (await council.Get("CarePlan/robin-plan")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Goal, (await council.Get("CarePlan?_include=*&_revinclude=*")).Body, StringComparison.Ordinal);
        Assert.Equal(0, (await council.Get($"CarePlan?goal={Goal}")).Total);
        Assert.Contains(Goal, (await trust.Get("CarePlan/robin-plan")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_target_looks_like_a_hidden_one()
    {
        await using var server = await ServerProcess.Start();
        var (housing, trust) = (await server.As("housing-officer"), await server.As("care-coordinator"));
        var seen = new List<string>();
        foreach (var reason in (string[])["Condition/robin-schizophrenia", "Condition/nobody-wrote-this"])
        {
            var changed = await trust.Change("CareTeam/robin-team",
                team => team["reasonReference"] = new JsonArray(new JsonObject { ["reference"] = reason }));
            Assert.Equal(HttpStatusCode.OK, changed.Status);
            Assert.Contains(reason, changed.Body, StringComparison.Ordinal);
            seen.Add((await housing.Get("CareTeam/robin-team")).Whole);
        }
        Assert.DoesNotContain("reasonReference", seen[0], StringComparison.Ordinal);
        Assert.Equal(seen[0], seen[1]);
    }

    private static void Label(JsonObject resource, string confidentiality) => resource["meta"]!["security"] = new JsonArray(new JsonObject
    {
        ["system"] = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        ["code"] = confidentiality,
    });
}
