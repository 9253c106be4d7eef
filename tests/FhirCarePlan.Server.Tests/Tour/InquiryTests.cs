using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>An inquiry found that a person was discharged without a plan, without support from social services and without a place to stay.
/// samples/inquiry tells it again; this server refuses it, today and in twenty years.</summary>
public sealed class InquiryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Nobody_is_discharged_with_nothing(int years)
    {
        var clock = DateTimeOffset.UtcNow.AddYears(years).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Clock:Fixed"] = clock });
        var ward = await server.As("care-coordinator");

        // A Friday afternoon: a draft of a plan, nobody of the council, sleeps outdoors, no visit.
        var names = await OnRecord(ward, "inquiry/before.json");
        var leaving = Own(Talk.SampleJson("inquiry/discharge.json")["entry"]![0]!["resource"]!.AsObject(), names);
        var refused = await ward.Put(names["Encounter/ash-admission"], leaving.ToJsonString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.All(refused.ErrorKeys, key => Assert.Equal("X8", key));
        var said = refused.Json["issue"]!.AsArray().Where(i => (string)i!["severity"]! == "error").Select(i => (string)i!["diagnostics"]!).ToList();
        Assert.Equal(4, said.Count);
        foreach (var missing in (string[])["an active care plan", "a place to stay", "somebody from social services", "a visit within 72 hours"])
            Assert.Contains(said, text => text.Contains(missing, StringComparison.Ordinal));
        Assert.Equal("in-progress", (string?)(await ward.Get(names["Encounter/ash-admission"])).Json["status"]);

        // The same day as it should have been.
        var mended = await OnRecord(ward, "inquiry/before-mended.json");
        leaving = Own(Talk.SampleJson("inquiry/discharge.json")["entry"]![0]!["resource"]!.AsObject(), mended);
        var discharged = await ward.Put(mended["Encounter/ash-admission"], leaving.ToJsonString());
        Assert.True(discharged.Status == HttpStatusCode.OK, discharged.Body);
    }

    /// <summary>His whole record comes in one transaction: the person, the episode that makes him the trust's, the team, the
    /// plan.</summary>
    [Theory]
    [InlineData("before.json", "urn")]
    [InlineData("before.json", "own")]
    [InlineData("before.json", "feed")]
    [InlineData("before-mended.json", "urn")]
    public async Task A_person_is_founded_in_one_transaction(string file, string names)
    {
        await using var server = await ServerProcess.Start();
        var ward = await server.As("care-coordinator");
        var answer = await ward.Post("", Whole($"inquiry/{file}", names, server).ToJsonString());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        Assert.All(answer.Entries, e => Assert.Equal("201", (string)e["response"]!["status"]!));
        var patient = At(answer.Entries[0]);
        foreach (var entry in answer.Entries)
            Assert.Equal(HttpStatusCode.OK, (await ward.Get(At(entry))).Status);
        Assert.NotEqual(0, (await ward.Get($"CarePlan?patient={patient}")).Total);
        // A caller without the right to enrol has none in a transaction either.
        var second = Whole($"inquiry/{file}", names, server);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await server.As("social-worker")).Post("", second.ToJsonString())).Status);

        static string At(JsonObject entry) => string.Join('/', ((string)entry["response"]!["location"]!).Split('/')[^4..^2]);
    }

    private static JsonObject Whole(string file, string names, ServerProcess server)
    {
        var entries = new JsonArray();
        var known = new Dictionary<string, string>();
        var resources = Talk.SampleJson(file)["entry"]!.AsArray().Select(e => e!.AsObject()).ToList();
        foreach (var entry in resources)
        {
            var name = Name(entry["resource"]!.AsObject());
            if (names == "urn") known[name] = $"urn:uuid:{Guid.NewGuid()}";
        }
        foreach (var entry in resources)
        {
            var resource = entry["resource"]!.AsObject();
            entries.Add(new JsonObject
            {
                ["fullUrl"] = names switch { "urn" => known[Name(resource)], "own" => $"{server.Fhir}{Name(resource)}", _ => (string)entry["fullUrl"]! },
                ["resource"] = Own(resource, known, keepsId: false),
                ["request"] = new JsonObject { ["method"] = "POST", ["url"] = (string)resource["resourceType"]! },
            });
        }
        return new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = entries };
    }

    /// <summary>Patient, episode and team first, since what grants is decided on what stood before; the rest in one transaction.</summary>
    private static async Task<Dictionary<string, string>> OnRecord(HttpClient ward, string file)
    {
        var names = new Dictionary<string, string>();
        var resources = Talk.SampleJson(file)["entry"]!.AsArray().Select(e => e!["resource"]!.AsObject()).ToList();
        foreach (var type in (string[])["Patient", "EpisodeOfCare", "CareTeam"])
        {
            var resource = resources.Single(r => (string)r["resourceType"]! == type);
            // The two are two people here, so they have no number in common.
            if (type == "Patient")
            {
                resource.Remove("identifier");
                resource["extension"] = new JsonArray(new JsonObject
                {
                    ["url"] = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberUnavailableReason",
                    ["valueCodeableConcept"] = new JsonObject { ["text"] = "Not known" },
                });
            }
            var body = Own(resource, names);
            body.Remove("id");
            var created = await ward.Post(type, body.ToJsonString());
            Assert.True(created.Status == HttpStatusCode.Created, created.Body);
            names[$"{type}/{resource["id"]}"] = $"{type}/{created.Id}";
            resources.Remove(resource);
        }
        foreach (var resource in resources) names[Name(resource)] = $"urn:uuid:{Guid.NewGuid()}";
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = new JsonArray([.. resources.Select(r => new JsonObject
            {
                ["fullUrl"] = names[Name(r)],
                ["resource"] = Own(r, names, keepsId: false),
                ["request"] = new JsonObject { ["method"] = "POST", ["url"] = (string)r["resourceType"]! },
            })]),
        };
        var answer = await ward.Post("", bundle.ToJsonString());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        for (var i = 0; i < resources.Count; i++)
            names[Name(resources[i])] = string.Join('/', ((string)answer.Entries[i]["response"]!["location"]!).Split('/')[^4..^2]);
        return names;
    }

    private static string Name(JsonObject resource) => $"{resource["resourceType"]}/{resource["id"]}";

    private static JsonObject Own(JsonObject resource, Dictionary<string, string> names, bool keepsId = true)
    {
        var own = resource.DeepClone().AsObject();
        if (!keepsId) own.Remove("id");
        else if (names.TryGetValue(Name(resource), out var known)) own["id"] = known.Split('/')[1];
        Walk(own);
        return own;

        void Walk(JsonNode? node)
        {
            if (node is JsonArray array)
                foreach (var item in array) Walk(item);
            if (node is not JsonObject json) return;
            if (json["reference"] is JsonValue reference && names.TryGetValue((string)reference!, out var real)) json["reference"] = real;
            foreach (var (_, value) in json.ToList()) Walk(value);
        }
    }
}
