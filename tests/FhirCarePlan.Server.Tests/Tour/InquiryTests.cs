using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>An inquiry found that somebody was discharged without a plan, without support from social services and without a place to stay.
/// samples/inquiry tells it again; here it does not happen, today or in twenty years.</summary>
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
        foreach (var missing in (string[])["an active care plan", "a place to stay", "somebody of social services", "a visit within 72 hours"])
            Assert.Contains(said, text => text.Contains(missing, StringComparison.Ordinal));
        Assert.Equal("in-progress", (string?)(await ward.Get(names["Encounter/ash-admission"])).Json["status"]);

        // The same day as it should have been.
        var mended = await OnRecord(ward, "inquiry/before-mended.json");
        leaving = Own(Talk.SampleJson("inquiry/discharge.json")["entry"]![0]!["resource"]!.AsObject(), mended);
        var discharged = await ward.Put(mended["Encounter/ash-admission"], leaving.ToJsonString());
        Assert.True(discharged.Status == HttpStatusCode.OK, discharged.Body);
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
            if (type == "Patient") resource.Remove("identifier");
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
