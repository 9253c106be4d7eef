using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Whom a resource is about, in every form that a reference can take: it leads to a person here and is stored relative, or it is
/// refused (src/docs/sharing.md#leaks, 41). A refusal that binds nobody is never acknowledged.</summary>
public class WhoItIsAboutTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Robin = "Patient/robin", Lee = "9996730107";

    private ServerProcess Server => samples.Process;
    private string Base => $"{Server.Address}fhir";

    /// <summary>All forms that lead to Robin in the trust's view, and the stored form of each.</summary>
    private IEnumerable<(JsonObject Who, string Kept)> Robins()
    {
        var upper = Base.Replace("http://127.0.0.1", "HTTP://LOCALHOST", StringComparison.Ordinal);
        foreach (var (address, kept) in ((string, string)[])[(Robin, Robin), ($"{Robin}/_history/1", $"{Robin}/_history/1"),
            ($"{Base}/{Robin}", Robin), ($"{Base}/{Robin}/_history/1", $"{Robin}/_history/1"),
                     ($"{Base}/{Robin}/", Robin), ($"{Base}/Patient/rob%69n", Robin), ($"{upper}/{Robin}", Robin),
                         ($"{Base.Replace("http:", "https:", StringComparison.Ordinal)}/{Robin}", Robin)])
            yield return (Literal(address), kept);
        foreach (var number in (string[])["9994127004", "999 412 7004"]) yield return (Number(number), Robin);
        yield return (With(Number("9994127004"), "type", "Patient"), Robin);
    }

    private IEnumerable<JsonObject> Nobodies()
    {
        foreach (var address in (string[])["robin", "Patient/robin/", "patient/robin", "Dragon/robin", "Patient/robin#x", "#robin",
            "urn:uuid:3f0b9cbe-9b0e-4f3c-8f43-3b0f5b0c6a11", "urn:oid:1.2.3",
                     "Patient?identifier=9994127004", $"{Base}/Patient?identifier=9994127004",
                         "http://elsewhere.example/fhir/Patient/robin", $"{Base}x/Patient/robin", $"{Server.Address}Patient/robin"])
            yield return Literal(address);
        yield return new JsonObject { ["display"] = "Robin Ashgrove" };
        foreach (var number in (string[])["9990000000", Lee[..9], ""]) yield return Number(number);
        yield return new JsonObject { ["identifier"] = new JsonObject { ["system"] = "urn:local", ["value"] = "9994127004" } };
        yield return With(Number("9994127004"), "type", "Group");
    }

    [Fact]
    public async Task A_refusal_binds_in_every_form_that_is_acknowledged_and_no_other_is()
    {
        var (coordinator, gp) = (await Server.As("care-coordinator"), await Server.As("gp"));
        foreach (var (who, kept) in Robins())
        {
            Assert.Equal(HttpStatusCode.OK, (await gp.Get("CarePlan/robin-plan")).Status);
            var refused = await coordinator.Post("Consent", Refusal(who).ToJsonString());
            Assert.True(refused.Status == HttpStatusCode.Created, $"{who.ToJsonString()} {refused.Body}");
            Assert.Equal(kept, (string?)refused.Json["patient"]!["reference"]);
            Assert.Equal(who["identifier"]?.ToJsonString(), refused.Json["patient"]!["identifier"]?.ToJsonString());
            Assert.Equal((who.ToJsonString(), HttpStatusCode.NotFound), (who.ToJsonString(), (await gp.Get("CarePlan/robin-plan")).Status));
            Assert.Equal(HttpStatusCode.OK, (await coordinator.Change($"Consent/{refused.Id}", c => c["status"] = "inactive")).Status);
        }
        foreach (var who in Nobodies())
            AssertUndecidable(await coordinator.Post("Consent", Refusal(who).ToJsonString()), "Consent.patient", who);
    }

    [Theory]
    [InlineData("psychiatrist", "Condition-robin-alcohol", "subject")]
    [InlineData("care-coordinator", "CarePlan-robin-plan", "subject")]
    [InlineData("care-coordinator", "EpisodeOfCare-robin-episode", "patient")]
    [InlineData("care-coordinator", "Task-robin-task-rent", "for")]
    [InlineData("care-coordinator", "QuestionnaireResponse-robin-assessment", "subject")]
    [InlineData("care-coordinator", "Provenance-robin-provenance-assessment", "target.0")]
    [InlineData("care-coordinator", "Flag-robin-flag", "subject")]
    [InlineData("care-coordinator", "List-register-trust", "subject")]
    [InlineData("care-coordinator", "DocumentReference-robin-advance-statement", "subject")]
    [InlineData("care-coordinator", "Appointment-robin-appointment-follow-up", "participant.0.actor")]
    [InlineData("care-coordinator", "Encounter-robin-follow-up", "subject")]
    [InlineData("psychiatrist", "RiskAssessment-robin-risk", "subject")]
    [InlineData("care-coordinator", "ServiceRequest-robin-referral", "subject")]
    [InlineData("care-coordinator", "Communication-robin-contact-attempt", "subject")]
    public async Task Every_form_is_answered_as_the_relative_one_or_refused(string persona, string sample, string place)
    {
        var client = await Server.As(persona);
        var type = sample[..sample.IndexOf('-')];
        var expression = $"{type}.{place.Replace(".0", "[0]", StringComparison.Ordinal)}";
        var plain = await client.Post(type, Placed(sample, place, Literal(Robin)));
        foreach (var (who, kept) in Robins())
        {
            var answer = await client.Post(type, Placed(sample, place, who));
            Assert.True(plain.Status == answer.Status, $"{who.ToJsonString()} {answer.Body}");
            if (plain.Status != HttpStatusCode.Created) Assert.Equal(plain.Body, answer.Body);
            else Assert.Equal(kept, (string?)At(answer.Json, place)["reference"]);
        }
        // An actor whose own `type` is not Patient is somebody else.
        foreach (var who in Nobodies().Where(n => type != "Appointment" || (string?)n["type"] is null))
            AssertUndecidable(await client.Post(type, Placed(sample, place, who)), expression, who);
    }

    [Fact]
    public async Task A_number_answers_the_same_whether_it_is_unknown_or_hidden()
    {
        var trust = await Server.As("psychiatrist");
        Assert.Equal(HttpStatusCode.NotFound, (await trust.Get("Patient/lee")).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await Server.As("gp")).Get("Patient/lee")).Status);
        var (hidden, unknown) = (await Post(Lee), await Post("9990000000"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, hidden.Status);
        Assert.Equal(unknown.Whole, hidden.Whole);

        Task<Heard> Post(string number) => trust.Post("Condition", Placed("Condition-robin-alcohol", "subject", Number(number)));
    }

    [Fact]
    public async Task What_was_written_absolute_is_found_and_included_relative()
    {
        var client = await Server.As("care-coordinator");
        var flag = JsonNode.Parse(Placed("Flag-robin-flag", "subject", Literal($"{Base}/{Robin}")))!.AsObject();
        var made = await client.Post("Flag", flag.ToJsonString());
        Assert.Equal(HttpStatusCode.Created, made.Status);
        foreach (var value in (string[])["robin", Robin, $"{Base}/{Robin}", $"{Base}/{Robin}/", $"{Base}/{Robin}/_history/1",
            $"{Base.ToUpperInvariant().Replace("/FHIR", "/fhir", StringComparison.Ordinal)}/Patient/%2572obin"])
            Assert.Equal((value, 1), (value, (await client.Get($"Flag?_id={made.Id}&patient={value}")).Total));
        Assert.Contains("robin", (await client.Get($"Flag?_id={made.Id}&_include=Flag:patient")).Ids);
        Assert.Contains(made.Id, (await client.Get("Patient?_id=robin&_revinclude=Flag:patient")).Ids);
        Assert.Equal(HttpStatusCode.OK, (await client.Change($"Flag/{made.Id}", f => f["subject"] = Literal($"{Base}/{Robin}"))).Status); // the same person
    }

    [Fact]
    public async Task A_fault_keeps_its_line_though_a_reference_was_made_relative()
    {
        var client = await Server.As("psychiatrist");
        var body = $$"""
            {"resourceType":"Condition",
             "subject":{"reference":"{{Base}}/{{Robin}}" },
             "code":{"coding":[{"system":"not an address","code":"x y "}] } }
            """;
        var refused = await client.Post("Condition", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal((await client.Post("Condition", body.Replace($"{Base}/", "", StringComparison.Ordinal))).Body, refused.Body);
        Assert.Contains("issue-line\",\"valueInteger\":3", refused.Body, StringComparison.Ordinal);
    }

    private static void AssertUndecidable(Heard answer, string expression, JsonObject who)
    {
        Assert.True(answer.Status == HttpStatusCode.UnprocessableEntity, $"{who.ToJsonString()} {(int)answer.Status} {answer.Body}");
        Assert.Contains(answer.Json["issue"]!.AsArray(), i => (string?)i!["expression"]?[0] == expression
            && ((string?)i["diagnostics"] ?? i["details"]?.ToJsonString() ?? "").Contains("Patient/[id]", StringComparison.Ordinal));
    }

    private static JsonObject Refusal(JsonObject who)
    {
        var consent = Talk.SampleJson("tour/refusal-by-person.json");
        consent["organization"] = new JsonArray(Literal("Organization/rivelin-trust"));
        consent["provision"]!["actor"]![0]!["reference"] = Literal("Organization/meadow-practice");
        consent["patient"] = who.DeepClone();
        return consent;
    }

    private static string Placed(string sample, string place, JsonObject who)
    {
        var resource = Talk.SampleJson($"partnership/{sample}.json");
        resource.Remove("id");
        resource.Remove("meta");
        var way = place.Split('.');
        JsonNode at = resource;
        foreach (var step in way[..^1]) at = int.TryParse(step, out var index) ? at[index]! : at[step]!;
        if (int.TryParse(way[^1], out var last)) at[last] = who.DeepClone();
        else at[way[^1]] = who.DeepClone();
        return resource.ToJsonString();
    }

    private static JsonNode At(JsonNode node, string place) =>
        place.Split('.').Aggregate(node, (at, step) => int.TryParse(step, out var index) ? at[index]! : at[step]!);

    private static JsonObject Literal(string address) => new() { ["reference"] = address };
    private static JsonObject Number(string number) =>
        new()
        {
            ["identifier"] = new JsonObject
            {
                ["system"] = "https://fhir.nhs.uk/Id/nhs-number", ["value"] = number.Length == 0 ? "?"
        : number
            }
        };

    private static JsonObject With(JsonObject reference, string name, string value)
    {
        reference[name] = value;
        return reference;
    }
}
