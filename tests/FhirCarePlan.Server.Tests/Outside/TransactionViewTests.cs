using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;
using static FhirCarePlan.Server.Tests.Outside.Wire;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A transaction sees what it has written, through the same search as everybody, and nothing outside the caller's view
/// (src/docs/sharing.md#transactions; src/docs/sharing.md#leaks, 16, 18 and 21).</summary>
public class TransactionViewTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Number = "https://fhir.nhs.uk/Id/nhs-number|9994127004";

    private ServerProcess Server => samples.Process;
    private Task<HttpClient> Coordinator => Server.As("care-coordinator");

    private static Task<Heard> Post(HttpClient client, params JsonObject[] entries) =>
        client.Post("", Bundle("transaction", entries).ToJsonString());

    private static JsonObject Goal(string text, string patient = "Patient/robin") =>
        Json($$$"""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"{{{text}}}"},"subject":{"reference":"{{{patient}}}"}}""");

    private static JsonObject Found(Heard answer, int entry) => answer.Entries[entry]["resource"]!.AsObject();

    [Fact]
    public async Task Search_read_and_history_see_what_the_transaction_wrote()
    {
        var coordinator = await Coordinator;
        var (kept, gone) = (await coordinator.Post("Goal", Goal("kept").ToJsonString()),
            await coordinator.Post("Goal", Goal("gone").ToJsonString()));
        var before = (await coordinator.Get("Goal?patient=robin&_summary=count")).Total;
        var changed = kept.Json;
        changed["lifecycleStatus"] = "completed";
        var answer = await Post(coordinator,
            Entry("GET", "Goal?patient=robin&_summary=count"), Entry("GET", $"Goal?_id={kept.Id},{gone.Id}"),
                Entry("GET", $"Goal?patient=robin&lifecycle-status=completed&_id={kept.Id}&_include=Goal:patient"),
            Entry("GET", $"Goal/{kept.Id}"), Entry("GET", $"Goal/{kept.Id}/_history"),
                Entry("GET", "Goal?patient=robin&_count=2&_sort=-_lastUpdated"),
            Entry("POST", "Goal", Goal("new")), Entry("PUT", $"Goal/{kept.Id}", changed), Entry("DELETE", $"Goal/{gone.Id}"));
        Assert.True((int)answer.Status == 200, answer.Body);
        Assert.Equal(before, (int)Found(answer, 0)["total"]!);
        Assert.Equal([kept.Id], Found(answer, 1)["entry"]!.AsArray().Select(e => (string)e!["resource"]!["id"]!));
        Assert.Equal(["Goal", "Patient"], Found(answer, 2)["entry"]!.AsArray().Select(e => (string)e!["resource"]!["resourceType"]!));
        Assert.Equal("completed", (string)Found(answer, 3)["lifecycleStatus"]!);
        Assert.Equal(2, (int)Found(answer, 4)["total"]!);
        Assert.Equal(2, Found(answer, 5)["entry"]!.AsArray().Count);
        // The page link goes on where the transaction has ended.
        var next = (string)Found(answer, 5)["link"]!.AsArray().Single(l => (string)l!["relation"]! == "next")!["url"]!;
        Assert.Equal(200, (int)(await coordinator.Get(next)).Status);
        Assert.Equal(before, (await coordinator.Get("Goal?patient=robin&_summary=count")).Total);
    }

    [Fact]
    public async Task A_search_that_is_wrong_fails_it_all_and_leaves_nothing()
    {
        var coordinator = await Coordinator;
        var before = (await coordinator.Get("Goal?_summary=count")).Total;
        var answer = await Post(coordinator, Entry("POST", "Goal", Goal("not stored")), Entry("GET", "Goal?nonsense=1"));
        Assert.Equal(400, (int)answer.Status);
        Assert.Equal(before, (await coordinator.Get("Goal?_summary=count")).Total);
    }

    /// <summary>What others do not see does not come into a search for all that it writes in the same transaction.</summary>
    [Theory]
    [InlineData("gp")]
    [InlineData("social-worker")]
    public async Task Writing_shows_nothing_more(string persona)
    {
        var client = await Server.As(persona);
        var asked = new[] { "Condition?_summary=count", "CarePlan?_summary=count", "Observation?_summary=count",
            "Patient?_count=1000&_sort=_id", "Task?_count=1000&_sort=_id" };
        var alone = new List<string>();
        foreach (var question in asked) alone.Add((await client.Get(question)).Json.AsNew().ToJsonString());
        var communication = Json("""
            {"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/robin"},"sent":"2026-01-01T10:00:00Z","payload":[{"contentString":"x"}],
             "category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-CommunicationCategory","code":"contact-attempt"}]}],"recipient":[{"reference":"PractitionerRole/care-coordinator"}]}
            """);
        communication["sender"] = Json($$"""{"reference":"PractitionerRole/{{persona}}"}""");
        var answer = await Post(client, [Entry("POST", "Communication", communication), .. asked.Select(q => Entry("GET", q))]);
        Assert.True((int)answer.Status == 200, answer.Body);
        for (var i = 0; i < asked.Length; i++) Assert.Equal(alone[i], Found(answer, i + 1).AsNew().ToJsonString());
    }

    /// <summary>src/docs/sharing.md#transactions: a consent that opens something opens it from the next request on.</summary>
    [Fact]
    public async Task A_transaction_cannot_search_what_it_opens()
    {
        var coordinator = await Coordinator;
        var team = (await coordinator.Get("CareTeam/robin-team")).Json;
        var answer = await Post(await Server.As("voluntary-worker"),
            Entry("PUT", "CareTeam/robin-team", team, ifMatch: $"W/\"{(string)team["meta"]!["versionId"]!}\""),
            Entry("GET", "CarePlan?patient=robin"));
        Assert.InRange((int)answer.Status, 400, 499);
    }

    [Fact]
    public async Task A_conditional_reference_is_resolved_in_the_view_of_its_caller()
    {
        var answer = await Post(await Coordinator, Entry("POST", "Goal", Goal("by number", $"Patient?identifier={Number}")));
        Assert.True((int)answer.Status == 200, answer.Body);
        var stored = await (await Coordinator)
            .Get(string.Join('/', ((string)answer.Entries[0]["response"]!["location"]!).Split('/')[^4..^2]));
        Assert.Equal("Patient/robin", (string)stored.Json["subject"]!["reference"]!);
        // Hidden and absent are one thing.
        var voluntary = await Server.As("voluntary-worker");
        Assert.Equal(0, (await voluntary.Get("Patient?identifier=" + Uri.EscapeDataString(Number))).Total);
        var (hidden, absent) = (await Post(voluntary, Entry("POST", "Communication", About(Number))),
            await Post(voluntary, Entry("POST", "Communication", About("http://c|nobody"))));
        Assert.Equal(absent.Whole, hidden.Whole);
        Assert.InRange((int)hidden.Status, 400, 499);

        static JsonObject About(string identifier) =>
            Json($$$"""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient?identifier={{{identifier}}}"},"payload":[{"contentString":"x"}]}""");
    }

    [Fact]
    public async Task Preferences_hold_for_the_entries()
    {
        var coordinator = await Coordinator;
        foreach (var (prefers, has) in new[] { ("representation", "resource"), ("minimal", ""), ("OperationOutcome", "outcome"), ("", "") })
            foreach (var type in (string[])["batch", "transaction"])
            {
                var headers = prefers.Length > 0 ? new[] { $"Prefer: return={prefers}" } : [];
                var answer = await coordinator.Send("POST", "",
                    System.Text.Encoding.UTF8.GetBytes(Bundle(type, Entry("POST", "Goal", Goal("preferred"))).ToJsonString()), Wire.Fhir,
                    headers);
                var entry = answer.Json["entry"]![0]!;
                Assert.Equal((has == "resource", has == "outcome"), (entry["resource"] != null, entry["response"]!["outcome"] != null));
            }
    }

    [Theory]
    [InlineData("GET", "Goal?nonsense=1", 400)]
    [InlineData("GET", "Patient/robin?nonsense=1", 400)]
    [InlineData("GET", "Patient/robin?_elements=name&_format=json", 200)]
    [InlineData("HEAD", "Patient/robin", 200)]
    [InlineData("GET", "Dragon/1", 404)]
    [InlineData("GET", "metadata", 404)]
    [InlineData("GET", "Patient/robin/$nonsense", 404)]
    [InlineData("DELETE", "Patient", 405)]
    public async Task An_entry_is_answered_as_the_same_request_alone(string method, string url, int status)
    {
        var coordinator = await Coordinator;
        if (url != "metadata") Assert.Equal(status, (await coordinator.Send(method, url)).Status);
        var batch = (await coordinator.Post("", Bundle("batch", Entry(method, url)).ToJsonString())).Entries[0];
        Assert.Equal($"{status}", (string)batch["response"]!["status"]!);
        Assert.Equal(method == "GET" && status == 200, batch["resource"] != null);
        Assert.Equal(status, (int)(await Post(coordinator, Entry(method, url))).Status);
    }
}
