using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;
using static FhirCarePlan.Server.Tests.Outside.Wire;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>The same in batch and transaction. https://hl7.org/fhir/R4/http.html#trules</summary>
public class ConditionalBundleTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private const string Url = "urn:uuid:0c1d0f2e-0000-4000-8000-00000000000";

    private HttpClient Client => organisation.Client;
    private static string New() => Guid.NewGuid().ToString("N");

    private static JsonObject Patient(string number, string family = "Feed") =>
        Json($$$"""{"resourceType":"Patient","identifier":[{"system":"urn:feed","value":"{{{number}}}"}],"name":[{"family":"{{{family}}}"}]}""");

    private static JsonObject Observation(string number, string subject) => Json($$$"""
        {"resourceType":"Observation","identifier":[{"system":"urn:feed","value":"{{{number}}}"}],"status":"final","code":{"text":"x"},"subject":{"reference":"{{{subject}}}"}}
        """);

    private static JsonObject Create(JsonObject resource, string criteria, string? fullUrl = null)
    {
        var entry = Entry("POST", (string)resource["resourceType"]!, resource, fullUrl);
        entry["request"]!["ifNoneExist"] = criteria;
        return entry;
    }

    private Task<Heard> Post(string type, params JsonObject[] entries) => Client.Post("", Bundle(type, [.. entries.Select(e => e.DeepClone().AsObject())]).ToJsonString());
    private static IEnumerable<string> Statuses(Heard answer) => answer.Entries.Select(e => (string)e["response"]!["status"]!);
    private static string Kept(Heard answer, int entry) => string.Join('/', ((string)answer.Entries[entry]["response"]!["location"]!).Split('/')[^4..^2]);
    private async Task<int> Count(string type, string number) => (await Client.Get($"{type}?identifier=urn:feed|{number}&_total=accurate")).Total;

    [Fact]
    public async Task A_feed_sent_twice_leaves_the_same_and_its_references_lead_to_what_is_there()
    {
        var number = New();
        JsonObject[] feed =
        [
            Create(Patient(number), $"identifier=urn:feed|{number}", Url + "1"),
            Entry("PUT", $"Observation?identifier=urn:feed|{number}", Observation(number, Url + "1"), Url + "2"),
            Entry("PUT", $"Observation?identifier=urn:feed|{number}b", Observation($"{number}b", $"Patient?identifier=urn:feed|{number}")),
        ];
        feed[1]["resource"]!["hasMember"] = new JsonArray(new JsonObject { ["reference"] = Url + "2" });
        var (first, second) = (await Post("transaction", feed), await Post("transaction", feed));
        Assert.Equal(["201", "201", "201"], Statuses(first));
        Assert.Equal(["200", "200", "200"], Statuses(second));
        for (var i = 0; i < 3; i++) Assert.Equal(Kept(first, i), Kept(second, i));
        foreach (var observation in (await Client.Get($"Observation?identifier=urn:feed|{number},urn:feed|{number}b")).Entries)
            Assert.Equal(Kept(first, 0), (string)observation["resource"]!["subject"]!["reference"]!);
        Assert.Equal(Kept(first, 1), (string)(await Client.Get(Kept(first, 1))).Json["hasMember"]![0]!["reference"]!);
        Assert.Equal((1, 1, 1), (await Count("Patient", number), await Count("Observation", number), await Count("Observation", $"{number}b")));
        Assert.Equal(1, (await Client.Get($"{Kept(first, 0)}/_history")).Total);
    }

    [Fact]
    public async Task In_a_batch_each_goes_alone()
    {
        var number = New();
        JsonObject[] entries =
        [
            Create(Patient(number), $"identifier=urn:feed|{number}"), Create(Patient(number), $"identifier=urn:feed|{number}"),
            Entry("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number, "Changed")), Create(Patient(number), "nonsense=x"),
            Entry("DELETE", $"Patient?identifier=urn:feed|{number}"), Entry("DELETE", $"Patient?identifier=urn:feed|{number}"),
        ];
        Assert.Equal(["201", "200", "200", "400", "204", "204"], Statuses(await Post("batch", entries)));
    }

    [Fact]
    public async Task Several_matches_or_unclear_criteria_fail_the_transaction_and_say_where()
    {
        var number = New();
        await Post("transaction", Entry("POST", "Patient", Patient(number)), Entry("POST", "Patient", Patient(number)));
        foreach (var (entry, status) in new[]
        {
            (Create(Patient(number), $"identifier=urn:feed|{number}"), 412), (Entry("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number)), 412),
            (Entry("DELETE", $"Patient?identifier=urn:feed|{number}"), 412), (Create(Patient(number), "nonsense=x"), 400), (Create(Patient(number), "_count=1"), 400),
            (Entry("PUT", "Patient?nonsense=x", Patient(number)), 400), (Entry("DELETE", "Patient"), 405), (Entry("PUT", "Patient", Patient(number)), 405),
        })
        {
            var other = New();
            var answer = await Post("transaction", Entry("POST", "Patient", Patient(other)), entry);
            Assert.True((int)answer.Status == status, $"{entry["request"]}: {answer.Body}");
            Assert.StartsWith("Bundle.entry[1]", (string)answer.Json["issue"]![0]!["expression"]![0]!, StringComparison.Ordinal);
            Assert.Equal(0, await Count("Patient", other));
        }
    }

    [Fact]
    public async Task Equal_entries_are_one_and_others_that_would_make_two_fail()
    {
        var number = New();
        var answer = await Post("transaction", Create(Patient(number), $"identifier=urn:feed|{number}", Url + "1"), Create(Patient(number), $"identifier=urn:feed|{number}", Url + "2"),
            Entry("POST", "Observation", Observation(New(), Url + "2")));
        Assert.Equal(["201", "200", "201"], Statuses(answer));
        Assert.Equal(Kept(answer, 0), Kept(answer, 1));
        Assert.Equal(Kept(answer, 0), (string)(await Client.Get(Kept(answer, 2))).Json["subject"]!["reference"]!);
        Assert.Equal(1, await Count("Patient", number));

        // In other words the same, or with other contents, or beside one that is created without criteria.
        foreach (var (other, status) in new (Func<string, JsonObject>, int)[]
        {
            (n => Create(Patient(n, "Other"), $"identifier=urn:feed|{n}"), 409), (n => Create(Patient(n), $"identifier={n}"), 412), (n => Entry("POST", "Patient", Patient(n)), 412),
            (n => Entry("PUT", $"Patient?identifier=urn:feed|{n}", Patient(n)), 409), (n => Entry("PUT", $"Patient/{n}", With(Patient(n), n)), 412),
        })
        {
            var once = New();
            var refused = await Post("transaction", Create(Patient(once), $"identifier=urn:feed|{once}"), other(once));
            Assert.True((int)refused.Status == status, refused.Body);
            Assert.Equal(0, await Count("Patient", once));
        }

        static JsonObject With(JsonObject patient, string id)
        {
            patient["id"] = id;
            return patient;
        }
    }

    [Fact]
    public async Task What_is_written_twice_by_criteria_fails()
    {
        var number = New();
        var made = await Post("transaction", Entry("POST", "Patient", Patient(number)));
        var id = Kept(made, 0)["Patient/".Length..];
        var byId = Patient(number);
        byId["id"] = id;
        foreach (var (one, two) in new[]
        {
            (Entry("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number)), Entry("PUT", $"Patient/{id}", byId)),
            (Entry("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number)), Entry("PUT", $"Patient?identifier={number}", Patient(number))),
            (Entry("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number)), Entry("DELETE", $"Patient?identifier=urn:feed|{number}")),
            (Entry("DELETE", $"Patient?identifier=urn:feed|{number}"), Entry("DELETE", $"Patient?_id={id}")),
            (Entry("DELETE", $"Patient/{id}"), Create(Patient(number), $"identifier=urn:feed|{number}")),
        })
        {
            var answer = await Post("transaction", one, two);
            Assert.True((int)answer.Status is 409 or 410, $"{one["request"]} {two["request"]} {answer.Body}");
        }
        Assert.Equal(1, (await Client.Get($"Patient/{id}/_history")).Total);
    }

    [Fact]
    public async Task If_Match_and_If_None_Match_hold_in_entries()
    {
        var number = New();
        var stale = Entry("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number), ifMatch: "W/\"x\"");
        foreach (var type in (string[])["batch", "transaction"])
        {
            var answer = await Post(type, stale);
            Assert.Equal("412", type == "batch" ? Statuses(answer).Single() : $"{(int)answer.Status}");
        }
        Assert.Equal(0, await Count("Patient", number));
        var created = await Post("transaction", Create(Patient(number), $"identifier=urn:feed|{number}"));
        var tag = (string)created.Entries[0]["response"]!["etag"]!;
        Assert.Equal(412, (int)(await Post("transaction", stale)).Status);
        Assert.Equal(["200"], Statuses(await Post("transaction", Entry("PUT", $"Patient?identifier=urn:feed|{number}", Patient(number, "Fresh"), ifMatch: tag))));
        var read = Entry("GET", Kept(created, 0));
        read["request"]!["ifNoneMatch"] = (await Client.Get(Kept(created, 0))).ETag;
        foreach (var type in (string[])["batch", "transaction"])
        {
            var answer = await Post(type, read);
            Assert.Equal((200, "304", null), ((int)answer.Status, Statuses(answer).Single(), answer.Entries[0]["resource"]));
        }
        read["request"]!.AsObject().Remove("ifNoneMatch");
        read["request"]!["ifModifiedSince"] = DateTimeOffset.UtcNow.AddMinutes(1).ToString("o");
        Assert.Equal(["304"], Statuses(await Post("batch", read)));
        read["request"]!["ifModifiedSince"] = "2020-01-01T00:00:00Z";
        Assert.Equal(["200"], Statuses(await Post("batch", read)));
    }

    [Fact]
    public async Task If_none_exist_belongs_to_creates()
    {
        var number = New();
        var entry = Entry("PUT", $"Patient/{number}", Patient(number));
        entry["request"]!["ifNoneExist"] = $"identifier=urn:feed|{number}";
        Assert.Equal(["400"], Statuses(await Post("batch", entry)));
        Assert.Equal(400, (int)(await Post("transaction", entry)).Status);
    }

    [Fact]
    public async Task Patches_are_entries_too()
    {
        var number = New();
        var id = Kept(await Post("transaction", Entry("POST", "Patient", Patient(number))), 0);
        JsonObject Binary(string type, string text) => new() { ["resourceType"] = "Binary", ["contentType"] = type, ["data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)) };
        var json = Binary("application/json-patch+json", """[{"op":"replace","path":"/name/0/family","value":"One"}]""");
        var xml = Binary("application/xml-patch+xml", """<diff xmlns:f="http://hl7.org/fhir"><replace sel="f:Patient/f:name/f:family/@value">Two</replace></diff>""");
        var path = Json("""{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Patient.name.family"},{"name":"value","valueString":"Three"}]}]}""");
        foreach (var type in (string[])["batch", "transaction"])
            foreach (var (patch, family) in new[] { (json, "One"), (xml, "Two"), (path, "Three") })
                foreach (var url in (string[])[id, $"Patient?identifier=urn:feed|{number}"])
                {
                    Assert.Equal(["200"], Statuses(await Post(type, Entry("PATCH", url, patch))));
                    Assert.Equal(family, (string)(await Client.Get(id)).Json["name"]![0]!["family"]!);
                }
        foreach (var broken in new[] { Binary("text/plain", "x"), Binary("application/json-patch+json", "x"), Patient(number) })
            Assert.Equal(400, (int)(await Post("transaction", Entry("PATCH", id, broken))).Status);
        Assert.Equal(404, (int)(await Post("transaction", Entry("PATCH", $"Patient?identifier=urn:feed|{New()}", json))).Status);
        // A reference to an entry in a FHIRPath Patch is one to what is stored for it.
        var organisationUrl = Url + "9";
        var managed = Json("""{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"managingOrganization"},{"name":"value","valueReference":{"reference":"O"}}]}]}""".Replace("\"O\"", $"\"{organisationUrl}\"", StringComparison.Ordinal));
        var both = await Post("transaction", Entry("PATCH", id, managed), Entry("POST", "Organization", Json("""{"resourceType":"Organization","name":"O"}"""), organisationUrl));
        Assert.Equal(Kept(both, 1), (string)(await Client.Get(id)).Json["managingOrganization"]!["reference"]!);
    }
}
