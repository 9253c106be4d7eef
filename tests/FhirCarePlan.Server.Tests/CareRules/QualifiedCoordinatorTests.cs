using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X2. All three at once, so that X1 is content.</summary>
[Collection("ward")]
public sealed class QualifiedCoordinatorTests(Ward ward)
{
    [Theory]
    [InlineData("social-worker", "rivelin-council", "")]
    [InlineData("psychiatrist", "rivelin-trust", "")]
    [InlineData("housing-officer", "harbour-homes", "X2")]
    [InlineData("gp", "meadow-practice", "X2")]
    public async Task Co_ordinators_are_employed_by_health_or_social_services(string post, string agency, string refused)
    {
        var ash = await ward.Arrives();
        var next = $"PractitionerRole/{post}";
        var together = await ash.Together(
            ("CareTeam/team", t =>
            {
                t.Participant("care-coordinator")["period"]!["end"] = "2026-01-31";
                t.Join("psychiatrist", "care-coordinator", next, $"Organization/{agency}")["period"]!["start"] = "2026-02-01";
            }
        ),
            ("EpisodeOfCare/episode", e => e["careManager"] = Ref(next)),
            ("CarePlan/plan", p =>
            {
                p.Extension("CareCoordinator")!["valueReference"] = Ref(next);
                p.GivenTo(next);
            }
        ));
        Assert.Equal(refused, together.Errors);
    }

    [Fact]
    public async Task Co_ordinators_are_qualified()
    {
        var practitioner = await ward.Read(Ash.Coordinator, "Practitioner", "psychiatrist");
        practitioner.Remove("id");
        practitioner.Remove("qualification");
        practitioner.Remove("meta");
        var unqualified = await ward.Write(Ash.Coordinator, Table.Create, "Practitioner", body: practitioner);
        var post = await ward.Read(Ash.Coordinator, "PractitionerRole", "psychiatrist");
        post.Remove("id");
        post.Remove("meta");
        post["practitioner"] = Ref($"Practitioner/{unqualified.Id}");
        var role = await ward.Write(Ash.Coordinator, Table.Create, "PractitionerRole", body: post);
        Assert.True(role.Kind == AnswerKind.Created, role.ToString());

        var ash = await ward.Arrives(file: "inquiry/before.json");
        Assert.Equal("X1 X2", (await ash.Change("EpisodeOfCare/episode", e => e["careManager"] = Ref($"PractitionerRole/{role.Id}")))
            .Errors);
    }
}
