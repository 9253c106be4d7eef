using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>A referral can be read before it is answered, opens the referrer's record once accepted, tells the referrer its outcome, and
/// ends when either side ends it (src/docs/sharing.md#ties).</summary>
public class ReferralTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;

    /// <param name="Record">Something of the referrer's record that the receiver's rules open.</param>
    public sealed record Route(string From, string Post, string To, string Organization, string ToPost, string Patient, string Record)
    {
        public override string ToString() => $"{From} to {To}";
    }

    private static readonly Route
        ToTrust = new("gp", "gp", "care-coordinator", "rivelin-trust", "care-coordinator", "lee", "Condition/lee-depression"),
        ToCouncil = new("care-coordinator", "care-coordinator", "social-worker", "rivelin-council", "social-worker", "sky", "CarePlan/sky-plan"),
        // The landlord may read parts of a plan only as a member of the team; a referral brings the request and the person.
        ToHomes = new("care-coordinator", "care-coordinator", "housing-officer", "harbour-homes", "housing-officer", "sky", "");

    public static TheoryData<string> Routes => [nameof(ToTrust), nameof(ToCouncil), nameof(ToHomes)];

    private static Route Of(string route) => route switch { nameof(ToTrust) => ToTrust, nameof(ToCouncil) => ToCouncil, _ => ToHomes };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task It_is_seen_then_accepted_then_over(string name)
    {
        var route = Of(name);
        var (from, to) = (await Server.As(route.From), await Server.As(route.To));
        if (name == nameof(ToHomes)) await Agrees();
        Assert.Equal(HttpStatusCode.NotFound, await Status(to, $"Patient/{route.Patient}"));

        var request = await Ask(from, route);
        var other = await Ask(from, route, owner: name == nameof(ToTrust) ? "harbour-homes" : "meadow-practice");
        Assert.Contains("Please take on", (await to.Get(request)).Body);
        Assert.Contains(request.Split('/')[1], (await to.Get($"Task?patient=Patient/{route.Patient}")).Ids);
        Assert.Equal([route.Patient], (await to.Get($"Patient?_id={route.Patient}")).Ids);
        Assert.Equal(HttpStatusCode.OK, await Status(to, $"Patient/{route.Patient}"));
        // No more of the record than that, and no requests to others.
        Assert.Equal(HttpStatusCode.NotFound, await Status(to, other));
        foreach (var type in (string[])["Condition", "CarePlan", "CareTeam", "EpisodeOfCare", "DocumentReference"]) Assert.Equal(0, (await to.Get($"{type}?patient=Patient/{route.Patient}")).Total);

        var answer = await Answer(to, route, request, "accepted");
        if (route.Record.Length > 0) Assert.Equal(HttpStatusCode.OK, await Status(to, route.Record));
        Assert.Equal(HttpStatusCode.OK, await Status(to, request));
        Assert.Equal("accepted", (string?)(await from.Get(answer)).Json["status"]);
        Assert.Equal(HttpStatusCode.OK, (await to.Change(answer, t => t["status"] = "in-progress")).Status);
        foreach (var status in (string[])["received", "accepted"]) Assert.Equal(HttpStatusCode.OK, (await from.Change(request, t => t["status"] = status)).Status);
        if (route.Record.Length > 0) Assert.Equal(HttpStatusCode.OK, await Status(to, route.Record));

        Assert.Equal(HttpStatusCode.OK, (await from.Change(request, Cancel)).Status);
        if (route.Record.Length > 0) Assert.Equal(HttpStatusCode.NotFound, await Status(to, route.Record));
        Assert.Equal(HttpStatusCode.NotFound, await Status(to, request));
        Assert.Equal(HttpStatusCode.NotFound, await Status(to, $"Patient/{route.Patient}"));
        Assert.Equal(HttpStatusCode.OK, await Status(from, answer));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_declined_one_says_why_and_is_over(string name)
    {
        var route = Of(name);
        var (from, to) = (await Server.As(route.From), await Server.As(route.To));
        if (name == nameof(ToHomes)) await Agrees();
        var request = await Ask(from, route);
        var answer = await Answer(to, route, request, "rejected");
        var read = await from.Get(answer);
        Assert.Equal(("rejected", "No room at the moment"), ((string?)read.Json["status"], (string?)read.Json["statusReason"]!["text"]));
        Assert.Equal(HttpStatusCode.NotFound, await Status(to, request));
        Assert.Equal(HttpStatusCode.NotFound, await Status(to, $"Patient/{route.Patient}"));
        Assert.False((await to.Change(answer, t => t["status"] = "accepted")).Status == HttpStatusCode.OK && await Status(to, $"Patient/{route.Patient}") == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_landlord_hears_of_no_referral_to_which_nobody_agreed()
    {
        await using var server = await ServerProcess.Start();
        var (trust, homes) = (await server.As("care-coordinator"), await server.As("housing-officer"));
        var request = await Ask(trust, ToHomes);
        Assert.Equal((await homes.Get("Task/never-was-one")).Whole, (await homes.Get(request)).Whole);
        Assert.Equal(HttpStatusCode.NotFound, await Status(homes, "Patient/sky"));
    }

    [Fact]
    public async Task A_hand_over_goes_on_from_whom_it_reached()
    {
        await using var server = await ServerProcess.Start();
        var (gp, trust, council) = (await server.As("gp"), await server.As("care-coordinator"), await server.As("social-worker"));
        var request = await Ask(gp, ToTrust);
        await Answer(trust, ToTrust, request, "accepted");
        Assert.Equal(HttpStatusCode.NotFound, await Status(council, "Patient/lee"));
        var onward = await Ask(trust, ToCouncil with { Patient = "lee" });
        await Answer(council, ToCouncil with { Patient = "lee" }, onward, "accepted");
        Assert.Equal(HttpStatusCode.OK, await Status(council, "Patient/lee"));

        // If the practice ends the trust's tie, it ends the ties of those whom the trust brought in.
        Assert.Equal(HttpStatusCode.OK, (await gp.Change(request, Cancel)).Status);
        Assert.Equal(HttpStatusCode.NotFound, await Status(council, "Patient/lee"));
    }

    private async Task Agrees()
    {
        var consent = Talk.SampleJson("partnership/Consent-sky-consent-sharing.json");
        consent.Remove("id");
        consent["provision"]!["actor"]![0]!["reference"] = new JsonObject { ["reference"] = "Organization/harbour-homes" };
        consent["provision"]!["purpose"]![0]!["code"] = "CAREMGT";
        var said = await (await Server.As("care-coordinator")).Post("Consent", consent.ToJsonString());
        Assert.True(said.Status == HttpStatusCode.Created, said.Body);
    }

    private static async Task<string> Ask(HttpClient from, Route route, string? owner = null)
    {
        var asked = await from.Post("Task", Letter(route.Patient, "requested", route.Post, owner ?? route.Organization, "").ToJsonString());
        Assert.True(asked.Status == HttpStatusCode.Created, asked.Body);
        return $"Task/{asked.Id}";
    }

    private static async Task<string> Answer(HttpClient to, Route route, string request, string status)
    {
        var answered = await to.Post("Task", Letter(route.Patient, status, route.ToPost, route.Organization, request).ToJsonString());
        Assert.True(answered.Status == HttpStatusCode.Created, answered.Body);
        return $"Task/{answered.Id}";
    }

    private static void Cancel(JsonObject task)
    {
        task["status"] = "cancelled";
        task["statusReason"] = new JsonObject { ["text"] = "Asked in error" };
    }

    private static JsonObject Letter(string patient, string status, string post, string owner, string partOf)
    {
        var task = new JsonObject
        {
            ["resourceType"] = "Task",
            ["status"] = status,
            ["intent"] = "order",
            ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "https://fhir.cpa.example/CodeSystem/CPA-TaskCode", ["code"] = "fulfil" }) },
            ["description"] = "Please take on",
            ["for"] = new JsonObject { ["reference"] = $"Patient/{patient}" },
            ["authoredOn"] = "2026-01-01",
            ["requester"] = new JsonObject { ["reference"] = $"PractitionerRole/{post}" },
            ["owner"] = new JsonObject { ["reference"] = $"Organization/{owner}" },
        };
        if (partOf.Length > 0) task["partOf"] = new JsonArray(new JsonObject { ["reference"] = partOf });
        if (status == "rejected") task["statusReason"] = new JsonObject { ["text"] = "No room at the moment" };
        return task;
    }

    private static async Task<HttpStatusCode> Status(HttpClient client, string url) => (await client.Get(url)).Status;
}
