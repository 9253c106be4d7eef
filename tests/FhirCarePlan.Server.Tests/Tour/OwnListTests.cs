using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Enrolling somebody, registering one's own list or giving a verified NHS number opens nothing that others hold, and no answer says
/// whether a number is known (src/docs/sharing.md#ties, src/docs/sharing.md#leaks, 42).</summary>
public partial class OwnListTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string OfLee = "9996730107", OfNobody = "9999999468";
    private static readonly string[] Types = ["Patient", "Condition", "CarePlan", "CareTeam", "Consent", "EpisodeOfCare", "Observation", "Flag", "Task", "List",
        "Communication", "DocumentReference", "Encounter", "Goal", "RiskAssessment"];

    private ServerProcess Server => samples.Process;

    /// <summary>The practice keeps Lee's record, and the trust has nothing to do with Lee.</summary>
    [Fact]
    public async Task Who_enrols_somebody_by_number_sees_what_they_wrote_and_no_more()
    {
        var trust = await Server.As("care-coordinator");
        var before = await View(trust);
        Assert.DoesNotContain("Patient/lee", before);
        var written = new List<string> { await Created(trust, "Patient", Person(OfLee, "meadow-practice")) };
        written.Add(await Created(trust, "EpisodeOfCare", Episode(written[0], "rivelin-trust", "166")));
        written.Add(await Created(trust, "List", OwnList(written[0], "rivelin-trust", "care-coordinator")));

        Assert.Equal(written.Order(), (await View(trust)).Except(before).Order());
        foreach (var url in (string[])["Patient/lee", "Condition/lee-depression"])
            Assert.Equal((await trust.Get($"{url.Split('/')[0]}/never-was-one")).Whole, (await trust.Get(url)).Whole);
        // And Lee's own practice sees nothing of what the trust wrote on its own word.
        var gp = await Server.As("gp");
        Assert.Equal(HttpStatusCode.OK, (await gp.Get("Condition/lee-depression")).Status);
    }

    /// <summary>The trust keeps the record of somebody whom no practice has yet.</summary>
    [Fact]
    public async Task Who_registers_somebody_on_their_own_list_sees_what_they_wrote_and_no_more()
    {
        var (trust, gp) = (await Server.As("care-coordinator"), await Server.As("gp"));
        const string Number = "9990000042";
        var kept = await Created(trust, "Patient", Person(Number, null));
        var episode = await Created(trust, "EpisodeOfCare", Episode(kept, "rivelin-trust", "1"));
        var before = await View(gp);
        Assert.Equal([], before.Intersect([kept, episode]));

        var written = new List<string> { await Created(gp, "Patient", Person(Number, "meadow-practice")) };
        written.Add(await Created(gp, "List", OwnList(written[0], "meadow-practice", "gp")));
        Assert.Equal(written.Order(), (await View(gp)).Except(before).Order());
        foreach (var url in (string[])[kept, episode])
            Assert.Equal((await gp.Get($"{url.Split('/')[0]}/never-was-one")).Whole, (await gp.Get(url)).Whole);
        // Nor may the list name the trust's own record of the person.
        var named = await gp.Post("List", OwnList(kept, "meadow-practice", "gp").ToJsonString());
        Assert.Equal([], (await View(gp)).Except([.. before, .. written, $"List/{(named.Status == HttpStatusCode.Created ? named.Id : "")}"]));
    }

    [Fact]
    public async Task No_answer_says_whether_a_number_is_known()
    {
        var trust = await Server.As("care-coordinator");
        var (known, unknown) = (await trust.Post("Patient", Person(OfLee, null).ToJsonString()), await trust.Post("Patient", Person(OfNobody, null).ToJsonString()));
        Assert.Equal(HttpStatusCode.Created, known.Status);
        Assert.Equal(Plain(unknown, OfNobody), Plain(known, OfLee));

        static string Plain(Heard heard, string number) => Dates().Replace(heard.Whole.Replace(heard.Id, "ID", StringComparison.Ordinal)
            .Replace(number, "NUMBER", StringComparison.Ordinal).Replace((string)heard.Json["meta"]!["versionId"]!, "VERSION", StringComparison.Ordinal), "TIME");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT")]
    private static partial Regex Dates();

    private static async Task<string> Created(HttpClient client, string type, JsonObject resource)
    {
        var made = await client.Post(type, resource.ToJsonString());
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return $"{type}/{made.Id}";
    }

    private static async Task<HashSet<string>> View(HttpClient client)
    {
        var view = new HashSet<string>();
        foreach (var type in Types)
            foreach (var id in (await client.Get($"{type}?_count=1000")).Ids) view.Add($"{type}/{id}");
        return view;
    }

    /// <summary>As Lee's record is, with a verified number.</summary>
    private static JsonObject Person(string number, string? practice)
    {
        var person = Talk.SampleJson("partnership/Patient-lee.json");
        person.Remove("id");
        person["identifier"]![0]!["value"] = number;
        person.Remove("generalPractitioner");
        if (practice != null) person["generalPractitioner"] = new JsonArray(new JsonObject { ["reference"] = $"Organization/{practice}" });
        person.Remove("managingOrganization");
        return person;
    }

    private static JsonObject Episode(string patient, string organization, string identifier) => new()
    {
        ["resourceType"] = "EpisodeOfCare", ["identifier"] = new JsonArray(new JsonObject { ["value"] = identifier }), ["status"] = "active",
        ["patient"] = new JsonObject { ["reference"] = patient }, ["managingOrganization"] = new JsonObject { ["reference"] = $"Organization/{organization}" },
        ["period"] = new JsonObject { ["start"] = "2026-01-01" },
    };

    private static JsonObject OwnList(string patient, string organization, string role)
    {
        var list = Talk.SampleJson("partnership/List-register-practice.json");
        list.Remove("id");
        list["extension"]![0]!["valueReference"] = new JsonObject { ["reference"] = $"Organization/{organization}", ["display"] = "We" };
        list["source"] = new JsonObject { ["reference"] = $"PractitionerRole/{role}", ["display"] = "I" };
        var entry = list["entry"]![0]!.DeepClone();
        entry["item"] = new JsonObject { ["reference"] = patient, ["display"] = "Somebody" };
        list["entry"] = new JsonArray(entry);
        return list;
    }
}
