using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X3.</summary>
[Collection("ward")]
public sealed class OnePersonTests(Ward ward)
{
    public static TheoryData<string, string> Mixtures => new()
    {
        { "addresses", "Condition/robin-schizophrenia" },
        { "goal", "Goal/robin-goal-home" },
        { "supportingInfo", "Consent/robin-consent-sharing" },
        { "supportingInfo", "RiskAssessment/robin-risk" },
        { "partOf", "CarePlan/robin-plan" },
        { "replaces", "CarePlan/robin-plan" },
    };

    [Theory]
    [MemberData(nameof(Mixtures))]
    public async Task Nothing_of_somebody_else_gets_into_a_plan(string element, string robins)
    {
        var ash = await ward.Arrives();
        var changed = await ash.Change("CarePlan/plan",
            p => p[element] = new JsonArray([.. (p[element]?.AsArray() ?? []).Select(r => r!.DeepClone()), Ref(robins)]));
        Assert.Contains("X3", changed.Errors.Split(' '));
        Assert.Contains(changed.Issues, i => i.Key == "X3" && i.Expression.StartsWith($"CarePlan.{element}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Not_into_a_draft_either()
    {
        var ash = await ward.Arrives(file: "inquiry/before.json");
        Assert.Equal("X3", (await ash.Change("CarePlan/plan", p => p["careTeam"] = new JsonArray(Ref("CareTeam/robin-team")))).Errors);
        Assert.Equal("X3", (await ash.Change("CarePlan/plan", p => p["addresses"] = new JsonArray(Ref("Condition/robin-alcohol")))).Errors);
    }

    [Fact]
    public async Task What_leads_nowhere_yet_is_left_alone()
    {
        var ash = await ward.Arrives(file: "inquiry/before.json");
        var changed = await ash.Change("CarePlan/plan", p => p["addresses"] = new JsonArray(Ref("Condition/to-come")));
        Assert.True(changed.Kind == AnswerKind.Ok, changed.ToString());
    }
}
