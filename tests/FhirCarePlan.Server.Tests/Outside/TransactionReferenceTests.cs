using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;
using static FhirCarePlan.Server.Tests.Outside.Wire;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>The meaning of references in a transaction. https://hl7.org/fhir/R4/bundle.html#references,
/// https://hl7.org/fhir/R4/http.html#trules</summary>
public class TransactionReferenceTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private HttpClient Client => organisation.Client;

    private static JsonObject Patient(string name = "New", string? identifier = null, string? id = null)
    {
        var patient = Json($$$"""{"resourceType":"Patient","name":[{"family":"{{{name}}}"}]}""");
        if (identifier != null) patient["identifier"] = new JsonArray(Json($$"""{"system":"http://c","value":"{{identifier}}"}"""));
        if (id != null) patient["id"] = id;
        return patient;
    }

    private static JsonObject About(string subject, string? narrative = null)
    {
        var observation =
            Json($$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{subject}}}"}}""");
        if (narrative != null)
            observation["text"] = new JsonObject
            {
                ["status"] = "generated",
                ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{narrative}</div>"
            };
        return observation;
    }

    private async Task<string> Existing()
    {
        var id = $"p{Guid.NewGuid():N}";
        Assert.Equal(201, (int)(await Client.Put($"Patient/{id}", Patient("Existing", id: id).ToJsonString())).Status);
        return id;
    }

    private Task<Heard> Post(string type, params JsonObject[] entries) => Client.Post("", Bundle(type, entries).ToJsonString());

    private static string Location(JsonObject entry) => string.Join('/', ((string)entry["response"]!["location"]!).Split('/')[^4..^2]);

    private async Task<JsonObject> Stored(Heard answer, int entry)
    {
        Assert.True((int)answer.Status == 200, answer.Body);
        return (await Client.Get(Location(answer.Entries[entry]))).Json;
    }

    private static string? Subject(JsonObject resource) => (string?)resource["subject"]!["reference"];

    /// <summary>`{p}` is the id of somebody who is here already, and of the newcomer elsewhere; `{own}` the address of this
    /// server.</summary>
    [Theory]
    [InlineData("http://feed.example/fhir/Patient/{p}", "http://feed.example/fhir/Observation/1", "Patient/{p}")]
    [InlineData("http://feed.example/fhir/Patient/{p}", "http://feed.example/fhir/Observation/1", "Patient/{p}/_history/3")]
    [InlineData("http://feed.example/fhir/Patient/{p}", "http://feed.example/fhir/Observation/1", "http://feed.example/fhir/Patient/{p}")]
    [InlineData("http://feed.example/fhir/Patient/{p}", "http://feed.example/fhir/Observation/1",
        "HTTP://FEED.example/fhir/Patient/{p}/_history/3")]
    [InlineData("http://feed.example/fhir/Patient/{p}", null, "http://feed.example/fhir/Patient/{p}")]
    [InlineData("{own}/Patient/{p}", "{own}/Observation/1", "Patient/{p}")]
    [InlineData("{own}/Patient/{p}", null, "Patient/{p}")]
    [InlineData("{own}/Patient/{p}", "http://feed.example/fhir/Observation/1", "{own}/Patient/{p}")]
    [InlineData("urn:uuid:ABCDEF00-1111-4c9e-9c55-1f6a6b7f0aaa", null, "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aaa")]
    [InlineData("urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aaa", null, "URN:UUID:ABCDEF00-1111-4c9e-9c55-1f6a6b7f0aaa")]
    [InlineData("urn:oid:1.2.3.4", "http://feed.example/fhir/Observation/1", "urn:oid:1.2.3.4")]
    public async Task What_names_an_entry_means_that_entry(string fullUrl, string? referring, string reference)
    {
        var existing = await Existing();
        string? Filled(string? text) => text?.Replace("{p}", existing).Replace("{own}", organisation.Process.Fhir.ToString().TrimEnd('/'));
        var answer = await Post("transaction", Entry("POST", "Observation", About(Filled(reference)!), Filled(referring)),
            Entry("POST", "Patient", Patient(), Filled(fullUrl)));
        Assert.Equal(Location(answer.Entries[1]), Subject(await Stored(answer, 0)));
    }

    [Theory]
    [InlineData("http://feed.example/fhir/Observation/1", "Patient/{p}", null)]
    [InlineData("http://feed.example/fhir/Observation/1", "Patient/{p}", "http://other.example/fhir/Patient/{p}")]
    [InlineData("http://feed.example/r4/Observation/1", "Patient/{p}", "http://feed.example/fhir/Patient/{p}")]
    [InlineData(null, "Patient/{p}", "http://feed.example/fhir/Patient/{p}")]
    [InlineData("urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aab", "Patient/{p}", "http://feed.example/fhir/Patient/{p}")]
    [InlineData(null, "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aac", "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aaa")]
    public async Task What_might_lead_to_somebody_else_is_refused(string? referring, string reference, string? fullUrl)
    {
        var existing = await Existing();
        var (subject, newcomer) = (reference.Replace("{p}", existing), fullUrl?.Replace("{p}", existing));
        var entries = new List<JsonObject> { Entry("POST", "Observation", About(subject), referring) };
        if (newcomer != null) entries.Add(Entry("POST", "Patient", Patient(), newcomer));
        var answer = await Post("transaction", [.. entries]);
        Assert.Equal(422, (int)answer.Status);
        Assert.Equal(["bundle-reference"], answer.ErrorKeys);
        Assert.Equal("Bundle.entry[0].resource.subject", (string)answer.Json["issue"]![0]!["expression"]![0]!);
        Assert.Equal(0, (await Client.Get($"Observation?subject=Patient/{existing}")).Total);
    }

    [Fact]
    public async Task A_new_resource_that_comes_with_an_id_is_not_who_has_that_id_here()
    {
        var existing = await Existing();
        var answer = await Post("transaction", Entry("POST", "Observation", About($"Patient/{existing}")),
            Entry("POST", "Patient", Patient(id: existing)));
        Assert.Equal(422, (int)answer.Status);
    }

    [Fact]
    public async Task In_a_batch_a_relative_reference_of_another_server_leads_nowhere_here()
    {
        var existing = await Existing();
        var answer = await Post("batch",
            Entry("POST", "Observation", About($"Patient/{existing}"), "http://feed.example/fhir/Observation/1"),
            Entry("POST", "Observation", About($"Patient/{existing}")));
        Assert.Equal(["422", "201"], answer.Entries.Select(e => (string)e["response"]!["status"]!));
    }

    [Fact]
    public async Task Who_is_here_already_is_meant_by_a_relative_reference_without_another_base()
    {
        var existing = await Existing();
        var own = organisation.Process.Fhir.ToString();
        var answer = await Post("transaction", Entry("POST", "Observation", About($"Patient/{existing}")),
            Entry("POST", "Observation", About($"Patient/{existing}"), $"{own}Observation/x"),
            Entry("POST", "Observation", About($"Patient/{existing}"), "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aad"));
        foreach (var entry in new[] { 0, 1, 2 }) Assert.Equal($"Patient/{existing}", Subject(await Stored(answer, entry)));
    }

    [Fact]
    public async Task An_update_is_meant_by_its_fullUrl_and_by_its_address()
    {
        var existing = await Existing();
        var answer = await Post("transaction", Entry("POST", "Observation", About("urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aae")),
            Entry("POST", "Observation", About($"Patient/{existing}")),
            Entry("POST", "Observation", About("Patient/77"), "http://feed.example/fhir/Observation/2"),
            Entry("PUT", $"Patient/{existing}", Patient("Changed", id: existing), "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aae"),
            Entry("PUT", $"Patient/{existing}77", Patient("Another", id: $"{existing}77"), "http://feed.example/fhir/Patient/77"));
        Assert.Equal($"Patient/{existing}", Subject(await Stored(answer, 0)));
        Assert.Equal($"Patient/{existing}", Subject(await Stored(answer, 1)));
        Assert.Equal($"Patient/{existing}77", Subject(await Stored(answer, 2)));
    }

    [Theory]
    [InlineData("urn:uuid:ABCDEF00-1111-4c9e-9c55-1f6a6b7f0aaf", "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0aaf", 409)]
    [InlineData("http://feed.example/fhir/Patient/1", "http://FEED.example/fhir/Patient/1", 409)]
    [InlineData("http://feed.example/fhir/Patient/1/_history/2", null, 400)]
    public async Task A_name_names_one_entry_and_no_version(string one, string? two, int status)
    {
        var answer = await Post("transaction", Entry("POST", "Patient", Patient(), one), Entry("POST", "Patient", Patient(), two));
        Assert.Equal(status, (int)answer.Status);
    }

    [Fact]
    public async Task A_fragment_stays()
    {
        const string name = "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0ab0";
        var list =
            Json($$$"""{"resourceType":"List","status":"current","mode":"working","entry":[{"item":{"reference":"{{{name}}}#part"}},{"item":{"reference":"{{{name}}}"}}]}""");
        var answer = await Post("transaction", Entry("POST", "List", list), Entry("POST", "Patient", Patient(), name));
        var entry = (await Stored(answer, 0))["entry"]!;
        Assert.Equal($"{Location(answer.Entries[1])}#part", (string)entry[0]!["item"]!["reference"]!);
    }

    [Theory]
    [InlineData("<a href='{n}'>a</a>", "<a href='{l}'>a</a>")]
    [InlineData("<a href=\"{n}#part\">a</a>", "<a href=\"{l}#part\">a</a>")]
    [InlineData("<img alt='{n}' src = \"{n}\"/>", "<img alt='{n}' src = \"{l}\"/>")]
    [InlineData("<p>href=\"{n}\" and '{n}'</p>", "<p>href=\"{n}\" and '{n}'</p>")]
    [InlineData("<a title='{n}' href='#'>{n}</a>", "<a title='{n}' href='#'>{n}</a>")]
    public async Task Links_of_narratives_are_rewritten_and_nothing_else(string sent, string stored)
    {
        const string name = "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0ab1";
        var answer = await Post("transaction", Entry("POST", "Patient", Patient(), name),
            Entry("POST", "Observation", About(name, sent.Replace("{n}", name))));
        var div = (string)(await Stored(answer, 1))["text"]!["div"]!;
        Assert.Contains(stored.Replace("{n}", name).Replace("{l}", Location(answer.Entries[0])), div, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_with_entities_is_the_same_address()
    {
        const string name = "http://feed.example/pictures?a=1&b=2";
        var answer = await Post("transaction",
            Entry("POST", "Binary", Json("""{"resourceType":"Binary","contentType":"image/png","data":"AA=="}"""), name),
            Entry("POST", "Observation", About("Patient/x", "<img alt=\"a\" src=\"http://feed.example/pictures?a=1&amp;b=2\"/>")),
            Entry("POST", "DocumentReference",
                Json($$$"""{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"url":"{{{name}}}"}}]}""")));
        Assert.Contains($"src=\"{Location(answer.Entries[0])}\"", (string)(await Stored(answer, 1))["text"]!["div"]!,
            StringComparison.Ordinal);
        Assert.Equal(Location(answer.Entries[0]), (string)(await Stored(answer, 2))["content"]![0]!["attachment"]!["url"]!);
    }

    [Theory]
    [InlineData("Patient?identifier=http://c|{n}", 0, 200)]
    [InlineData("{own}/Patient?identifier=http://c|{n}", 0, 200)]
    [InlineData("Patient?identifier=http://c%7C{n}&_count=0&_sort=family", 0, 200)]
    [InlineData("Patient?identifier=http://c|{n}", 1, 412)]
    [InlineData("Patient?identifier=http://c|nobody{n}", 0, 404)]
    [InlineData("Patient?nonsense=x", 0, 400)]
    [InlineData("Patient?_count=1", 0, 400)]
    public async Task A_conditional_reference_leads_to_the_one_it_finds(string reference, int others, int status)
    {
        var n = $"{Guid.NewGuid():N}";
        var first = await Client.Post("Patient", Patient(identifier: n).ToJsonString());
        for (var i = 0; i < others; i++) await Client.Post("Patient", Patient(identifier: n).ToJsonString());
        var subject = reference.Replace("{n}", n).Replace("{own}", organisation.Process.Fhir.ToString().TrimEnd('/'));
        var answer = await Post("transaction", Entry("POST", "Goal", Goal(n)), Entry("POST", "Observation", About(subject)));
        Assert.Equal(status, (int)answer.Status);
        if (status == 200) Assert.Equal($"Patient/{first.Id}", Subject(await Stored(answer, 1)));
        else Assert.Equal("Bundle.entry[1].resource.subject", (string)answer.Json["issue"]![0]!["expression"]![0]!);
        Assert.Equal(status == 200 ? 1 : 0, (await Client.Get($"Goal?identifier=http://c|{n}")).Total);
        // Alone it means nothing.
        Assert.Equal(422, (int)(await Client.Post("Observation", About(subject).ToJsonString())).Status);
    }

    private static JsonObject Goal(string n) =>
        Json($$$"""{"resourceType":"Goal","identifier":[{"system":"http://c","value":"{{{n}}}"}],"lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/x"}}""");

    [Fact]
    public async Task An_entry_of_the_same_transaction_is_found_too_and_makes_two_of_one()
    {
        var n = $"{Guid.NewGuid():N}";
        var both = new[] { Entry("POST", "Observation", About($"Patient?identifier=http://c|{n}")),
            Entry("POST", "Patient", Patient(identifier: n)) };
        var answer = await Post("transaction", both);
        Assert.Equal(Location(answer.Entries[1]), Subject(await Stored(answer, 0)));
        Assert.Equal(412, (int)(await Post("transaction", [.. both.Select(e => e.DeepClone().AsObject())])).Status);
        // Searches no longer find a resource that the transaction deletes, and find a changed one in its new form.
        var gone = await Post("transaction", Entry("POST", "Observation", About($"Patient?identifier=http://c|{n}")),
            Entry("DELETE", Location(answer.Entries[1])), Entry("POST", "Patient", Patient(identifier: n)));
        Assert.Equal(Location(gone.Entries[2]), Subject(await Stored(gone, 0)));
    }

    /// <summary>A Group that waits for its members, and resources about the Group; and resources of one type that refer to each
    /// other.</summary>
    [Fact]
    public async Task Entries_wait_for_those_they_might_mean()
    {
        var n = $"{Guid.NewGuid():N}";
        const string group = "urn:uuid:abcdef00-1111-4c9e-9c55-1f6a6b7f0ab2";
        var members =
            Json($$$"""{"resourceType":"Group","type":"person","actual":true,"identifier":[{"system":"http://c","value":"{{{n}}}"}],"member":[{"entity":{"reference":"Patient?identifier=http://c|{{{n}}}"}}]}""");
        var part = About(group);
        part["hasMember"] = new JsonArray(Json($$"""{"reference":"Observation?identifier=http://c|{{n}}"}"""));
        var whole = About($"Group?identifier=http://c|{n}");
        whole["identifier"] = new JsonArray(Json($$"""{"system":"http://c","value":"{{n}}"}"""));
        var answer = await Post("transaction", Entry("POST", "Observation", part), Entry("POST", "Observation", whole),
            Entry("POST", "Group", members, group), Entry("POST", "Patient", Patient(identifier: n)));
        var stored = await Stored(answer, 0);
        Assert.Equal(Location(answer.Entries[2]), Subject(stored));
        Assert.Equal(Location(answer.Entries[1]), (string)stored["hasMember"]![0]!["reference"]!);
        Assert.Equal(Location(answer.Entries[2]), Subject(await Stored(answer, 1)));
        Assert.Equal(Location(answer.Entries[3]), (string)(await Stored(answer, 2))["member"]![0]!["entity"]!["reference"]!);
    }

    /// <summary>Counted, not timed: each entry writes its narrative and its references once, whatever the other entries' names.</summary>
    [Fact]
    public async Task Two_thousand_entries_that_refer_to_each_other()
    {
        var entries = new List<JsonObject> { Entry("POST", "Patient", Patient(), "urn:uuid:p") };
        for (var i = 1; i < 2_000; i++)
            entries.Add(Entry("POST", "Observation",
                About(i % 2 == 0 ? "urn:uuid:p" : "Patient?identifier=http://c|many", $"<a href='urn:uuid:{i % 1999 + 1}'>next</a>"),
                $"urn:uuid:{i}"));
        entries[0]["resource"]!["identifier"] = new JsonArray(Json("""{"system":"http://c","value":"many"}"""));
        var answer = await Post("transaction", [.. entries]);
        Assert.True((int)answer.Status == 200, answer.Body[..Math.Min(500, answer.Body.Length)]);
        Assert.Equal(1_999, (await Client.Get($"Observation?subject={Location(answer.Entries[0])}&_summary=count")).Total);
    }
}
