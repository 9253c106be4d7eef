using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>The tour of the README from outside: a server process, real HTTP, real tokens.</summary>
public class TourTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;

    private static readonly string[] Readers = ["care-coordinator", "gp", "social-worker", "housing-officer", "person"];

    [Fact]
    public async Task A_plan_without_a_crisis_plan_is_refused_by_name_and_nothing_is_stored()
    {
        var coordinator = await Server.As("care-coordinator");
        var before = (await coordinator.Get("CarePlan?_summary=count")).Total;
        var refused = await coordinator.Post("CarePlan", Talk.Sample("tour/care-plan-without-crisis-plan.json"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(["cpa-cp-4"], refused.ErrorKeys);
        Assert.Null(refused.Location);
        Assert.Equal(before, (await coordinator.Get("CarePlan?_summary=count")).Total);
    }

    [Fact]
    public async Task Five_readers_see_five_views_each_valid_and_marked()
    {
        var coordinator = await Server.As("care-coordinator");
        var created = await coordinator.Post("CarePlan", Talk.Sample("tour/care-plan.json"));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.NotNull(created.ETag);
        Assert.StartsWith($"{Server.Fhir}CarePlan/{created.Id}/_history/", created.Location);

        var views = new Dictionary<string, string>();
        foreach (var reader in Readers)
        {
            var seen = await (await Server.As(reader)).Get($"CarePlan/{created.Id}");
            Assert.Equal(HttpStatusCode.OK, seen.Status);
            views[reader] = seen.Body;
            AssertValid(reader, seen.Body);
            var isMarked = seen.Json["meta"]!["tag"] is JsonArray tags && tags.Any(t => (string?)t!["code"] == "SUBSETTED");
            Assert.Equal(reader != "care-coordinator", isMarked);
        }
        Assert.Equal(Readers.Length, views.Values.Distinct().Count());
        Assert.DoesNotContain("substance-misuse", StripNotice(views["housing-officer"]));

        var outsider = await Server.As("outsider");
        var hidden = await outsider.Get($"CarePlan/{created.Id}");
        Assert.Equal(HttpStatusCode.NotFound, hidden.Status);
        Assert.Equal((await outsider.Get("CarePlan/never-was-one")).Whole, hidden.Whole);
    }

    [Fact]
    public async Task A_hidden_diagnosis_is_as_if_it_were_not_there()
    {
        var housing = await Server.As("housing-officer");
        var hidden = await housing.Get("Condition/robin-schizophrenia");
        Assert.Equal((await housing.Get("Condition/never-was-one")).Whole, hidden.Whole);
        var found = await housing.Get("Condition?code=http://snomed.info/sct|58214004");
        Assert.Equal((HttpStatusCode.OK, 0, 0), (found.Status, found.Total, found.Entries.Count));
        Assert.Equal(["robin-schizophrenia"],
            (await (await Server.As("psychiatrist")).Get("Condition?code=http://snomed.info/sct|58214004")).Ids);
    }

    [Fact]
    public async Task A_task_is_about_the_person_it_is_for_although_R4_lets_it_be_for_anything()
    {
        Assert.Equal(HttpStatusCode.OK, (await (await Server.As("housing-officer")).Get("Task/robin-task-rent")).Status);
        var changed = await (await Server.As("care-coordinator"))
            .Change("Task/robin-task-rent", t => t["for"]!["reference"] = "Patient/sky");
        Assert.Equal(["immutable-subject"], changed.ErrorKeys);
    }

    [Fact]
    public async Task Explain_speaks_of_the_caller_and_not_of_the_content()
    {
        var answer = await (await Server.As("housing-officer")).Get("CarePlan/robin-plan/$explain");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Parameters", (string)answer.Json["resourceType"]!);
        AssertValid("explain", answer.Body);
        Assert.Contains("G8", answer.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await (await Server.As("outsider")).Get("CarePlan/robin-plan/$explain")).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public async Task The_samples_hold_in_years_to_come(int years)
    {
        var clock = DateTimeOffset.UtcNow.AddYears(years)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await using var later = await ServerProcess.Start(new Dictionary<string, string> { ["Clock:Fixed"] = clock });
        var coordinator = await later.As("care-coordinator");
        var created = await coordinator.Post("CarePlan", Talk.Sample("tour/care-plan.json"));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var views = new List<string>();
        foreach (var reader in Readers) views.Add((await (await later.As(reader)).Get($"CarePlan/{created.Id}")).Body);
        Assert.Equal(Readers.Length, views.Distinct().Count());
        Assert.Equal(["cpa-cp-4"], (await coordinator.Post("CarePlan", Talk.Sample("tour/care-plan-without-crisis-plan.json"))).ErrorKeys);
    }

    private static readonly Validator Base = new(DefinitionSet.Base, TimeProvider.System);

    internal static void AssertValid(string what, string body)
    {
        var report = new Report();
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(body), report);
        Assert.True(document != null, $"{what}: {string.Join("; ", report.Issues)}");
        Base.Validate(document, [], report);
        Assert.True(!report.HasErrors, $"{what}: {string.Join("; ", report.Issues.Where(i => i.IsError))}");
    }

    /// <summary>The notice names withheld categories whether or not there are any, so it proves nothing.</summary>
    private static string StripNotice(string body)
    {
        var resource = JsonNode.Parse(body)!.AsObject();
        resource.Remove("meta");
        return resource.ToJsonString();
    }
}
