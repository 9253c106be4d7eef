using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>A landlord asks the trust to share; the trust's answer and its reason are the landlord's to read, and nothing else is opened by it
/// (src/docs/sharing.md#ties).</summary>
public class ShareRequestTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;

    [Theory]
    [InlineData("rejected")]
    [InlineData("on-hold")]
    public async Task Who_was_refused_reads_why(string status)
    {
        var (homes, trust) = (await Server.As("housing-officer"), await Server.As("care-coordinator"));
        var request = await Stored(homes, Ask("risk"));
        Assert.Equal(HttpStatusCode.OK, (await trust.Get(request)).Status);
        var answer = await Stored(trust, Answer(request, status, "risk"));
        var read = await homes.Get(answer);
        Assert.Equal((status, "Robin wants to tell you himself"), ((string?)read.Json["status"], (string?)read.Json["statusReason"]?["text"]));
        // Other parties of the team that did not ask do not read the reason.
        Assert.DoesNotContain("Robin wants to tell you himself", (await (await Server.As("voluntary-worker")).Get(answer)).Body, StringComparison.Ordinal);
        // The trust changes its mind about the words, and the landlord reads on.
        Assert.Equal(HttpStatusCode.OK, (await trust.Change(answer, t => t["statusReason"]!["text"] = "Please ask Robin")).Status);
        Assert.Contains("Please ask Robin", (await homes.Get(answer)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_decided_opens_nothing()
    {
        var (homes, trust) = (await Server.As("housing-officer"), await Server.As("care-coordinator"));
        var before = await View(homes);
        var request = await Stored(homes, Ask("diagnosis"));
        var decided = Answer(request, "completed", "diagnosis");
        decided.Remove("statusReason");
        decided["output"] = new JsonArray(
            Parameter("decision", "valueCodeableConcept", Coded("Decision", "disclosed")),
            Parameter("disclosed", "valueReference", JsonNode.Parse("""{"reference":"Condition/robin-schizophrenia"}""")!));
        var answer = await Stored(trust, decided);
        Assert.Contains("\"disclosed\"", (await homes.Get(answer)).Body, StringComparison.Ordinal);
        Assert.Equal((await homes.Get("Condition/never-was-one")).Whole, (await homes.Get("Condition/robin-schizophrenia")).Whole);
        Assert.Equal(before.Append(request).Append(answer).Order(), (await View(homes)).Order());
    }

    [Fact]
    public async Task Whom_the_person_refuses_reads_no_answer()
    {
        await using var server = await ServerProcess.Start();
        var (homes, trust, person) = (await server.As("housing-officer"), await server.As("care-coordinator"), await server.As("person"));
        var request = await Stored(homes, Ask("risk"));
        var answer = await Stored(trust, Answer(request, "rejected", "risk"));
        Assert.Equal(HttpStatusCode.OK, (await homes.Get(answer)).Status);
        Assert.Equal(HttpStatusCode.Created, (await person.Post("Consent", Talk.Sample("tour/refusal-by-person.json"))).Status);
        Assert.Equal((await homes.Get("Task/never-was-one")).Whole, (await homes.Get(answer)).Whole);
    }

    private static async Task<string> Stored(HttpClient client, JsonObject task)
    {
        var made = await client.Post("Task", task.ToJsonString());
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return $"Task/{made.Id}";
    }

    private static async Task<List<string>> View(HttpClient client)
    {
        var view = new List<string>();
        foreach (var type in (string[])["Task", "Condition", "CarePlan", "Observation", "RiskAssessment", "DocumentReference"])
            view.AddRange((await client.Get($"{type}?_count=1000")).Ids.Select(id => $"{type}/{id}"));
        return view;
    }

    private static JsonObject Ask(string category) => new()
    {
        ["resourceType"] = "Task", ["status"] = "requested", ["intent"] = "order", ["priority"] = "routine", ["code"] = Coded("TaskCode", "share-request"),
        ["for"] = new JsonObject { ["reference"] = "Patient/robin" }, ["authoredOn"] = "2026-01-05T09:00:00Z",
        ["requester"] = new JsonObject { ["reference"] = "PractitionerRole/housing-officer" },
        ["owner"] = new JsonObject { ["reference"] = "PractitionerRole/care-coordinator" },
        ["restriction"] = new JsonObject { ["period"] = new JsonObject { ["end"] = "2026-01-12" } },
        ["input"] = new JsonArray(
            Parameter("purpose", "valueCoding", JsonNode.Parse("""{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"CAREMGT"}""")!),
            Parameter("information-category", "valueCodeableConcept", Coded("InformationCategory", category))),
    };

    private static JsonObject Answer(string request, string status, string category)
    {
        var answer = Ask(category);
        answer["status"] = status;
        answer["statusReason"] = new JsonObject { ["text"] = "Robin wants to tell you himself" };
        answer["partOf"] = new JsonArray(new JsonObject { ["reference"] = request });
        answer["requester"] = new JsonObject { ["reference"] = "PractitionerRole/care-coordinator" };
        return answer;
    }

    private static JsonObject Parameter(string name, string value, JsonNode of) => new() { ["type"] = Coded("TaskParameter", name), [value] = of };

    private static JsonObject Coded(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = $"https://fhir.cpa.example/CodeSystem/CPA-{system}", ["code"] = code }) };
}
