using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;
using static FhirCarePlan.Server.Tests.Outside.Wire;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Batch and transaction from outside. https://hl7.org/fhir/R4/http.html#transaction</summary>
public class BundleTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;
    private Task<HttpClient> Coordinator => Server.As("care-coordinator");

    private static JsonObject Goal(string text = "Sleep through the night", string patient = "Patient/robin") =>
        Json($$$"""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"{{{text}}}"},"subject":{"reference":"{{{patient}}}"}}""");

    private static Task<Heard> Post(HttpClient client, JsonObject bundle) => client.Post("", bundle.ToJsonString());

    private static string Status(JsonObject entry) => (string)entry["response"]!["status"]!;
    private static string Location(JsonObject entry) => string.Join('/', ((string)entry["response"]!["location"]!).Split('/')[..2]);

    [Fact]
    public async Task A_batch_answers_each_entry_alone_and_in_its_place()
    {
        var answer = await Post(await Coordinator, Bundle("batch",
            Entry("GET", "Patient/robin"), Entry("GET", "Goal/never-was-one"), Entry("POST", "Goal", Goal()), Entry("POST", "Goal", Json("""{"resourceType":"Goal"}""")),
            Entry("GET", "Goal?_count=1"), Entry("GET", "CarePlan/robin-plan/$explain"), Entry("POST", "Goal/$validate", Goal()), Entry("PATCH", "Goal/x"), Entry("DELETE", "Consent/robin-consent-sharing"),
            Entry("GET", "CarePlan/robin-plan/_history"), Entry("GET", "Nonsense/x")));
        Assert.Equal("batch-response", (string)answer.Json["type"]!);
        Assert.Equal(["200", "404", "201", "422", "200", "200", "200", "400", "405", "200", "404"], answer.Entries.Select(Status));
        Assert.Equal(["Patient", null, null, null, "Bundle", "Parameters", "OperationOutcome", null, null, "Bundle", null], answer.Entries.Select(e => (string?)e["resource"]?["resourceType"]));
        TourTests.AssertValid("batch-response", answer.Body);
    }

    [Fact]
    public async Task A_transaction_that_fails_in_one_entry_leaves_nothing_and_says_where()
    {
        var coordinator = await Coordinator;
        var before = (await coordinator.Get("Goal?_count=1000&_sort=_id")).Body;
        var answer = await Post(coordinator, Bundle("transaction",
            Entry("POST", "Goal", Goal()), Entry("DELETE", "Goal/robin-goal-draw"), Entry("POST", "Goal", Json("""{"resourceType":"Goal","lifecycleStatus":"active","subject":{"reference":"Patient/robin"}}"""))));
        Assert.Equal(422, (int)answer.Status);
        Assert.All(answer.Json["issue"]!.AsArray(), i => Assert.StartsWith("Bundle.entry[2]", (string)i!["expression"]![0]!));
        Assert.Equal(before, (await coordinator.Get("Goal?_count=1000&_sort=_id")).Body);
        // The trail says nothing of a rolled-back entry.
        var lead = await Server.As("ig-lead");
        Assert.DoesNotContain((await lead.Get("AuditEvent?entity=Goal/robin-goal-draw")).Entries, e => (string?)e["resource"]!["action"] == "D");
    }

    [Fact]
    public async Task Whatever_names_an_entry_names_what_is_stored_for_it()
    {
        var (patient, goal, list) = ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e1", "http://elsewhere.example/fhir/List/7");
        var referring = Json($$$"""
            {"resourceType":"List","status":"current","mode":"working","subject":{"reference":"{{{patient}}}"},
             "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{{{goal}}}\">goal</a></div>"},
             "extension":[{"url":"http://example.org/uri","valueUri":"{{{goal}}}"},{"url":"http://example.org/text","valueString":"{{{goal}}}"}],
             "entry":[{"item":{"reference":"{{{goal}}}"}}]}
            """);
        var about = Goal("To be about somebody", patient);
        about["note"] = new JsonArray(Json($$"""{"text":"see {{list}}"}"""));
        // The person comes last: the order of entries means nothing.
        var answer = await Post(await Coordinator, Bundle("transaction",
            Entry("POST", "List", referring, list), Entry("POST", "Goal", about, goal), Entry("POST", "Patient", Json("""
                {"resourceType":"Patient","name":[{"text":"Somebody New"}],"birthDate":"1990-01-01","extension":[{
                "url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberUnavailableReason","valueCodeableConcept":{"text":"Not known"}}]}
                """), patient)));
        Assert.True((int)answer.Status == 200, answer.Body);
        Assert.Equal(["201", "201", "201"], answer.Entries.Select(Status));
        var (listAt, goalAt, patientAt) = (Location(answer.Entries[0]), Location(answer.Entries[1]), Location(answer.Entries[2]));
        var stored = (await (await Coordinator).Get(listAt)).Json;
        Assert.Equal(goalAt, (string)stored["entry"]![0]!["item"]!["reference"]!);
        Assert.Contains($"href=\"{goalAt}\"", (string)stored["text"]!["div"]!);
        Assert.Equal(goalAt, (string)stored["extension"]![0]!["valueUri"]!);
        Assert.Equal(goal, (string)stored["extension"]![1]!["valueString"]!); // a text is a text
        Assert.Equal(patientAt, (string)stored["subject"]!["reference"]!);
        Assert.Equal(patientAt, (string)(await (await Coordinator).Get(goalAt)).Json["subject"]!["reference"]!);
        Assert.Equal([goalAt[5..]], (await (await Coordinator).Get($"Goal?subject={patientAt}")).Ids);
    }

    [Fact]
    public async Task A_fullUrl_that_names_two_entries_names_none()
    {
        var answer = await Post(await Coordinator, Bundle("transaction", Entry("POST", "Goal", Goal(), "urn:uuid:x"), Entry("POST", "Goal", Goal(), "urn:uuid:x")));
        Assert.Equal(409, (int)answer.Status);
    }

    [Theory]
    [InlineData("""{"resourceType":"Bundle"}""", 422)]
    [InlineData("""{"resourceType":"Bundle","type":"history"}""", 422)]
    [InlineData("""{"resourceType":"Bundle","type":"Transaction"}""", 422)]
    [InlineData("""{"resourceType":"Patient"}""", 422)]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[]}""", 422)]
    [InlineData("""{"resourceType":"Bundle","type":"transaction"}""", 200)]
    [InlineData("""{"resourceType":"Bundle","type":"batch"}""", 200)]
    [InlineData("""{"entry":[{"request":{"url":"Patient/robin","method":"GET"}}],"type":"transaction","resourceType":"Bundle"}""", 200)]
    [InlineData("""{"entry":[{"request":{"url":"Goal/never-was-one","method":"GET"}}],"type":"transaction","resourceType":"Bundle"}""", 404)]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{}]}""", 422)]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Goal"}}]}""", 400)]
    public async Task Bundles_of_every_shape(string bundle, int status) => Assert.Equal(status, (int)(await (await Coordinator).Post("", bundle)).Status);

    [Fact]
    public async Task An_entry_keeps_its_precondition()
    {
        var coordinator = await Coordinator;
        var plan = await coordinator.Get("CarePlan/robin-plan");
        var goal = Entry("POST", "Goal", Goal("Only together"));
        Assert.Equal(428, (int)(await Post(coordinator, Bundle("transaction", goal.DeepClone().AsObject(), Entry("PUT", "CarePlan/robin-plan", plan.Json)))).Status);
        Assert.Equal(412, (int)(await Post(coordinator, Bundle("transaction", goal.DeepClone().AsObject(), Entry("PUT", "CarePlan/robin-plan", plan.Json, ifMatch: "W/\"x\"")))).Status);
        Assert.DoesNotContain("Only together", (await coordinator.Get("Goal?_count=1000")).Body);
        var done = await Post(coordinator, Bundle("transaction", goal, Entry("PUT", "CarePlan/robin-plan", plan.Json, ifMatch: plan.ETag)));
        Assert.Equal(["201", "200"], done.Entries.Select(Status));
        Assert.Equal((await coordinator.Get("CarePlan/robin-plan")).ETag, (string)done.Entries[1]["response"]!["etag"]!);
    }

    [Fact]
    public async Task Deletes_go_first_then_writes_then_reads()
    {
        var coordinator = await Coordinator;
        var (one, two) = (await coordinator.Post("Goal", Goal("one").ToJsonString()), await coordinator.Post("Goal", Goal("two").ToJsonString()));
        var changed = one.Json;
        changed["description"]!["text"] = "one, changed";
        var answer = await Post(coordinator, Bundle("transaction", Entry("GET", $"Goal/{one.Id}"), Entry("PUT", $"Goal/{one.Id}", changed), Entry("DELETE", $"Goal/{two.Id}")));
        Assert.Equal(["200", "200", "204"], answer.Entries.Select(Status));
        Assert.Equal("one, changed", (string)answer.Entries[0]["resource"]!["description"]!["text"]!);
        Assert.Equal(410, (int)(await Post(coordinator, Bundle("transaction", Entry("GET", $"Goal/{one.Id}"), Entry("DELETE", $"Goal/{one.Id}")))).Status);
        Assert.Equal(200, (int)(await coordinator.Get($"Goal/{one.Id}")).Status);
    }

    [Fact]
    public async Task Two_thousand_entries_go_in_and_one_more_does_not()
    {
        var coordinator = await Coordinator;
        JsonObject Many(int count) => Bundle("transaction", [.. Enumerable.Range(0, count).Select(n => Entry("POST", "Goal", Goal($"many {n}"), $"urn:uuid:{n}"))]);
        var before = (await coordinator.Get("Goal?_summary=count")).Total;
        Assert.Equal(413, (int)(await Post(coordinator, Many(2_001))).Status);
        Assert.Equal(before, (await coordinator.Get("Goal?_summary=count")).Total);
        var done = await Post(coordinator, Many(2_000));
        Assert.All(done.Entries, e => Assert.Equal("201", Status(e)));
        Assert.Equal(before + 2_000, (await coordinator.Get("Goal?_summary=count")).Total);
    }

    /// <summary>src/docs/sharing.md#transactions: a party that joins in a transaction reads in it as before.</summary>
    [Fact]
    public async Task A_transaction_cannot_read_what_it_opens()
    {
        var voluntary = await Server.As("voluntary-worker");
        var coordinator = await Coordinator;
        Assert.Equal(404, (int)(await voluntary.Get("CarePlan/robin-plan")).Status);
        var team = (await coordinator.Get("CareTeam/robin-team")).Json;
        var answers = new[]
        {
            await Post(voluntary, Bundle("transaction", Entry("PUT", "CareTeam/robin-team", team, ifMatch: $"W/\"{(string)team["meta"]!["versionId"]!}\""), Entry("GET", "CarePlan/robin-plan"))),
            await Post(voluntary, Bundle("transaction", Entry("POST", "Patient", Json("""{"resourceType":"Patient","name":[{"text":"Somebody"}],"link":[{"other":{"reference":"Patient/robin"},"type":"seealso"}]}""")), Entry("GET", "CarePlan/robin-plan"))),
            await Post(voluntary, Bundle("transaction", Entry("GET", "CarePlan/robin-plan"))),
        };
        Assert.All(answers, a => Assert.InRange((int)a.Status, 400, 499));
        Assert.All(answers, a => Assert.DoesNotContain("activity", a.Body));
        Assert.Equal(404, (int)(await voluntary.Get("CarePlan/robin-plan")).Status);
    }
}
