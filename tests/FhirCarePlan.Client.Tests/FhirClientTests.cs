using System.Net;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Task = System.Threading.Tasks.Task;

namespace FhirCarePlan.Client.Tests;

/// <summary>Hl7.Fhir's own client, as a GP system and a trust's record system use it, against the running server; each test in JSON and in
/// XML.</summary>
public class FhirClientTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;

    public static TheoryData<ResourceFormat> Formats => [ResourceFormat.Json, ResourceFormat.Xml];

    [Theory, MemberData(nameof(Formats))]
    public async Task A_GP_system_reads_the_plan_and_what_is_withheld_from_it(ResourceFormat format)
    {
        using var gp = await Server.Plain("gp", format);
        var plan = (await gp.ReadAsync<CarePlan>("CarePlan/robin-plan"))!;
        Assert.Equal("Patient/robin", plan.Subject!.Reference);
        Assert.NotNull(plan.Meta!.VersionId);
        Assert.NotNull(plan.Withheld);
        Assert.Equal(FHIRVersion.N4_0_1, (await gp.CapabilityStatementAsync())!.FhirVersion);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_version_is_read_as_the_current_one_was(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var plan = (await trust.ReadAsync<CarePlan>("CarePlan/sky-plan"))!;
        var version = await trust.ReadAsync<CarePlan>($"CarePlan/sky-plan/_history/{plan.Meta!.VersionId}");
        Assert.True(plan.IsExactly(version!));
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_search_is_paged_and_includes_what_is_pointed_at(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var pages = 0;
        var ids = new List<string>();
        var query = new SearchParams("patient", "robin").LimitTo(5);
        for (var page = await trust.SearchAsync<Observation>(query); page != null; page = await trust.ContinueAsync(page))
        {
            pages++;
            Assert.InRange(page.Entry.Count, 1, 5);
            ids.AddRange(page.Entry.Select(e => e.Resource!.Id!));
        }
        Assert.True(pages > 3, $"{pages} pages");
        Assert.Equal(ids.Count, ids.Distinct().Count());

        var found =
            (await trust.SearchAsync<CarePlan>(new SearchParams("_id", "robin-plan").Include("CarePlan:subject")
            .Include("CarePlan:care-team")))!;
        Assert.Equal(["CarePlan match", "CareTeam include", "Patient include"],
            found.Entry.Select(e => $"{e.Resource!.TypeName} {e.Search!.Mode!.Value.ToString().ToLowerInvariant()}").Order());
        Assert.Equal(1, found.Total);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_search_by_POST_finds_the_same(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var query = new SearchParams("patient", "robin").Add("category", "https://fhir.cpa.example/CodeSystem/CPA-ConditionCategory|need");
        var byGet = (await trust.SearchAsync<Condition>(query))!;
        var byPost = (await trust.SearchUsingPostAsync<Condition>(query))!;
        Assert.NotEmpty(byGet.Entry);
        Assert.Equal(byGet.Entry.Select(e => e.Resource!.Id), byPost.Entry.Select(e => e.Resource!.Id));
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_resource_is_created_changed_by_version_and_its_history_read(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var plan = Given.Sample<CarePlan>("tour/care-plan.json");
        var stored = (await trust.CreateAsync(plan))!;
        Assert.NotNull(stored.Id);
        Assert.EndsWith($"CarePlan/{stored.Id}/_history/{stored.Meta!.VersionId}", trust.LastResult!.Location, StringComparison.Ordinal);
        Assert.Equal($"W/\"{stored.Meta.VersionId}\"", trust.LastResult.Etag);

        var first = stored.Meta.VersionId;
        stored.Note.Add(new Annotation { Text = "Reviewed by telephone" });
        var changed = (await trust.UpdateAsync(stored, versionAware: true))!;
        Assert.NotEqual(first, changed.Meta!.VersionId);

        stored.Meta.VersionId = first;
        var late = await Assert.ThrowsAsync<FhirOperationException>(() => trust.UpdateAsync(stored, versionAware: true));
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);

        var history = (await trust.HistoryAsync($"CarePlan/{stored.Id}"))!;
        Assert.Equal([changed.Meta.VersionId, first], history.Entry.Select(e => e.Resource!.Meta!.VersionId));
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_broken_rule_is_422_with_its_id(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var refused = await Assert.ThrowsAsync<FhirOperationException>(() =>
            trust.CreateAsync(Given.Sample<CarePlan>("tour/care-plan-without-crisis-plan.json")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(["cpa-cp-4"], refused.Rules);
        Assert.Contains("CarePlan", refused.Outcome!.Issue[0].Expression);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task Validate_says_the_same_and_writes_nothing(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var before = (await trust.SearchAsync<CarePlan>(new SearchParams { Summary = SummaryType.Count }))!.Total;
        var outcome = await trust.ValidateCreateAsync(Given.Sample<CarePlan>("tour/care-plan-without-crisis-plan.json"));
        Assert.Contains(outcome!.Issue, i => i.Details?.Coding.Exists(c => c.Code == "cpa-cp-4") == true);
        Assert.Equal(before, (await trust.SearchAsync<CarePlan>(new SearchParams { Summary = SummaryType.Count }))!.Total);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_transaction_is_stored_whole_or_not_at_all(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var need = Given.Sample<Condition>("partnership/Condition-robin-need-company.json");
        var goal = Given.Sample<Goal>("partnership/Goal-robin-goal-draw.json");
        (need.Id, goal.Id) = (null, null);
        var needUrl = $"urn:uuid:{Guid.NewGuid()}";
        need.Recorder = new ResourceReference("PractitionerRole/care-coordinator");
        goal.Addresses = [new ResourceReference(needUrl)];
        var bundle = new Bundle { Type = Bundle.BundleType.Transaction };
        Add(bundle, need, needUrl);
        Add(bundle, goal, $"urn:uuid:{Guid.NewGuid()}");
        var answer = (await trust.TransactionAsync(bundle))!;
        Assert.Equal(["201", "201"], answer.Entry.Select(e => e.Response!.Status));
        var location = answer.Entry[1].Response!.Location!;
        var stored = (await trust.ReadAsync<Goal>(location))!;
        Assert.StartsWith("Condition/", stored.Addresses[0].Reference, StringComparison.Ordinal);

        Add(bundle, Given.Sample<CarePlan>("tour/care-plan-without-crisis-plan.json"), $"urn:uuid:{Guid.NewGuid()}");
        var refused = await Assert.ThrowsAsync<FhirOperationException>(() => trust.TransactionAsync(bundle));
        Assert.Contains("cpa-cp-4", refused.Rules);
    }

    private static void Add(Bundle bundle, Resource resource, string url) => bundle.Entry.Add(new()
    {
        FullUrl = url,
        Resource = resource,
        Request = new() { Method = Bundle.HTTPVerb.POST, Url = resource.TypeName },
    });

    [Theory, MemberData(nameof(Formats))]
    public async Task What_is_hidden_is_answered_like_what_does_not_exist(ResourceFormat format)
    {
        using var outsider = await Server.Plain("outsider", format);
        var hidden = await Assert.ThrowsAsync<FhirOperationException>(() => outsider.ReadAsync<CarePlan>("CarePlan/robin-plan"));
        var absent = await Assert.ThrowsAsync<FhirOperationException>(() => outsider.ReadAsync<CarePlan>("CarePlan/never-was-one"));
        Assert.Equal(HttpStatusCode.NotFound, hidden.Status);
        Assert.True(hidden.Outcome!.IsExactly(absent.Outcome!));
        outsider.RequestHeaders!.Authorization = new("Bearer", "nonsense");
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await Assert.ThrowsAsync<FhirOperationException>(() => outsider.ReadAsync<CarePlan>("CarePlan/robin-plan"))).Status);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task What_is_not_changed_is_not_sent_again(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var plan = (await trust.ReadAsync<CarePlan>("CarePlan/sky-plan"))!;
        await Record.ExceptionAsync(() => trust.ReadAsync<CarePlan>("CarePlan/sky-plan", plan.Meta!.VersionId));
        Assert.Equal("304", trust.LastResult!.Status);
        await Record.ExceptionAsync(() => trust.ReadAsync<CarePlan>("CarePlan/sky-plan", ifModifiedSince: DateTimeOffset.UtcNow.AddDays(1)));
        Assert.Equal("304", trust.LastResult!.Status);
        await trust.ReadAsync<CarePlan>("CarePlan/sky-plan", ifModifiedSince: plan.Meta!.LastUpdated!.Value.AddDays(-1));
        Assert.Equal("200", trust.LastResult!.Status);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_feed_can_send_everything_twice(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var number = Guid.NewGuid().ToString("N");
        var query = new SearchParams("identifier", $"urn:feed|{number}");
        var goal = new Goal
        {
            Identifier = [new("urn:feed", number)], LifecycleStatus = Goal.GoalLifecycleStatus.Active, Description = new() { Text = "Draw" },
            Subject = new("Patient/robin"),
        };
        var created = (await trust.ConditionalCreateAsync(goal, query))!;
        Assert.Equal("201", trust.LastResult!.Status);
        Assert.Equal(created.Id, (await trust.ConditionalCreateAsync(goal, query))!.Id);
        Assert.Equal("200", trust.LastResult!.Status);
        goal.Description.Text = "Draw and paint";
        Assert.Equal((created.Id, "Draw and paint"), (await trust.ConditionalUpdateAsync(goal, query))! switch { var g => (g.Id, g.Description!.Text) });
        await trust.ConditionalDeleteSingleAsync(query, "Goal");
        await trust.ConditionalDeleteSingleAsync(query, "Goal");
        Assert.Equal("204", trust.LastResult!.Status);
        Assert.Equal(HttpStatusCode.Gone, (await Assert.ThrowsAsync<FhirOperationException>(() => trust.ReadAsync<Goal>($"Goal/{created.Id}"))).Status);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task A_patch_changes_one_element(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        var stored = (await trust.CreateAsync(Given.Sample<CarePlan>("tour/care-plan.json")))!;
        var patch = new Parameters();
        patch.AddPatchParameters();
        var patched = (await trust.PatchAsync<CarePlan>(stored.Id!, patch, stored.Meta!.VersionId))!;
        Assert.Equal(RequestStatus.OnHold, patched.Status);
        Assert.NotEqual(stored.Meta.VersionId, patched.Meta!.VersionId);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Assert.ThrowsAsync<FhirOperationException>(() => trust.PatchAsync<CarePlan>(stored.Id!, patch, stored.Meta.VersionId))).Status);
    }

    /// <summary>All that Hl7.Fhir's client could once ask in vain is answered.</summary>
    [Theory, MemberData(nameof(Formats))]
    public async Task Histories_and_searches_of_everything_are_answered(ResourceFormat format)
    {
        using var trust = await Server.Plain("care-coordinator", format);
        Assert.Contains((await trust.TypeHistoryAsync<CarePlan>())!.Entry, e => e.Resource?.Id == "sky-plan");
        Assert.NotEmpty((await trust.WholeSystemHistoryAsync())!.Entry);
        Assert.Equal("robin-plan", Assert.Single((await trust.WholeSystemSearchAsync(["_id=robin-plan"], (string[]?)null))!.Entry).Resource!.Id);
    }
}

internal static class PatchParameters
{
    /// <summary>Replace the status.</summary>
    public static void AddPatchParameters(this Parameters parameters) => parameters.Add("operation",
    [
        Tuple.Create("type", (Base)new Code("replace")), Tuple.Create("path", (Base)new FhirString("CarePlan.status")),
        Tuple.Create("value", (Base)new Code("on-hold")),
    ]);
}
