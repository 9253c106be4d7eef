using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>The person, the carer and the landlord say their part at the access they have, and see no more of others for it (M14, M25, M26, M51, M54, M88).</summary>
public class OwnWordsTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static readonly Dictionary<string, string> bodies = new()
    {
        ["Goal"] = """{"resourceType":"Goal","lifecycleStatus":"proposed","description":{"text":"To draw again"},"subject":{"reference":"Patient/robin"},"expressedBy":{"reference":"Patient/robin"}}""",
        ["QuestionnaireResponse"] = """{"resourceType":"QuestionnaireResponse","status":"in-progress","subject":{"reference":"Patient/robin"},"item":[{"linkId":"third-party-x","answer":[{"valueString":"said in confidence"}]},{"linkId":"a","answer":[{"valueString":"fine"}]}]}""",
        ["Observation"] = """{"resourceType":"Observation","status":"final","code":{"text":"Sleep"},"valueString":"badly","subject":{"reference":"Patient/robin"}}""",
        ["DocumentReference"] = """{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"url":"http://x.example/d","title":"What I want"}}],"subject":{"reference":"Patient/robin"}}""",
        ["ServiceRequest"] = """{"resourceType":"ServiceRequest","status":"active","intent":"proposal","code":{"text":"Art group"},"subject":{"reference":"Patient/robin"}}""",
        ["Communication"] = """{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/robin"},"payload":[{"contentString":"I agree to the plan"}]}""",
        ["Task"] = """{"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/robin"},"description":"Look at the plan again"}""",
    };

    [Theory]
    [InlineData("person", "Goal QuestionnaireResponse Observation DocumentReference ServiceRequest Communication Task")]
    [InlineData("carer", "QuestionnaireResponse Communication Task")]
    [InlineData("housing-officer", "QuestionnaireResponse Observation ServiceRequest Communication Task")]
    public async Task Each_writes_what_is_theirs_to_say(string who, string types)
    {
        var client = await samples.Process.As(who);
        foreach (var (type, body) in bodies)
        {
            var written = await client.Post(type, body);
            var may = types.Split(' ').Contains(type);
            Assert.Equal((type, may ? HttpStatusCode.Created : HttpStatusCode.Forbidden), (type, written.Status));
            if (!may) continue;
            Assert.Equal(HttpStatusCode.OK, (await client.Get($"{type}/{written.Id}")).Status);
            // The trust works with what they say.
            Assert.Equal((type, HttpStatusCode.OK), (type, (await (await samples.Process.As("care-coordinator")).Get($"{type}/{written.Id}")).Status));
        }
    }

    [Fact]
    public async Task The_person_changes_an_answer_and_the_landlord_its_plan()
    {
        var person = await samples.Process.As("person");
        var answers = await person.Post("QuestionnaireResponse", bodies["QuestionnaireResponse"]);
        Assert.Contains("said in confidence", (await person.Get($"QuestionnaireResponse/{answers.Id}")).Body);
        Assert.Equal(HttpStatusCode.OK, (await person.Change($"QuestionnaireResponse/{answers.Id}", q => q["status"] = "completed")).Status);

        var landlord = await samples.Process.As("housing-officer");
        Assert.Equal(HttpStatusCode.OK, (await landlord.Change("CarePlan/robin-housing-plan", p => p["note"] = JsonNode.Parse("""[{"text":"Rent is paid"}]"""))).Status);
        var plan = Talk.SampleJson("partnership/CarePlan-robin-housing-plan.json");
        plan.Remove("id");
        Assert.Equal(HttpStatusCode.Created, (await landlord.Post("CarePlan", plan.ToJsonString())).Status);
    }

    /// <summary>What the person says is not the carer's to read, nor the other way round where it was said in confidence.</summary>
    [Fact]
    public async Task The_person_and_the_carer_do_not_read_each_others_papers()
    {
        var (person, carer) = (await samples.Process.As("person"), await samples.Process.As("carer"));
        foreach (var type in (string[])["Communication", "QuestionnaireResponse", "Task"])
        {
            var said = await person.Post(type, bodies[type]);
            Assert.Equal(HttpStatusCode.NotFound, (await carer.Get($"{type}/{said.Id}")).Status);
            Assert.DoesNotContain(said.Id, (await carer.Get($"{type}?_count=500")).Ids);
        }
        var told = await carer.Post("QuestionnaireResponse", bodies["QuestionnaireResponse"]);
        Assert.DoesNotContain("said in confidence", (await person.Get($"QuestionnaireResponse/{told.Id}")).Body);
        var secret = await carer.Post("Communication", bodies["Communication"].Replace("\"status\"", "\"meta\":{\"security\":[{\"system\":\"https://fhir.cpa.example/CodeSystem/CPA-InformationCategory\",\"code\":\"third-party-information\"}]},\"status\""));
        Assert.Equal(HttpStatusCode.Created, secret.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await person.Get($"Communication/{secret.Id}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await samples.Process.As("care-coordinator")).Get($"Communication/{secret.Id}")).Status);
    }

    [Theory]
    [InlineData("person")]
    [InlineData("carer")]
    public async Task Nobody_writes_in_anothers_name_or_record(string who)
    {
        var client = await samples.Process.As(who);
        foreach (var type in (string[])["CarePlan", "CareTeam", "Condition", "Flag", "RiskAssessment", "EpisodeOfCare", "Patient"])
            Assert.Equal((type, HttpStatusCode.Forbidden), (type, (await client.Post(type, Minimal(type))).Status));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.Post("Task", bodies["Task"].Replace("\"for\"", "\"requester\":{\"reference\":\"PractitionerRole/gp\"},\"for\""))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.Post("Communication", bodies["Communication"].Replace("Patient/robin", "Patient/sky"))).Status);
    }

    private static string Minimal(string type) => type switch
    {
        "CarePlan" => """{"resourceType":"CarePlan","status":"draft","intent":"plan","subject":{"reference":"Patient/robin"}}""",
        "CareTeam" => """{"resourceType":"CareTeam","subject":{"reference":"Patient/robin"}}""",
        "Condition" => """{"resourceType":"Condition","subject":{"reference":"Patient/robin"}}""",
        "Flag" => """{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"Patient/robin"}}""",
        "RiskAssessment" => """{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/robin"}}""",
        "EpisodeOfCare" => """{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/robin"}}""",
        _ => """{"resourceType":"Patient"}""",
    };
}
