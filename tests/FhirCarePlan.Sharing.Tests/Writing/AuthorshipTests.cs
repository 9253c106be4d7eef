namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Nobody writes in another party's name.</summary>
public class AuthorshipTests
{
    private static SmallWorld World => new SmallWorld().Tie("trust", Relation.Episode);

    [Theory]
    [InlineData("""{"resourceType":"CarePlan","id":"x","status":"active","intent":"plan","subject":{"reference":"Patient/robin"},"author":{"reference":"WHO"}}""")]
    [InlineData("""{"resourceType":"Condition","id":"x","subject":{"reference":"Patient/robin"},"recorder":{"reference":"WHO"}}""")]
    [InlineData("""{"resourceType":"ServiceRequest","id":"x","status":"active","intent":"order","subject":{"reference":"Patient/robin"},"requester":{"reference":"WHO"}}""")]
    [InlineData("""{"resourceType":"Provenance","id":"x","target":[{"reference":"Patient/robin"}],"agent":[{"who":{"reference":"WHO"}}]}""")]
    public void Author_recorder_requester_and_agent_are_ours(string json)
    {
        Assert.Equal("allowed", World.Write(SmallWorld.Psychiatrist, json.Replace("WHO", "PractitionerRole/care-coordinator")).Outcome());
        Assert.Equal("allowed", World.Write(SmallWorld.Psychiatrist, json.Replace("WHO", "Organization/rivelin-trust")).Outcome());
        foreach (var foreign in (string[])["PractitionerRole/gp", "Organization/meadow-practice", "Patient/robin", "#contained",
            "PractitionerRole/nobody", "https://elsewhere.example/PractitionerRole/care-coordinator"])
            Assert.Equal("authorship", World.Write(SmallWorld.Psychiatrist, json.Replace("WHO", foreign)).Outcome());
    }

    [Fact]
    public void The_requester_of_a_task_never_changes()
    {
        const string task =
            """{"resourceType":"Task","id":"t","status":"requested","intent":"order","for":{"reference":"Patient/robin"},"requester":{"reference":"PractitionerRole/care-coordinator"}}""";
        var world = World.Store("trust", SmallWorld.Robin, task);
        Assert.Equal("allowed", world.Write(SmallWorld.Coordinator, task).Outcome());
        Assert.Equal("immutable-requester",
            world.Write(SmallWorld.Coordinator, task.Replace("PractitionerRole/care-coordinator", "Organization/rivelin-trust")).Outcome());
    }

    // ---- who said, sent or did it ----------------------------------------------------------------------------------------------

    private static readonly Caller landlord = new()
    {
        Issuer = "dev", Client = "housing-officer", Subject = "h", Party = "homes", Role = "housing-worker", Purpose = "housing-support",
        PractitionerRole = "PractitionerRole/housing-officer", Organization = "Organization/harbour-homes",
    };

    private static readonly Caller carer = new()
    {
        Issuer = "dev", Client = "carer", Subject = "c", Party = "carers", Role = "carer", Purpose = "carer-support",
        RelatedPerson = "RelatedPerson/carer",
    };

    private static SmallWorld Everybody => World.Tie("council", Relation.TeamFull).Tie("homes", Relation.TeamPlan)
        .Tie("practice", Relation.Registered).Tie("carers", Relation.Carer)
        .Store("trust", SmallWorld.Robin, """{"resourceType":"RelatedPerson","id":"carer","patient":{"reference":"Patient/robin"}}""")
        .Store("trust", "person-sky", """{"resourceType":"Patient","id":"sky"}""")
        .Store("trust", "person-sky", """{"resourceType":"RelatedPerson","id":"other","patient":{"reference":"Patient/sky"}}""");

    private const string
        Sent = """{"resourceType":"Communication","id":"x","status":"completed","subject":{"reference":"Patient/robin"},"sender":WHO}""",
        Done = """{"resourceType":"Observation","id":"x","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/robin"},"performer":[WHO]}""",
        Answered = """{"resourceType":"QuestionnaireResponse","id":"x","status":"completed","subject":{"reference":"Patient/robin"},"source":WHO}""",
        Noted = """{"resourceType":"Task","id":"x","status":"requested","intent":"order","for":{"reference":"Patient/robin"},"note":[{"text":"x","authorReference":WHO}]}""",
        Inside = """{"resourceType":"Communication","id":"x","status":"completed","subject":{"reference":"Patient/robin"},"contained":[{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"performer":[WHO]}],"about":[{"reference":"#o"}]}""";

    /// <summary>Who writes, what, in whose name, and whether it is accepted.</summary>
    public static TheoryData<string, string, string, bool, string> Words => new()
    {
        { "carer", Sent, "RelatedPerson/carer", true, "the carer's own message" },
        { "carer", Sent, "Patient/robin", false, "a carer does not speak for the person" },
        { "carer", Sent, "PractitionerRole/gp", false, "nor for the GP" },
        { "carer", Answered, "Patient/robin", false, "nor answer in the person's name" },
        { "carer", Noted, "Patient/robin", false, "nor note something as the person" },
        { "carer", Inside, "PractitionerRole/gp", false, "nor wrap the GP's finding into a message" },
        { "person", Sent, "Patient/robin", true, "the person's own message" },
        { "person", Done, "Patient/robin", true, "what the person measured" },
        { "person", Done, "PractitionerRole/gp", false, "the person cannot make a finding of the GP's" },
        { "person", Sent, "PractitionerRole/care-coordinator", false, "nor a letter of the trust's" },
        { "person", Sent, "Organization/rivelin-trust", false, "nor one of the whole trust" },
        { "person", Answered, "RelatedPerson/carer", false, "nor the carer's answers" },
        { "landlord", Sent, "PractitionerRole/housing-officer", true, "the landlord's own message" },
        { "landlord", Sent, "Organization/harbour-homes", true, "in the name of the landlord" },
        { "landlord", Sent, "Patient/robin", false, "no notice to quit in the tenant's name" },
        { "landlord", Sent, "https://elsewhere.example/PractitionerRole/gp", false, "nor in a name from elsewhere" },
        { "landlord", Done, "PractitionerRole/gp", false, "the landlord makes no finding of the GP's" },
        { "landlord", Done, "Patient/robin", false, "nor one of the tenant's" },
        { "landlord", Answered, "Patient/robin", true, "the landlord writes down what the tenant answered" },
        { "landlord", Answered, "PractitionerRole/gp", false, "not what the GP is said to have answered" },
        { "social-worker", Sent, "PractitionerRole/psychiatrist", false, "a social worker sends nothing as the psychiatrist" },
        { "social-worker", Sent, "PractitionerRole/social-worker", true, "the council's own message" },
        { "social-worker", Done, "PractitionerRole/care-coordinator", false, "nor finds something as the co-ordinator" },
        { "coordinator", Sent, "PractitionerRole/gp", true, "a letter from the practice" },
        { "coordinator", Sent, "RelatedPerson/carer", true, "the carer's telephone call" },
        { "coordinator", Sent, "Patient/robin", true, "the person's telephone call" },
        { "coordinator", Sent, "Patient/sky", false, "another person has no business in this record" },
        { "coordinator", Sent, "RelatedPerson/other", false, "nor has somebody else's carer" },
        { "coordinator", Done, "PractitionerRole/gp", true, "a result from the practice" },
        { "gp", Done, "PractitionerRole/care-coordinator", true, "a result from the trust" },
        { "gp", Answered, "Patient/robin", true, "what the person answered at the surgery" },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void Whose_word_it_is(string writer, string body, string name, bool isAccepted, string why)
    {
        var caller = writer switch
        {
            "carer" => carer,
            "person" => SmallWorld.Person,
            "landlord" => landlord,
            "social-worker" => SmallWorld.SocialWorker,
            "gp" => SmallWorld.Gp,
            _ => SmallWorld.Coordinator,
        };
        var outcome = Everybody.Write(caller, body.Replace("WHO", $$"""{"reference":"{{name}}"}""")).Outcome();
        Assert.Equal((why, isAccepted ? "allowed" : "authorship"), (why, outcome));
    }

    [Theory]
    [InlineData("""{"display":"Dr Quarmby"}""")]
    [InlineData("""{"identifier":{"system":"https://fhir.hl7.org.uk/Id/gmc-number","value":"1234567"}}""")]
    [InlineData("""{"reference":"#nobody"}""")]
    public void A_name_alone_is_a_name(string who)
    {
        Assert.Equal("authorship", Everybody.Write(landlord, Sent.Replace("WHO", who)).Outcome());
        Assert.Equal("allowed", Everybody.Write(SmallWorld.Coordinator, Sent.Replace("WHO", who)).Outcome());
    }

    [Fact]
    public void What_was_said_before_stays_said()
    {
        var earlier = Sent.Replace("WHO", """{"reference":"PractitionerRole/gp"}""");
        var world = Everybody.Store("homes", SmallWorld.Robin, earlier);
        Assert.Equal("allowed", world.Write(landlord, earlier.Replace("completed", "stopped")).Outcome());
        Assert.Equal("authorship", world.Write(landlord, earlier.Replace("/gp", "/social-worker")).Outcome());
    }
}
