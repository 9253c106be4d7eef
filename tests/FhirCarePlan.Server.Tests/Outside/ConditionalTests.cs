using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Create, update, patch and delete by criteria, alone. https://hl7.org/fhir/R4/http.html#ccreate,
/// https://hl7.org/fhir/R4/http.html#cond-update, https://hl7.org/fhir/R4/http.html#3.1.0.7.1</summary>
public class ConditionalTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private HttpClient Client => organisation.Client;

    private static string New() => Guid.NewGuid().ToString("N");

    private static JsonObject Patient(string number, string family = "Feed", string? id = null)
    {
        var patient = Wire.Json($$$"""{"resourceType":"Patient","identifier":[{"system":"urn:feed","value":"{{{number}}}"}],"name":[{"family":"{{{family}}}"}]}""");
        if (id != null) patient["id"] = id;
        return patient;
    }

    private Task<Reply> Send(string method, string url, JsonObject? body, params string[] headers) =>
        Client.Send(method, url, body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString()), Wire.Fhir, headers);

    private Task<Reply> Create(string number, params string[] headers) =>
        Send("POST", "Patient", Patient(number), [$"If-None-Exist: identifier=urn:feed|{number}", .. headers]);

    private async Task<int> Count(string number) => (int)(await Client.Get($"Patient?identifier=urn:feed|{number}&_summary=count")).Json["total"]!;

    [Fact]
    public async Task A_create_sent_twice_creates_once_and_says_where()
    {
        var number = New();
        var (first, second) = (await Create(number), await Create(number));
        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Equal((first.Header("Location"), first.Header("ETag"), first.Body), (second.Header("Location"), second.Header("ETag"), second.Body));
        Assert.Equal(1, await Count(number));
        // The criteria decide, not the body.
        var other = await Send("POST", "Patient", Patient(New()), $"If-None-Exist: ?identifier=urn:feed|{number}");
        Assert.Equal((200, first.Header("Location")), (other.Status, other.Header("Location")));
        Assert.Equal(200, (await Send("POST", "Patient", Patient(number), $"If-None-Exist: Patient?identifier=urn%3Afeed%7C{number}")).Status);
    }

    [Theory]
    [InlineData("minimal", true)]
    [InlineData("representation", false)]
    [InlineData("OperationOutcome", false)]
    public async Task Prefer_holds_where_nothing_is_created_too(string preference, bool isEmpty)
    {
        var number = New();
        foreach (var status in (int[])[201, 200])
        {
            var reply = await Create(number, $"Prefer: return={preference}");
            Assert.Equal((status, isEmpty), (reply.Status, reply.Body.Length == 0));
            Assert.NotNull(reply.Header("Location"));
            Assert.NotNull(reply.Header("ETag"));
            if (!isEmpty) Assert.Equal(preference == "representation" ? "Patient" : "OperationOutcome", (string?)reply.Json["resourceType"]);
        }
    }

    [Fact]
    public async Task Several_matches_are_412_for_all_four()
    {
        var number = New();
        await Send("POST", "Patient", Patient(number));
        await Send("POST", "Patient", Patient(number));
        Assert.Equal(412, (await Create(number)).Status);
        Assert.Equal(412, (await Send("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number))).Status);
        Assert.Equal(412, (await Client.Send("PATCH", $"Patient?identifier=urn:feed|{number}", "[]"u8.ToArray(), "application/json-patch+json")).Status);
        Assert.Equal(412, (await Send("DELETE", $"Patient?identifier=urn:feed|{number}", null)).Status);
        Assert.Equal(2, await Count(number));
    }

    public static TheoryData<string> Unclear => new("", "_count=1", "_sort=name", "nonsense=x", "identifier=", "identifier:nonsense=x", "birthdate=yesterday", "_has:Observation:subject:code=x");

    [Theory, MemberData(nameof(Unclear))]
    public async Task Criteria_that_name_nothing_or_are_not_known_are_400(string criteria)
    {
        var number = New();
        // Without a query the address names no such interaction.
        var status = criteria.Length == 0 ? 405 : 400;
        foreach (var handling in (string[])["strict", "lenient"])
        {
            Assert.Equal(400, (await Send("POST", "Patient", Patient(number), $"If-None-Exist: {criteria}", $"Prefer: handling={handling}")).Status);
            Assert.Equal(status, (await Send("PUT", $"Patient?{criteria}", Patient(number), $"Prefer: handling={handling}")).Status);
            Assert.Equal(status, (await Client.Send("PATCH", $"Patient?{criteria}", "[]"u8.ToArray(), "application/json-patch+json", $"Prefer: handling={handling}")).Status);
            Assert.Equal(status, (await Send("DELETE", $"Patient?{criteria}", null, $"Prefer: handling={handling}")).Status);
        }
        Assert.Equal(0, await Count(number));
    }

    [Fact]
    public async Task A_header_that_is_sent_twice_or_where_it_means_nothing_is_refused()
    {
        var number = New();
        Assert.Equal(400, (await Send("PUT", $"Patient/{number}", Patient(number, id: number), $"If-None-Exist: identifier=urn:feed|{number}")).Status);
        Assert.Equal(0, await Count(number));
        using var request = new HttpRequestMessage(HttpMethod.Post, "Patient") { Content = new StringContent(Patient(number).ToJsonString(), Encoding.UTF8, Wire.Fhir) };
        request.Headers.Add("If-None-Exist", [$"identifier=urn:feed|{number}", "identifier=urn:feed|other"]);
        using var answer = await Client.SendAsync(request);
        // One header with a comma is criteria of two values, and legal.
        Assert.Contains((int)answer.StatusCode, (int[])[201, 400]);
    }

    [Fact]
    public async Task What_is_matched_must_still_be_a_resource_of_the_type()
    {
        var number = New();
        await Create(number);
        Assert.Equal(422, (await Send("POST", "Patient", Wire.Json("""{"resourceType":"Goal"}"""), $"If-None-Exist: identifier=urn:feed|{number}")).Status);
        Assert.Equal(400, (await Client.Send("POST", "Patient", "{"u8.ToArray(), Wire.Fhir, $"If-None-Exist: identifier=urn:feed|{number}")).Status);
    }

    [Fact]
    public async Task An_update_creates_then_updates_and_keeps_one()
    {
        var number = New();
        var url = $"Patient?identifier=urn:feed|{number}";
        var created = await Send("PUT", url, Patient(number));
        var id = (string)created.Json["id"]!;
        Assert.Equal(201, created.Status);
        Assert.EndsWith($"Patient/{id}/_history/{(string)created.Json["meta"]!["versionId"]!}", created.Header("Location"), StringComparison.Ordinal);
        var updated = await Send("PUT", url, Patient(number, "Changed"));
        Assert.Equal((200, id, "Changed"), (updated.Status, (string)updated.Json["id"]!, (string)updated.Json["name"]![0]!["family"]!));
        Assert.Equal(200, (await Send("PUT", url, Patient(number, "Again", id))).Status);
        Assert.Equal(400, (await Send("PUT", url, Patient(number, "Other", "other"))).Status);
        Assert.Equal(422, (await Send("PUT", url, Wire.Json("""{"resourceType":"Goal"}"""))).Status);
        Assert.Equal("Again", (string)(await Client.Get($"Patient/{id}")).Json["name"]![0]!["family"]!);
    }

    [Fact]
    public async Task An_update_without_a_match_takes_the_id_that_it_brings()
    {
        var (number, id) = (New(), New());
        Assert.Equal(201, (await Send("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number, id: id))).Status);
        Assert.Equal(200, (int)(await Client.Get($"Patient/{id}")).Status);
        // One that is there and does not match is neither updated nor created.
        Assert.Equal(409, (await Send("PUT", $"Patient?identifier=urn:feed|{New()}", Patient(number, "Wrong", id))).Status);
        // One that was deleted comes back.
        await Client.Delete($"Patient/{id}");
        Assert.Equal(201, (await Send("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number, id: id))).Status);
    }

    [Fact]
    public async Task If_Match_is_held_by_each_of_them()
    {
        var number = New();
        var url = $"Patient?identifier=urn:feed|{number}";
        var patch = """[{"op":"add","path":"/active","value":true}]"""u8.ToArray();
        // No match: there is no version to match.
        Assert.Equal(412, (await Send("PUT", url, Patient(number), "If-Match: W/\"x\"")).Status);
        Assert.Equal(412, (await Send("DELETE", url, null, "If-Match: W/\"x\"")).Status);
        Assert.Equal(404, (await Client.Send("PATCH", url, patch, "application/json-patch+json", "If-Match: W/\"x\"")).Status);
        Assert.Equal(0, await Count(number));
        var tag = (await Create(number)).Header("ETag");
        Assert.Equal(412, (await Send("PUT", url, Patient(number, "Stale"), "If-Match: W/\"x\"")).Status);
        Assert.Equal(412, (await Client.Send("PATCH", url, patch, "application/json-patch+json", "If-Match: W/\"x\"")).Status);
        Assert.Equal(412, (await Send("DELETE", url, null, "If-Match: W/\"x\"")).Status);
        Assert.Equal(412, (await Send("PUT", url, Patient(number, "There"), "If-None-Match: *")).Status);
        var changed = await Send("PUT", url, Patient(number, "Fresh"), $"If-Match: {tag}");
        Assert.Equal(200, changed.Status);
        Assert.Equal(200, (await Client.Send("PATCH", url, patch, "application/json-patch+json", $"If-Match: {changed.Header("ETag")}")).Status);
        Assert.Equal(204, (await Send("DELETE", url, null, "If-Match: *")).Status);
    }

    [Fact]
    public async Task Core_types_need_If_Match_by_criteria_as_by_id()
    {
        var number = New();
        var url = $"Condition?identifier=urn:feed|{number}";
        var condition = Wire.Json($$$"""{"resourceType":"Condition","identifier":[{"system":"urn:feed","value":"{{{number}}}"}],"subject":{"reference":"Patient/x"}}""");
        Assert.Equal(201, (await Send("PUT", url, condition)).Status);
        Assert.Equal(428, (await Send("PUT", url, condition)).Status);
        Assert.Equal(428, (await Client.Send("PATCH", url, "[]"u8.ToArray(), "application/json-patch+json")).Status);
        Assert.Equal(428, (await Send("DELETE", url, null)).Status);
        Assert.Equal(200, (await Send("PUT", url, condition, "If-Match: *")).Status);
    }

    [Fact]
    public async Task A_delete_sent_twice_deletes_once()
    {
        var number = New();
        var id = (string)(await Create(number)).Json["id"]!;
        var url = $"Patient?identifier=urn:feed|{number}";
        Assert.Equal((204, 204), ((await Send("DELETE", url, null)).Status, (await Send("DELETE", url, null)).Status));
        Assert.Equal(410, (int)(await Client.Get($"Patient/{id}")).Status);
        // Nothing matches what was deleted.
        Assert.Equal(404, (await Client.Send("PATCH", url, "[]"u8.ToArray(), "application/json-patch+json")).Status);
        var again = await Create(number);
        Assert.Equal(201, again.Status);
        Assert.NotEqual(id, (string)again.Json["id"]!);
    }

    [Fact]
    public async Task A_patch_by_criteria_changes_the_one()
    {
        var number = New();
        await Create(number);
        var patched = await Client.Send("PATCH", $"Patient?identifier=urn:feed|{number}", """[{"op":"replace","path":"/name/0/family","value":"Patched"}]"""u8.ToArray(), "application/json-patch+json");
        Assert.Equal((200, "Patched"), (patched.Status, (string)patched.Json["name"]![0]!["family"]!));
    }

    [Fact]
    public async Task Definitions_of_the_server_are_matches_too()
    {
        var set = Wire.Json("""{"resourceType":"ValueSet","url":"http://hl7.org/fhir/ValueSet/task-status","status":"draft"}""");
        var reply = await Send("POST", "ValueSet", set, "If-None-Exist: url=http://hl7.org/fhir/ValueSet/task-status");
        Assert.Equal(200, reply.Status);
        Assert.EndsWith("ValueSet/task-status", reply.Header("Location"), StringComparison.Ordinal);
    }
}
