using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>What is answered when: the table of src/docs/sharing.md#statuses, a test a row.</summary>
public class StatusTableTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;
    private Task<HttpClient> Coordinator => Server.As("care-coordinator");
    private Task<HttpClient> Housing => Server.As("housing-officer");

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private const string Goal =
        """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Sleep through the night"},"subject":{"reference":"Patient/robin"}}""";

    // ---- who is asking -----------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("GET", "CarePlan/robin-plan")]
    [InlineData("GET", "CarePlan?status=active")]
    [InlineData("POST", "Goal")]
    [InlineData("POST", "")]
    [InlineData("DELETE", "CarePlan/robin-plan")]
    [InlineData("GET", "Nonsense/x")]
    [InlineData("GET", "CarePlan/robin-plan/$nonsense")]
    public async Task Without_a_token_everything_is_401(string method, string url)
    {
        foreach (var token in new[] { null, "Bearer", "Bearer x.y.z", "Basic eDp5",
            $"Bearer {Forged(await Server.Token("care-coordinator"))}", $"Bearer {Unsigned(await Server.Token("care-coordinator"))}" })
        {
            using var nobody = new HttpClient { BaseAddress = Server.Fhir };
            var answer = await nobody.Send(method, url, method == "POST" ? Bytes(Goal) : null, Wire.Fhir, token is null ? []
                : [$"Authorization: {token}"]);
            Assert.Equal(401, answer.Status);
            Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"));
            Assert.Equal("login", (string?)answer.Json["issue"]![0]!["code"]);
        }
    }

    [Fact]
    public async Task An_expired_token_is_401()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            string token;
            var then = new Dictionary<string, string> { ["Clock:Fixed"] = "2026-01-01T00:00:00Z" };
            await using (var server = await ServerProcess.Start(then, folder)) token = await server.Token("care-coordinator");
            await using var later = await ServerProcess.Start(null, folder);
            using var client = new HttpClient { BaseAddress = later.Fhir };
            Assert.Equal(401, (await client.Send("GET", "CarePlan/robin-plan", null, null, $"Authorization: Bearer {token}")).Status);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Forged(string token)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}";
    }

    private static string Unsigned(string token) =>
        $"{Convert.ToBase64String("""{"alg":"none","typ":"JWT"}"""u8).TrimEnd('=')}.{token.Split('.')[1]}.";

    // ---- what is not there -------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("GET", "Nonsense/x", 404, null)]
    [InlineData("GET", "Medication", 404, null)]
    [InlineData("GET", "$nonsense", 404, null)]
    [InlineData("POST", "Patient/$nonsense", 404, null)]
    [InlineData("GET", "Goal/robin-goal-draw/$everything", 404, null)]
    [InlineData("GET", "a/b/c/d/e", 404, null)]
    [InlineData("GET", "Patient/$validate", 405, "POST")]
    [InlineData("POST", "CarePlan/robin-plan/$explain", 405, "GET, HEAD")]
    [InlineData("PUT", "", 405, "POST, GET, HEAD")]
    [InlineData("DELETE", "Consent?status=active", 405, "GET, HEAD, POST, PUT, PATCH")]
    [InlineData("PATCH", "AuditEvent/x", 405, "GET, HEAD")]
    [InlineData("PUT", "AuditEvent?_id=x", 405, "GET, HEAD")]
    [InlineData("DELETE", "Consent/robin-consent-sharing", 405, "GET, HEAD, PUT")]
    [InlineData("DELETE", "Consent/never-was-one", 405, "GET, HEAD, PUT")]
    [InlineData("POST", "AuditEvent", 405, "GET, HEAD")]
    [InlineData("PUT", "AuditEvent/x", 405, "GET, HEAD")]
    [InlineData("DELETE", "AuditEvent/x", 405, "GET, HEAD")]
    public async Task Unknown_types_interactions_and_operations(string method, string url, int status, string? allow)
    {
        var answer = await (await Coordinator).Send(method, url, method is "POST" or "PUT" or "PATCH" ? Bytes("{}") : null);
        Assert.Equal((status, allow), (answer.Status, answer.Header("Allow")));
        if (url.StartsWith("AuditEvent", StringComparison.Ordinal) || url.StartsWith("Consent", StringComparison.Ordinal))
            Assert.NotEmpty(answer.Said);
        else Assert.Equal("not-supported", (string?)answer.Json["issue"]![0]!["code"]);
    }

    // ---- the body ----------------------------------------------------------------------------------------------------------

    [Fact]
    public async Task A_body_too_large_is_413_of_another_kind_415_broken_400_of_another_shape_422()
    {
        var coordinator = await Coordinator;
        Assert.Equal(413, (await coordinator.Send("POST", "Goal", Bytes($"{Goal}{new string(' ', 4 << 20)}"))).Status);
        Assert.Equal(201, (await coordinator.Send("POST", "Goal", Bytes($"{Goal}{new string(' ', (4 << 20) - Goal.Length)}"))).Status);
        foreach (var broken in new[] { "", "<Goal/>", "{", "{\"resourceType\":\"Goal\"", "{}{}" })
            Assert.Equal(400, (await coordinator.Send("POST", "Goal", Bytes(broken))).Status);
        Assert.Equal(415, (await coordinator.Send("POST", "Goal", Bytes(Goal), "text/plain")).Status);
        Assert.Equal(415, (await coordinator.Send("POST", "Goal", Bytes(Goal), null)).Status);
        Assert.Equal(400, (await coordinator.Send("POST", "Goal", [.. Bytes(Goal[..^2]), 0xff, .. "\"}"u8])).Status);
        foreach (var shape in new[] { """{"resourceType":"Goal","mood":1}""", """{"resourceType":"Goal","lifecycleStatus":["active"]}""",
            """{"resourceType":"Goal","lifecycleStatus":"active","lifecycleStatus":"active"}""", """{"resourceType":"Nonsense"}""",
            """{"resourceType":"Patient"}""", "{}", "null", "[]", "\"Goal\"" })
        {
            var answer = await coordinator.Send("POST", "Goal", Bytes(shape));
            Assert.True(answer.Status == 422, $"{shape}: {answer.Status}");
        }
    }

    // ---- the query ---------------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("Condition?colour=red", "`colour`", "clinical-status")]
    [InlineData("Condition?code:sounds-like=x", "sounds-like", null)]
    [InlineData("Condition?recorded-date=yesterday", "recorded-date", null)]
    [InlineData("Condition?_count=-1", "_count", null)]
    [InlineData("Condition?_sort=colour", "colour", null)]
    [InlineData("Condition?_include=Condition:colour", "colour", null)]
    [InlineData("Condition?_summary=short", "_summary", null)]
    [InlineData("Condition?_page=abc", "page", null)]
    [InlineData("Condition/robin-schizophrenia?colour=red", "_elements", null)]
    [InlineData("Condition/robin-schizophrenia/$explain?colour=red", "_format", null)]
    public async Task A_query_it_does_not_know_is_400_and_names_what_it_knows(string url, string said, string? valid)
    {
        foreach (var client in new[] { await Coordinator, await Housing })
        {
            var answer = await client.Send("GET", url);
            Assert.Equal(400, answer.Status);
            Assert.Contains(said, answer.Said);
            if (valid != null) Assert.Contains(valid, answer.Said);
        }
    }

    [Fact]
    public async Task A_write_takes_no_conditions_it_would_ignore()
    {
        var coordinator = await Coordinator;
        Assert.Equal(400, (await coordinator.Send("POST", "Goal?identifier=x", Bytes(Goal))).Status);
        Assert.Equal(400, (await coordinator.Send("PUT", "Goal/x?identifier=x", Bytes(Goal))).Status);
        Assert.Equal(400, (await coordinator.Send("DELETE", "Goal/x?identifier=x")).Status);
        Assert.Equal(400, (await coordinator.Send("PATCH", "Goal/robin-goal-draw?identifier=x", Bytes("[]"), "application/json-patch+json")).Status);
        Assert.Equal(400, (await coordinator.Send("PUT", "Goal/robin-goal-draw", Bytes(Goal), Wire.Fhir, "If-None-Exist: identifier=x")).Status);
    }

    // ---- rights ------------------------------------------------------------------------------------------------------------

    [Fact]
    public async Task A_write_the_party_may_not_do_is_403_in_plain_words()
    {
        var housing = await Housing;
        foreach (var body in new[] { """{"resourceType":"Condition"}""", Talk.Sample("partnership/Condition-robin-schizophrenia.json") })
        {
            var answer = await housing.Send("POST", "Condition", Bytes(body));
            Assert.Equal(403, answer.Status);
            Assert.Contains("housing-worker", answer.Said);
            Assert.Contains("ask your governance lead", answer.Said);
        }
        var team = await (await Server.As("gp")).Send("POST", "CareTeam", Bytes("""{"resourceType":"CareTeam"}"""));
        Assert.Equal(403, team.Status);
        var nobody = await (await Server.As("outsider")).Send("POST", "Goal", Bytes(Goal));
        Assert.Equal(403, nobody.Status);
        Assert.Contains("not a party", nobody.Said);
        // The same whether the thing is there or not.
        var (there, absent) = (await housing.Delete("Condition/robin-schizophrenia", "W/\"x\""),
            await housing.Delete("Condition/never-was-one", "W/\"x\""));
        Assert.Equal(403, (int)there.Status);
        Assert.Equal(absent.Whole, there.Whole);
    }

    // ---- what is out of view -----------------------------------------------------------------------------------------------

    [Fact]
    public async Task The_one_404_is_the_same_for_absent_hidden_and_deleted()
    {
        var (coordinator, housing) = (await Coordinator, await Housing);
        var condition = (await coordinator.Get("Condition/robin-schizophrenia")).Json.AsNew();
        var created = await coordinator.Post("Condition", condition.ToJsonString());
        Assert.Equal(201, (int)created.Status);
        Assert.Equal(204, (int)(await coordinator.Delete($"Condition/{created.Id}", created.ETag)).Status);

        foreach (var tail in new[] { "", "/_history", $"/_history/{created.ETag![3..^1]}", "/$explain", "/$validate", "?_elements=code",
            "?_summary=true" })
        {
            var absent = (await housing.Get($"Condition/never-was-one{tail}")).Whole;
            Assert.StartsWith("404", absent);
            Assert.Equal(absent, (await housing.Get($"Condition/robin-schizophrenia{tail}")).Whole);
            Assert.Equal(absent, (await housing.Get($"Condition/{created.Id}{tail}")).Whole);
            Assert.Equal(absent, (await housing.Get($"Condition/{new string('x', 64)}{tail}")).Whole);
            Assert.Equal(absent, (await housing.Get($"Condition/{new string('x', 65)}{tail}")).Whole);
        }
        var gone = await coordinator.Get($"Condition/{created.Id}");
        Assert.Equal(410, (int)gone.Status);
        Assert.Equal("deleted", (string?)gone.Json["issue"]![0]!["code"]);
    }

    // ---- preconditions -----------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("CarePlan/robin-plan")]
    [InlineData("CareTeam/robin-team")]
    [InlineData("Condition/robin-alcohol")]
    [InlineData("Consent/robin-consent-sharing")]
    public async Task The_core_types_need_If_Match(string url)
    {
        var coordinator = await Coordinator;
        var now = await coordinator.Get(url);
        Assert.Equal(428, (int)(await coordinator.Put(url, now.Body)).Status);
        foreach (var stale in new[] { "W/\"x\"", "\"\"", "garbage", $"{now.ETag}x", "W/\"x\", W/\"y\"" })
            Assert.Equal(412, (await coordinator.Send("PUT", url, Bytes(now.Body), Wire.Fhir, $"If-Match: {stale}")).Status);
        if (!url.StartsWith("Consent", StringComparison.Ordinal)) Assert.Equal(428, (int)(await coordinator.Delete(url)).Status);
        Assert.Equal(now.Whole, (await coordinator.Get(url)).Whole);
    }

    // ---- meaning -----------------------------------------------------------------------------------------------------------

    [Fact]
    public async Task Whom_it_is_about_and_who_wrote_it_are_no_ones_to_change()
    {
        var coordinator = await Coordinator;
        var about = await coordinator.Change("CarePlan/robin-plan", plan => plan["subject"]!["reference"] = "Patient/sky");
        Assert.Equal((422, "immutable-subject"), ((int)about.Status, about.ErrorKeys[0]));
        var author = await coordinator.Change("CarePlan/robin-plan",
            plan => plan["author"] = Wire.Json("""{"reference":"PractitionerRole/gp"}"""));
        Assert.Equal(422, (int)author.Status);
        Assert.Contains("authorship", author.ErrorKeys);
    }

    [Fact]
    public async Task Two_writes_of_one_resource_in_a_transaction_are_409()
    {
        var goal = Wire.Json(Goal);
        goal["id"] = "robin-goal-draw";
        var answer = await (await Coordinator)
            .Send("POST", "",
            Bytes(Wire.Bundle("transaction", Wire.Entry("PUT", "Goal/robin-goal-draw", goal),
            Wire.Entry("DELETE", "Goal/robin-goal-draw"))));
        Assert.Equal(409, answer.Status);
    }

    [Fact]
    public async Task A_search_by_anybody_is_200()
    {
        foreach (var persona in new[] { "care-coordinator", "housing-officer", "voluntary-worker", "carer", "outsider", "system",
            "ig-lead" })
            foreach (var type in new[] { "CarePlan", "Condition", "Consent", "Patient", "AuditEvent", "Organization" })
            {
                var answer = await (await Server.As(persona)).Get($"{type}?_count=1000");
                Assert.Equal((200, answer.Entries.Count), ((int)answer.Status, answer.Total));
            }
    }

    [Fact]
    public async Task Every_refusal_leaves_its_audit_entry()
    {
        var (coordinator, lead) = (await Coordinator, await Server.As("ig-lead"));
        var before = (await lead.Get("AuditEvent?outcome=4&_count=0")).Total;
        foreach (var (method, url) in new[] { ("DELETE", "Consent/robin-consent-sharing"), ("DELETE", "AuditEvent/x"),
            ("GET", "Condition?colour=red"), ("GET", "Condition/x?colour=red"), ("DELETE", "CarePlan/robin-plan"),
            ("GET", "Goal/never-was-one") })
            Assert.InRange((await coordinator.Send(method, url)).Status, 400, 499);
        Assert.Equal(before + 6, (await lead.Get("AuditEvent?outcome=4&_count=0")).Total);
    }
}
