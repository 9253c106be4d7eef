using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>Profiles, labels and tags of a resource, of a type, of everything, in the caller's view.
/// https://hl7.org/fhir/R4/resource-operation-meta.html</summary>
public class MetaTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static JsonNode Meta(Heard answer)
    {
        Assert.True((int)answer.Status == 200, answer.Body);
        return answer.Json["parameter"]!.AsArray().Single(p => (string)p!["name"]! == "return")!["valueMeta"]!;
    }

    [Theory]
    [InlineData("care-coordinator")]
    [InlineData("gp")]
    [InlineData("housing-officer")]
    [InlineData("person")]
    public async Task Of_a_resource_it_is_that_of_the_read(string persona)
    {
        var client = await samples.Process.As(persona);
        foreach (var url in (string[])["CarePlan/robin-plan", "Patient/robin", "StructureDefinition/CPA-CarePlan"])
        {
            var read = (await client.Get(url)).Json["meta"];
            Assert.Equal(read?.ToJsonString() ?? "{}", Meta(await client.Get($"{url}/$meta")).ToJsonString());
        }
        Assert.Equal((await client.Get("Condition/never-was-one/$meta")).Whole, (await client.Get("Patient/sky-nobody/$meta")).Whole.Replace("Patient", "Condition", StringComparison.Ordinal));
    }

    private static readonly string[] OfViews = ["SUBSETTED", "REDACTED"];

    /// <summary>The union of what all reads of the type say, the marks of views aside.</summary>
    [Theory]
    [InlineData("care-coordinator")]
    [InlineData("gp")]
    [InlineData("housing-officer")]
    [InlineData("person")]
    [InlineData("outsider")]
    public async Task Of_a_type_it_is_what_the_reads_have_together(string persona)
    {
        var (client, trust) = (await samples.Process.As(persona), await samples.Process.As("care-coordinator"));
        foreach (var (code, tag) in new[] { ("R", "Shown"), ("SUD", "shut") })
        {
            var need = Talk.SampleJson("partnership/Condition-robin-need-accommodation.json").AsNew();
            need["recorder"] = new JsonObject { ["reference"] = "PractitionerRole/care-coordinator" };
            need["meta"] = new JsonObject
            {
                ["security"] = new JsonArray(new JsonObject { ["system"] = $"http://terminology.hl7.org/CodeSystem/{(code == "R" ? "v3-Confidentiality" : "v3-ActCode")}", ["code"] = code }),
                ["tag"] = new JsonArray(new JsonObject { ["system"] = "http://a.example/tags", ["code"] = tag, ["display"] = "A tag" }),
            };
            Assert.Equal(201, (int)(await trust.Post("Condition", need.ToJsonString())).Status);
        }
        foreach (var type in (string[])["Condition", "CarePlan", "Observation", "Patient"])
        {
            var (profiles, labels, tags) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
            foreach (var entry in (await client.Get($"{type}?_count=1000")).Entries.Where(e => (string?)e["search"]!["mode"] == "match"))
            {
                var meta = entry["resource"]!["meta"]!;
                foreach (var profile in meta["profile"]?.AsArray() ?? []) profiles.Add((string)profile!);
                foreach (var (name, all) in new[] { ("security", labels), ("tag", tags) })
                    foreach (var coding in meta[name]?.AsArray() ?? [])
                        if (!OfViews.Contains((string?)coding!["code"])) all.Add($"{coding["system"]}|{coding["code"]}");
            }
            var found = Meta(await client.Get($"{type}/$meta"));
            IEnumerable<string> Codings(string name) => (found[name]?.AsArray() ?? []).Select(c => $"{c!["system"]}|{c["code"]}");
            Assert.Equal(profiles, (found["profile"]?.AsArray() ?? []).Select(p => (string)p!));
            Assert.Equal(labels, Codings("security"));
            Assert.Equal(tags, Codings("tag"));
            foreach (var tag in Codings("tag")) Assert.Contains(tag, (Meta(await client.Get("$meta"))["tag"]!.AsArray()).Select(c => $"{c!["system"]}|{c["code"]}"));
        }
        if (persona == "care-coordinator") Assert.Contains("http://a.example/tags|Shown", Meta(await client.Get("$meta"))["tag"]!.AsArray().Select(c => $"{c!["system"]}|{c["code"]}"));
    }

    [Theory]
    [InlineData("POST", "CarePlan/robin-plan/$meta")]
    [InlineData("POST", "CarePlan/robin-plan/$meta-add")]
    [InlineData("POST", "CarePlan/robin-plan/$meta-delete")]
    [InlineData("GET", "AuditEvent/$meta")]
    public async Task It_only_reads(string method, string url) => Assert.InRange((await (await samples.Process.As("care-coordinator")).Send(method, url, method == "POST" ? "{}"u8.ToArray() : null)).Status, 404, 405);
}
