using System.Net;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Task = System.Threading.Tasks.Task;

namespace FhirCarePlan.Client.Tests;

/// <summary>The package for vendors against the running server.</summary>
public class CpaClientTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;

    [Fact]
    public async Task Somebody_who_sees_all_gets_a_whole_plan_with_typed_members()
    {
        using var client = Server.Cpa("care-coordinator");
        var plan = (await client.Read<CarePlan>("robin-plan")).WholeOrThrow();
        Assert.Equal("PractitionerRole/care-coordinator", plan.CareCoordinator!.Reference);
        Assert.StartsWith("CarePlan/", plan.CrisisPlan!.Reference, StringComparison.Ordinal);
        Assert.NotNull(plan.NextReview);
        Assert.Contains(plan.Agreements, a => a is { Party: "patient", Agreed: not null });
        Assert.Contains(plan.DomainsConsidered, d => d is { Domain: NeedDomain.Accommodation, Finding: "need" });
    }

    [Fact]
    public async Task Somebody_who_sees_a_part_gets_another_type_with_the_notice_and_cannot_send_it_back()
    {
        using var client = Server.Cpa("housing-officer");
        var partial = Assert.IsType<Partial<CarePlan>>(await client.Read<CarePlan>("robin-plan"));
        Assert.Contains("substance-misuse", partial.Notice.Categories);
        Assert.NotEqual("", partial.Notice.Clause);
        var refused = await Assert.ThrowsAsync<PartialViewException>(() => client.Change<CarePlan>("robin-plan", plan => plan.Title = "x"));
        Assert.Equal(partial.Notice.Categories, refused.Notice.Categories);
        Assert.Throws<PartialViewException>(() => partial.WholeOrThrow());
    }

    [Fact]
    public async Task What_was_asked_for_in_part_is_a_part_too()
    {
        using var client = Server.Cpa("care-coordinator");
        await foreach (var view in client.Search<CarePlan>(new SearchParams("_id", "robin-plan").Select("status")))
            Assert.IsType<Partial<CarePlan>>(view);
    }

    [Fact]
    public async Task What_does_not_exist_for_you_is_null()
    {
        using var client = Server.Cpa("outsider");
        Assert.Null(await client.Find<CarePlan>("robin-plan"));
        Assert.Null(await client.Find<CarePlan>("never-was-one"));
    }

    [Fact]
    public async Task A_search_goes_through_all_pages_and_needs_come_by_domain()
    {
        using var client = Server.Cpa("care-coordinator");
        var conditions = new List<Condition>();
        await foreach (var view in client.Search<Condition>(new SearchParams("patient", "robin").LimitTo(1)))
            conditions.Add(view switch
            {
                Whole<Condition> whole => whole.Resource,
                Partial<Condition> partial => partial.Resource,
                _ => throw new InvalidOperationException()
            });
        Assert.True(conditions.Count > 3, $"{conditions.Count} conditions");
        var need = Assert.Single(conditions.NeedsByDomain()[NeedDomain.Accommodation]);
        Assert.Equal("partly-met", need.NeedStatus);
        Assert.Contains(conditions, c => !c.IsNeed);
    }

    [Fact]
    public async Task A_change_begins_again_when_somebody_was_faster_and_loses_nobodys_words()
    {
        using var client = Server.Cpa("care-coordinator");
        using var colleague = Server.Cpa("care-coordinator");
        var stored = (await client.Create(Given.Sample<CarePlan>("tour/care-plan.json"))).WholeOrThrow();
        var times = 0;
        var changed = await client.Change<CarePlan>(stored.Id!, plan =>
        {
            if (++times == 1)
                Task.Run(() => colleague.Change<CarePlan>(stored.Id!, theirs => theirs.Note.Add(new() { Text = "theirs" }))).Wait();
            plan.Note.Add(new() { Text = "ours" });
        });
        Assert.Equal(2, times);
        Assert.Equal(["ours", "theirs"], changed.WholeOrThrow().Note.Select(n => n.Text!).Order());
    }

    [Fact]
    public async Task An_update_of_an_older_version_is_412_and_a_broken_rule_is_named()
    {
        using var client = Server.Cpa("care-coordinator");
        var whole = Assert.IsType<Whole<CarePlan>>(await client.Create(Given.Sample<CarePlan>("tour/care-plan.json")));
        await client.Change<CarePlan>(whole.Resource.Id!, plan => plan.Title = "Changed");
        var late = await Assert.ThrowsAsync<FhirOperationException>(() => client.Update(whole));
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);

        var broken = await Assert.ThrowsAsync<FhirOperationException>(() =>
            client.Change<CarePlan>(whole.Resource.Id!, plan => plan.CrisisPlan = null));
        Assert.Equal(["cpa-cp-4"], broken.Rules);
    }
}
