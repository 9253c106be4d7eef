using System.Net;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Smart;

/// <summary>A server with the sample partnership, for tests that change nothing that others look at.</summary>
public sealed class ScopedServer : IAsyncLifetime
{
    public ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await ServerProcess.Start(new Dictionary<string, string> { ["Clock:Fixed"] = "2026-06-01T10:20:30Z" });
    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>Scopes take away from the view that the agreement gives, and what they take away does not exist.</summary>
public sealed class ScopedViewTests(ScopedServer fixture) : IClassFixture<ScopedServer>
{
    private const string Category = "http://terminology.hl7.org/CodeSystem/observation-category|survey";
    private static readonly string[] Types = ["Patient", "CarePlan", "CareTeam", "Condition", "Observation", "Goal", "Encounter", "Consent", "Practitioner", "Organization", "Task", "List"];

    private readonly ServerProcess server = fixture.Server;

    private static async Task<HashSet<string>> Found(HttpClient client, string query)
    {
        var heard = await client.Get($"{query}{(query.Contains('?') ? '&' : '?')}_count=1000");
        Assert.True(heard.Status == HttpStatusCode.OK, heard.Body);
        return [.. heard.Entries.Where(e => (string?)e["search"]?["mode"] != "outcome").Select(e => $"{e["resource"]!["resourceType"]}/{e["resource"]!["id"]}")];
    }

    private static string Said(Heard heard) => string.Join(" ", heard.Json["issue"]!.AsArray().Select(i => (string?)i!["diagnostics"]));

    [Fact]
    public async Task Scopes_for_everything_change_nothing()
    {
        var (whole, scoped) = (await server.As("care-coordinator"), await server.With("care-coordinator", "user/*.cruds"));
        foreach (var type in Types)
        {
            Assert.Equal(await Found(whole, type), await Found(scoped, type));
            foreach (var one in (await Found(whole, type)).Take(3)) Assert.Equal((await whole.Get(one)).Body, (await scoped.Get(one)).Body);
        }
    }

    [Fact]
    public async Task A_type_without_a_scope_is_empty_and_its_resources_are_not_found()
    {
        var (whole, scoped) = (await server.As("care-coordinator"), await server.With("care-coordinator", "user/Condition.rs user/Dragon.rs user/Goal.sr"));
        foreach (var type in Types)
        {
            var all = await Found(whole, type);
            var left = await Found(scoped, type);
            if (type == "Condition") Assert.Equal(all, left);
            else Assert.Empty(left);
            if (type == "Condition" || all.Count == 0) continue;
            var search = await scoped.Get(type);
            Assert.Equal(0, search.Total);
            Assert.Contains($"do not let you search `{type}`", (string?)search.Entries.Single()["resource"]!["issue"]![0]!["diagnostics"], StringComparison.Ordinal);
            var (there, absent) = (await scoped.Get(all.First()), await scoped.Get($"{type}/nobody-has-this"));
            Assert.Equal(HttpStatusCode.NotFound, there.Status);
            Assert.Equal(absent.Whole, there.Whole);
            Assert.Contains("scopes of your token narrow", Said(there), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_scope_that_can_be_read_nothing_is_there()
    {
        foreach (var scope in new[] { "launch/patient", "patient/*.rs", "user/*.rx", "user/Patient", "openid fhirUser" })
        {
            var scoped = await server.With("care-coordinator", scope);
            foreach (var type in Types) Assert.Empty(await Found(scoped, type));
            Assert.Equal(HttpStatusCode.NotFound, (await scoped.Get("Patient/robin")).Status);
        }
    }

    [Theory]
    [InlineData("user/Observation.r", 404, 200)]
    [InlineData("user/Observation.s", 200, 404)]
    public async Task Reading_and_searching_are_two_letters(string scope, int search, int read)
    {
        var scoped = await server.With("care-coordinator", scope);
        Assert.Equal(search == 200, (await Found(scoped, "Observation")).Count > 0);
        Assert.Equal(search == 200, (await Found(scoped, "Observation?_id=robin-honos-01")).Count > 0);
        foreach (var what in new[] { "", "/_history", "/$explain" }) Assert.Equal(read, (int)(await scoped.Get($"Observation/robin-honos-01{what}")).Status);
    }

    [Fact]
    public async Task Patient_scopes_are_about_the_person_of_the_launch_context()
    {
        var (whole, scoped) = (await server.As("care-coordinator"), await server.With("care-coordinator", "patient/*.rs", patient: "robin"));
        foreach (var type in Types)
        {
            var (all, left) = (await Found(whole, type), await Found(scoped, type));
            Assert.Subset(all, left);
            if (type is "Practitioner" or "Organization") Assert.Equal(all, left);
            else if (type == "List") Assert.Empty(left); // about several people
            else
            {
                Assert.NotEmpty(left);
                Assert.All(left, one => Assert.Contains("robin", one, StringComparison.Ordinal));
                Assert.Equal(all.Where(one => one.Contains("robin", StringComparison.Ordinal)).ToHashSet(), left);
            }
        }
        foreach (var other in new[] { "Patient/sky", "Condition/sky-bipolar", "CarePlan/sky-plan", "List/register-trust" })
        {
            Assert.Equal(HttpStatusCode.OK, (await whole.Get(other)).Status);
            var absent = $"{other[..other.IndexOf('/')]}/nobody";
            foreach (var what in new[] { "", "/_history", "/_history/x", "/$explain", "/$validate" })
                Assert.Equal((await scoped.Get(absent + what)).Whole.Replace(absent, other, StringComparison.Ordinal), (await scoped.Get(other + what)).Whole);
        }
        Assert.Equal(HttpStatusCode.OK, (await scoped.Get("Patient/robin")).Status);
    }

    [Fact]
    public async Task A_persons_own_scopes_are_about_them_and_a_wider_scope_opens_no_more()
    {
        var (own, scoped) = (await server.As("person"), await server.With("person", "patient/*.rs user/*.cruds system/*.cruds", patient: "sky"));
        foreach (var type in Types) Assert.Equal(await Found(own, type), await Found(scoped, type));
        Assert.Equal(HttpStatusCode.NotFound, (await scoped.Get("Patient/sky")).Status);
    }

    [Fact]
    public async Task A_restriction_leaves_what_a_search_with_it_finds()
    {
        var whole = await server.As("care-coordinator");
        foreach (var restriction in new[] { $"category={Category}", "category=survey", "code=http://snomed.info/sct|nothing", "status=final&category=survey", "category=survey,vital-signs", "subject=Patient/robin" })
        {
            var scoped = await server.With("care-coordinator", $"user/Observation.rs?{restriction}");
            var (all, some) = (await Found(whole, "Observation"), await Found(whole, $"Observation?{restriction}"));
            Assert.Equal(some, await Found(scoped, "Observation"));
            Assert.Equal(await Found(whole, $"Observation?{restriction}&_lastUpdated=gt2000"), await Found(scoped, "Observation?_lastUpdated=gt2000"));
            foreach (var one in all) Assert.Equal(some.Contains(one) ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await scoped.Get(one)).Status);
            var total = (await scoped.Get("Observation?_summary=count")).Total;
            Assert.Equal(some.Count, total);
        }
        Assert.NotEmpty(await Found(whole, $"Observation?category={Category}"));
        Assert.NotEqual(await Found(whole, "Observation"), await Found(whole, $"Observation?category={Category}"));
    }

    /// <summary>The housing officer sees the plan and not all that it refers to: a reference that is hidden from them opens nothing.</summary>
    [Fact]
    public async Task A_restriction_by_a_hidden_value_leaves_nothing()
    {
        var plan = (await (await server.As("care-coordinator")).Get("CarePlan/robin-plan")).Json;
        var officer = await server.As("housing-officer");
        Assert.Equal(HttpStatusCode.OK, (await officer.Get("CarePlan/robin-plan")).Status);
        var (hidden, seen) = (0, 0);
        (string Element, string Parameter)[] references = [("goal", "goal"), ("addresses", "condition")];
        foreach (var restriction in references.SelectMany(r => plan[r.Element]!.AsArray().Select(to => $"{r.Parameter}={to!["reference"]}")))
        {
            var isSeen = (await Found(officer, $"CarePlan?_id=robin-plan&{restriction}")).Count > 0;
            var scoped = await server.With("housing-officer", $"user/CarePlan.rs?{restriction}");
            Assert.Equal(isSeen, (await Found(scoped, "CarePlan?_id=robin-plan")).Count > 0);
            Assert.Equal(isSeen ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await scoped.Get("CarePlan/robin-plan")).Status);
            _ = isSeen ? seen++ : hidden++;
        }
        Assert.True(hidden > 0, $"{seen} seen");
    }

    [Fact]
    public async Task Several_scopes_add_up_each_with_its_own_person_and_restriction()
    {
        var whole = await server.As("care-coordinator");
        var scoped = await server.With("care-coordinator", "patient/Condition.rs user/Condition.rs?category=problem-list-item", patient: "sky");
        var expected = (await Found(whole, "Condition?category=problem-list-item")).Union((await Found(whole, "Condition")).Where(c => c.Contains("sky", StringComparison.Ordinal))).ToHashSet();
        Assert.Equal(expected, await Found(scoped, "Condition"));
        foreach (var one in await Found(whole, "Condition")) Assert.Equal(expected.Contains(one) ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await scoped.Get(one)).Status);
    }

    [Theory]
    [InlineData("user/Observation.rs?nonsense=1")]
    [InlineData("user/Observation.rs?_count=1")]
    [InlineData("user/Observation.rs?_id=robin-honos-01")]
    [InlineData("user/Observation.rs?category:not=survey")]
    [InlineData("user/Observation.rs?category:missing=true")]
    [InlineData("user/Observation.rs?value-quantity=gt1")]
    [InlineData("user/Observation.rs?category=survey&_include=Observation:subject")]
    [InlineData("user/Observation.rs?category=")]
    public async Task A_restriction_that_cannot_be_decided_grants_nothing(string scope)
    {
        var scoped = await server.With("care-coordinator", scope);
        Assert.Empty(await Found(scoped, "Observation"));
        Assert.Equal(HttpStatusCode.NotFound, (await scoped.Get("Observation/robin-honos-01")).Status);
    }

    [Fact]
    public async Task Includes_bring_only_what_a_search_may_find()
    {
        const string Query = "CarePlan?_include=*&_id=robin-plan";
        var whole = await Found(await server.As("care-coordinator"), Query);
        Assert.Contains("Patient/robin", whole);
        Assert.DoesNotContain("Patient/robin", await Found(await server.With("care-coordinator", "user/CarePlan.rs user/Patient.r"), Query));
        Assert.Contains("Patient/robin", await Found(await server.With("care-coordinator", "user/CarePlan.rs user/Patient.s"), Query));
        Assert.Equal(["CarePlan/robin-plan"], (await Found(await server.With("care-coordinator", "user/CarePlan.s"), Query)).Where(one => !one.StartsWith("CarePlan", StringComparison.Ordinal) || one == "CarePlan/robin-plan"));
        var some = await Found(await server.With("care-coordinator", "user/CarePlan.s user/Condition.s?category=need"), Query);
        var needs = await Found(await server.As("care-coordinator"), "Condition?category=need");
        Assert.Equal(whole.Where(needs.Contains).ToHashSet(), some.Where(one => one.StartsWith("Condition", StringComparison.Ordinal)).ToHashSet());
        Assert.Contains(some, one => one.StartsWith("Condition", StringComparison.Ordinal));
        Assert.Empty((await Found(await server.With("care-coordinator", "patient/CarePlan.s", patient: "sky"), Query)));
    }

    [Fact]
    public async Task Entries_of_bundles_are_narrowed_one_by_one()
    {
        var scoped = await server.With("care-coordinator", "user/Condition.rs");
        const string Entries = """[{"request":{"method":"GET","url":"Condition/robin-alcohol"}},{"request":{"method":"GET","url":"Patient/robin"}},{"request":{"method":"GET","url":"Goal"}}]""";
        var batch = (await scoped.Post("", $$"""{"resourceType":"Bundle","type":"batch","entry":{{Entries}}}""")).Entries;
        Assert.Equal(["200", "404", "200"], batch.Select(e => ((string)e["response"]!["status"]!)[..3]));
        Assert.Equal(0, (int)batch[2]["resource"]!["total"]!);
        var transaction = await scoped.Post("", $$"""{"resourceType":"Bundle","type":"transaction","entry":{{Entries}}}""");
        Assert.Equal(HttpStatusCode.NotFound, transaction.Status);
    }

    [Fact]
    public async Task A_page_link_is_bound_to_the_scopes()
    {
        var (one, other) = (await server.With("care-coordinator", "user/Observation.rs"), await server.With("care-coordinator", "user/Observation.rs user/Patient.r"));
        var next = (string)(await one.Get("Observation?_count=2")).Json["link"]!.AsArray().Single(l => (string)l!["relation"]! == "next")!["url"]!;
        Assert.Equal(HttpStatusCode.OK, (await one.Get(next)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await other.Get(next)).Status);
    }

    /// <summary>History of many, compartments, everything at once: each asks of the same view.</summary>
    [Fact]
    public async Task Reads_of_many_are_narrowed_as_searches_are()
    {
        var whole = await server.As("care-coordinator");
        var scoped = await server.With("care-coordinator", "patient/Condition.rs user/Observation.rs?category=survey patient/Patient.rs patient/EpisodeOfCare.rs", patient: "robin");
        var left = (await Found(whole, "Condition")).Concat(await Found(whole, "EpisodeOfCare")).Where(one => one.Contains("robin", StringComparison.Ordinal)).Concat(await Found(whole, "Observation?category=survey")).Append("Patient/robin").ToHashSet();
        foreach (var url in new[] { "", "_history", "Condition/_history", "Observation/_history", "Goal/_history", "Patient/robin/*", "Patient/sky/*", "Patient/robin/Goal", "Patient/robin/Observation", "Patient/sky/Condition", "Patient/robin/$everything" })
        {
            var (all, some) = (await Found(whole, url), await Found(scoped, url));
            Assert.Equal(all.Where(left.Contains).ToHashSet(), some);
            if (!url.Contains("sky", StringComparison.Ordinal) && !url.Contains("Goal", StringComparison.Ordinal)) Assert.NotEmpty(some);
        }
        Assert.Equal((await scoped.Get("Patient/nobody/$everything")).Whole, (await scoped.Get("Patient/sky/$everything")).Whole);
        Assert.Equal((await scoped.Get("Condition/nobody/$meta")).Whole, (await scoped.Get("Condition/sky-bipolar/$meta")).Whole);
        Assert.Equal(HttpStatusCode.Forbidden, (await scoped.Get("Goal/$meta")).Status);
        Assert.Equal(HttpStatusCode.OK, (await scoped.Get("$meta")).Status);
    }

    /// <summary>The definitions are the same for every caller, and a scope that does not cover them does not show them. So are the ledger's events
    /// to those who may see them.</summary>
    [Fact]
    public async Task Definitions_and_the_ledger_are_narrowed_too()
    {
        var lead = await server.As("ig-lead");
        Assert.NotEmpty(await Found(lead, "AuditEvent"));
        var scoped = await server.With("ig-lead", "user/ValueSet.rs user/StructureDefinition.r?url=x");
        Assert.NotEmpty(await Found(scoped, "ValueSet"));
        foreach (var type in new[] { "AuditEvent", "StructureDefinition", "CodeSystem" }) Assert.Empty(await Found(scoped, type));
        Assert.Equal(HttpStatusCode.NotFound, (await scoped.Get("StructureDefinition/CPA-CarePlan")).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await server.With("ig-lead", "user/StructureDefinition.r")).Get("StructureDefinition/CPA-CarePlan")).Status);
        Assert.NotEmpty(await Found(await server.With("ig-lead", "user/AuditEvent.rs"), "AuditEvent"));
        Assert.Empty(await Found(await server.With("ig-lead", "patient/AuditEvent.rs", patient: "robin"), "AuditEvent"));
        Assert.Empty(await Found(await server.With("ig-lead", "user/AuditEvent.rs?action=R"), "AuditEvent"));
        foreach (var (scope, status) in new[] { ("user/Patient.r", 404), ("user/Patient.r user/AuditEvent.s", 200), ("patient/*.rs", 200), ("patient/Patient.rs", 404) })
            Assert.Equal(status, (int)(await (await server.With("person", scope)).Get("Patient/robin/$disclosures")).Status);
    }

    [Fact]
    public async Task Operations_on_types_need_a_scope_of_the_type()
    {
        var scoped = await server.With("gp", "user/Patient.rs");
        var refused = await scoped.Get("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("insufficient_scope", refused.Headers, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await (await server.With("gp", "user/ValueSet.r")).Get("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender")).Status);
        Assert.Equal(HttpStatusCode.OK, (await scoped.Get("metadata")).Status);
    }
}
