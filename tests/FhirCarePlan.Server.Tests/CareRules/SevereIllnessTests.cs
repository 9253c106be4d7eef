using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X9, which never refuses.</summary>
[Collection("ward")]
public sealed class SevereIllnessTests(Ward ward)
{
    [Theory]
    [InlineData("58214004", "confirmed", "")]
    [InlineData("58214004", "provisional", "")]
    [InlineData("58214004", "refuted", "X9")]
    [InlineData("35489007", "confirmed", "X9")] // a depressive disorder is not in the list
    public async Task A_plan_that_addresses_no_severe_illness_is_stored_with_a_warning(string code, string verification, string warning)
    {
        var ash = await ward.Arrives(r =>
        {
            r["Condition/schizophrenia"]["code"]!["coding"]![0]!["code"] = code;
            r["Condition/schizophrenia"]["verificationStatus"]!["coding"]![0]!["code"] = verification;
        });
        var changed = await ash.Change("CarePlan/plan", p => p["description"] = "Changed");
        Assert.True(changed.Kind == AnswerKind.Ok, changed.ToString());
        Assert.Equal(warning, changed.Warnings);
    }

    [Fact]
    public async Task A_need_alone_is_not_enough()
    {
        var ash = await ward.Arrives();
        var changed = await ash.Change("CarePlan/plan", p => p["addresses"] = new JsonArray(Ref("Condition/not-recorded-yet")));
        Assert.Equal("X9", changed.Warnings);
    }
}
