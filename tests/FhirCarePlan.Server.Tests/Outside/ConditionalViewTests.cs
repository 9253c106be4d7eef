using System.Text;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Criteria look into the caller's view and nowhere else: what is hidden is answered like what is absent, byte for byte.
/// src/docs/sharing.md#leaks, 16 and 17</summary>
public class ConditionalViewTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static byte[] Goal(string number, string patient) => Encoding.UTF8.GetBytes($$$"""
        {"resourceType":"Goal","identifier":[{"system":"urn:feed","value":"{{{number}}}"}],"lifecycleStatus":"active",
        "description":{"text":"Draw"},"subject":{"reference":"Patient/{{{patient}}}"}}
        """);

    private static byte[] Reading(string number, string category, string? id = null) => Encoding.UTF8.GetBytes($$$"""
        {"resourceType":"Observation",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"identifier":[{"system":"urn:feed","value":"{{{number}}}"}],"status":"final",
        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"{{{category}}}"}]}],
        "code":{"text":"Seen"},"subject":{"reference":"Patient/robin"}}
        """);

    private static string New() => Guid.NewGuid().ToString("N");

    /// <summary>Without what differs between any two creations.</summary>
    private static string Told(Reply reply) => string.Join("\n", [$"{reply.Status}", reply.Status is 200 or 201 ? "" : reply.Body,
        .. reply.Headers.Where(h => h.Key is not ("Date" or "X-Correlation-Id" or "ETag" or "Last-Modified" or "Location" or "Content-Length")).Select(h => $"{h.Key}: {h.Value}").Order()]);

    [Fact]
    public async Task A_hidden_match_is_no_match()
    {
        var (trust, landlord) = (await samples.Process.As("care-coordinator"), await samples.Process.As("housing-officer"));
        var (hidden, absent) = (New(), New());
        var stored = await trust.Send("POST", "Observation", Reading(hidden, "vital-signs"));
        Assert.Equal(201, stored.Status);
        var id = (string)stored.Json["id"]!;
        Assert.Equal(0, (await landlord.Get($"Observation?identifier=urn:feed|{hidden}")).Total);

        // Nothing is there for the landlord, so that each answers alike, and the trust's stays as it was.
        foreach (var (method, headers) in new (string, string[])[] { ("DELETE", []), ("DELETE", ["If-Match: *"]), ("PATCH", []), ("PUT", ["If-Match: *"]), ("PUT", []) })
        {
            async Task<Reply> Ask(string number) => await landlord.Send(method, $"Observation?identifier=urn:feed|{number}",
                method == "DELETE" ? null : method == "PUT" ? Reading(number, "social-history") : "[]"u8.ToArray(), method == "PATCH" ? "application/json-patch+json" : Wire.Fhir, headers);
            Assert.Equal(Told(await Ask(absent)), Told(await Ask(hidden)));
        }
        // The last has created one of the landlord's own.
        Assert.Equal(1, (await landlord.Get($"Observation?identifier=urn:feed|{hidden}")).Total);
        Assert.Equal(stored.Header("ETag"), (await trust.Get($"Observation/{id}")).ETag);
        var (hiddenToo, absentToo) = (New(), New());
        await trust.Send("POST", "Observation", Reading(hiddenToo, "vital-signs"));
        var created = await landlord.Send("POST", "Observation", Reading(hiddenToo, "social-history"), Wire.Fhir, $"If-None-Exist: identifier=urn:feed|{hiddenToo}");
        Assert.Equal(201, created.Status);
        Assert.Equal(Told(await landlord.Send("POST", "Observation", Reading(absentToo, "social-history"), Wire.Fhir, $"If-None-Exist: identifier=urn:feed|{absentToo}")), Told(created));
        // In a transaction and in a batch likewise.
        foreach (var type in (string[])["transaction", "batch"])
        {
            var more = New();
            await trust.Send("POST", "Observation", Reading(more, "vital-signs"));
            var entry = Wire.Entry("POST", "Observation", Wire.Json(Encoding.UTF8.GetString(Reading(more, "social-history"))));
            entry["request"]!["ifNoneExist"] = $"identifier=urn:feed|{more}";
            var answer = await landlord.Post("", Wire.Bundle(type, entry).ToJsonString());
            Assert.Equal("201", (string)answer.Entries[0]["response"]!["status"]!);
        }
    }

    [Fact]
    public async Task An_id_of_ones_own_is_a_right_and_a_hidden_id_is_like_a_free_one()
    {
        var (trust, landlord) = (await samples.Process.As("care-coordinator"), await samples.Process.As("housing-officer"));
        var hidden = (string)(await trust.Send("POST", "Observation", Reading(New(), "vital-signs"))).Json["id"]!;
        var answers = new List<string>();
        foreach (var id in (string[])[hidden, New()])
            answers.Add(Told(await landlord.Send("PUT", $"Observation?identifier=urn:feed|{New()}", Reading(New(), "social-history", id))));
        Assert.StartsWith("404", answers[0], StringComparison.Ordinal);
        Assert.Equal(answers[1], answers[0]);
    }

    [Fact]
    public async Task Who_may_not_write_the_type_is_told_so_whatever_is_there()
    {
        var (trust, housing) = (await samples.Process.As("care-coordinator"), await samples.Process.As("housing-officer"));
        var there = New();
        await trust.Send("POST", "Goal", Goal(there, "robin"));
        foreach (var number in (string[])[there, New()])
        {
            Assert.Equal(403, (await housing.Send("POST", "Goal", Goal(number, "robin"), Wire.Fhir, $"If-None-Exist: identifier=urn:feed|{number}")).Status);
            Assert.Equal(403, (await housing.Send("PUT", $"Goal?identifier=urn:feed|{number}", Goal(number, "robin"))).Status);
            Assert.Equal(403, (await housing.Send("PATCH", $"Goal?identifier=urn:feed|{number}", "[]"u8.ToArray(), "application/json-patch+json")).Status);
            Assert.Equal(403, (await housing.Send("DELETE", $"Goal?identifier=urn:feed|{number}")).Status);
            var entry = Wire.Entry("POST", "Goal", Wire.Json(Encoding.UTF8.GetString(Goal(number, "robin"))));
            entry["request"]!["ifNoneExist"] = $"identifier=urn:feed|{number}";
            Assert.Equal(403, (int)(await housing.Post("", Wire.Bundle("transaction", entry).ToJsonString())).Status);
        }
    }

    [Fact]
    public async Task An_outsider_lives_in_an_empty_store()
    {
        var outsider = await samples.Process.As("outsider");
        Assert.Equal(Told(await outsider.Send("DELETE", "Goal?_id=never-was-one")), Told(await outsider.Send("DELETE", "Patient?_id=robin")).Replace("Patient", "Goal"));
        Assert.Equal(403, (await outsider.Send("DELETE", "Patient?_id=robin")).Status);
    }
}
