namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Who may record a person's Consent, and what ends a refusal.</summary>
public class ConsentRuleTests
{
    private const string Permitted =
        ""","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"CAREMGT"}],"class":[{"system":"http://hl7.org/fhir/resource-types","code":"CarePlan"}]""";

    private static string Consent(string type = "deny", string status = "active", string organization = "rivelin-trust", string performer = "", string provision = "") => $$$"""
        {"resourceType":"Consent","id":"c","status":"{{{status}}}","scope":{"coding":[{"code":"patient-privacy"}]},
         "extension":[{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-SharingBasis","valueCodeableConcept":{"coding":[{"code":"consent-given"}]}}],
         "category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ConsentCategory","code":"multi-agency-sharing"}]}],
         "patient":{"reference":"Patient/robin"},PERFORMER
         "organization":[{"reference":"Organization/{{{organization}}}"}],"policy":[{"uri":"https://fhir.cpa.example/sharing/rivelin-mental-health|1.0.0"}],
         "provision":{"type":"{{{type}}}","actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"reference":"Organization/harbour-homes"}}]PROVISION } }
        """.Replace("PROVISION", provision + (type == "permit" ? Permitted : "")).Replace("PERFORMER", performer == "" ? "" : "\"performer\":[{\"reference\":\"" + performer + "\"}],");

    private static SmallWorld World => new SmallWorld().Tie("trust", Relation.Episode);
    private static SmallWorld Refused => World.Store("trust", SmallWorld.Robin, Consent());

    [Fact]
    public void It_is_recorded_by_right_or_by_the_person()
    {
        Assert.Equal("allowed", World.Write(SmallWorld.Coordinator, Consent()).Outcome());
        Assert.Equal("right:record-consent", World.Write(SmallWorld.Psychiatrist, Consent()).Outcome());
        Assert.Equal("allowed", World.Write(SmallWorld.Person, Consent(organization: "people-of-rivelin")).Outcome());
    }

    [Fact]
    public void A_person_records_nothing_for_somebody_else() =>
        Assert.NotEqual("allowed", World.Store("trust", "person-else", """{"resourceType":"Patient","id":"else"}""")
            .Write(SmallWorld.Person, Consent(organization: "people-of-rivelin").Replace("Patient/robin", "Patient/else")).Outcome());

    [Fact]
    public void It_names_the_party_that_records_it() =>
        Assert.Equal("consent-organization", World.Write(SmallWorld.Coordinator, Consent(organization: "harbour-homes")).Outcome());

    [Fact]
    public void What_cannot_be_decided_is_refused() =>
        Assert.Equal("consent-type", World.Write(SmallWorld.Coordinator, Consent().Replace("\"type\":\"deny\",", "")).Outcome());

    [Fact]
    public void A_permit_is_audited_as_widening_and_a_refusal_is_not()
    {
        Assert.True(World.Write(SmallWorld.Coordinator, Consent("permit")).Effects.IsWidening);
        Assert.False(World.Write(SmallWorld.Coordinator, Consent()).Effects.IsWidening);
    }

    [Fact]
    public void A_permit_of_who_only_may_contribute_says_nothing()
    {
        var facts = ConsentReader.Read(Labelling.Bodies.Parse(System.Text.Encoding.UTF8.GetBytes(Consent("permit"))),
            new Recorder("trust", false, true, false)).Facts!;
        Assert.DoesNotContain(facts.At(World.Now), s => s.IsPermit);
    }

    [Theory]
    [InlineData("inactive", "deny", "")]
    [InlineData("active", "permit", "")]
    [InlineData("active", "deny", ""","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"CAREMGT"}]""")]
    public void Ending_or_changing_a_refusal_takes_right_and_person(string status, string type, string provision)
    {
        Assert.Equal("consent-withdrawal", Refused.Write(SmallWorld.Coordinator, Consent(type, status, provision: provision)).Outcome());
        Assert.Equal("right:record-consent",
            Refused.Write(SmallWorld.Psychiatrist, Consent(type, status, performer: "Patient/robin", provision: provision)).Outcome());
        var withPerson = Refused.Write(SmallWorld.Coordinator, Consent(type, status, performer: "Patient/robin", provision: provision));
        Assert.Equal("allowed", withPerson.Outcome());
        Assert.True(withPerson.Effects.IsWidening);
    }

    [Fact]
    public void Ending_a_permit_takes_the_right_alone() =>
        Assert.Equal("allowed", World.Store("trust", SmallWorld.Robin, Consent("permit"))
            .Write(SmallWorld.Coordinator, Consent("permit", "inactive")).Outcome());

    [Fact]
    public void Another_party_does_not_end_it() =>
        Assert.Equal("holder",
            Refused.Write(SmallWorld.Person, Consent(status: "inactive", performer: "Patient/robin", organization: "people-of-rivelin"))
            .Outcome());

    // ---- what it is about ------------------------------------------------------------------------------------------------------

    private const string
        Ours = """{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ConsentCategory","code":"multi-agency-sharing"}]}""",
        Paper = """{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}""",
        Cited = "https://fhir.cpa.example/sharing/rivelin-mental-health|1.0.0";

    /// <summary>Scope, category, policy, type of the provision, more of it → the outcome and the key of what the writer is told.</summary>
    public static TheoryData<string, string, string, string, string, string, string> Topics => new()
    {
        { Scope("research"), Paper, "", "permit", "", "allowed consent-elsewhere", "research is another matter" },
        { Scope("research"), Paper, "", "deny", "", "allowed consent-elsewhere", "no to research is not no to the practice" },
        { Scope("treatment"), Paper, "https://elsewhere.example/policy", "permit", "", "allowed consent-elsewhere", "agreeing to an operation" },
        { Scope("adr"), Paper, "", "", "", "allowed consent-elsewhere", "an advance decision" },
        { Scope("patient-privacy"), Paper, "", "deny", "", "consent-topic", "a refusal that would bind nobody" },
        { Scope("patient-privacy"), Paper, "", "permit", "", "consent-topic", "agreement that would open nothing" },
        { """{"text":"Information sharing"}""", Paper, "", "deny", "", "consent-topic", "words alone decide nothing" },
        { """{"coding":[{"system":"https://elsewhere.example","code":"research"}]}""", Paper, "", "permit", "", "consent-topic", "another system's research" },
        { """{"coding":[{"code":"research"}]}""", Paper, "", "permit", "", "consent-topic", "a code of no system" },
        { """{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"research"},{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]}""", Paper, "", "deny", "", "consent-topic", "two scopes say two things" },
        { Scope("research"), Paper, Cited, "permit", "", "consent-topic", "research that cites the agreement" },
        { Scope("research"), Paper, Cited.ToUpperInvariant() + "/", "permit", "", "consent-topic", "or nearly" },
        { Scope("research"), Paper, "", "deny", ""","code":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-InformationCategory","code":"risk"}]}]""", "consent-topic", "research that names a category of information" },
        { Scope("treatment"), """{"coding":[{"code":"Multi-Agency-Sharing"}]}""", "", "deny", "", "consent-topic", "our category without its system" },
        { Scope("patient-privacy"), Ours, "", "deny", "", "allowed", "a refusal needs no policy" },
        { Scope("patient-privacy"), Ours, Cited, "permit", Permitted, "allowed", "a permit under the agreement" },
        { Scope("patient-privacy"), Ours, "", "permit", Permitted, "consent-policy", "a permit under nothing" },
        { Scope("patient-privacy"), Ours, "https://elsewhere.example/policy|1.0.0", "permit", Permitted, "consent-policy", "a permit under what nobody signed here" },
        { Scope("patient-privacy"), Ours, Cited.Split('|')[0], "permit", Permitted, "consent-policy", "a permit under no version" },
        { Scope("patient-privacy"), Ours, Cited.Replace("|1", "|2"), "permit", Permitted, "allowed consent-policy", "one for another version is kept and opens nothing" },
    };

    [Theory]
    [MemberData(nameof(Topics))]
    public void It_is_decided_or_refused_and_never_guessed(string scope, string category, string policy, string type, string more, string outcome, string why)
    {
        var verdict = World.Write(SmallWorld.Coordinator, About(scope, category, policy, type, more));
        var told = verdict.Issues.Where(i => !i.IsError).Select(i => i.Key);
        Assert.Equal((why, outcome), (why, string.Join(' ', told.Prepend(verdict.Outcome()))));
        if (outcome.Contains("elsewhere", StringComparison.Ordinal)) Assert.Null(verdict.Effects.Consent!.Facts);
        // One that is not in force yet, or no more, is nobody's puzzle.
        Assert.Equal("allowed", World.Write(SmallWorld.Coordinator,
            About(scope, category, policy, type, more).Replace("\"active\"", "\"inactive\"")).Outcome());
    }

    [Fact]
    public void Ending_what_was_no_refusal_is_not_ending_a_refusal()
    {
        var research = About(Scope("research"), Paper, "", "permit", "");
        var ended = World.Store("trust", SmallWorld.Robin, research).Write(SmallWorld.Coordinator, research.Replace("\"active\"", "\"inactive\""));
        Assert.Equal("allowed", ended.Outcome());
        Assert.False(ended.Effects.IsWidening);
        // One that an earlier version accepted as a refusal stays one.
        var unclear = About(Scope("patient-privacy"), Paper, "", "deny", "");
        Assert.Equal("consent-withdrawal", World.Store("trust", SmallWorld.Robin, unclear)
            .Write(SmallWorld.Coordinator, unclear.Replace("\"active\"", "\"inactive\"")).Outcome());
    }

    private static string Scope(string code) => $$"""{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"{{code}}"}]}""";

    private static string About(string scope, string category, string policy, string type, string more)
    {
        var cited = policy == "" ? "" : $",\"policy\":[{{\"uri\":\"{policy}\"}}]";
        var provision = type == "" ? "" : Provision.Replace("TYPE", type).Replace("MORE", more);
        return $$"""
            {"resourceType":"Consent","id":"c","status":"active","scope":{{scope}},"category":[{{category}}],"patient":{"reference":"Patient/robin"},
             "organization":[{"reference":"Organization/rivelin-trust"}]{{cited}},"policyRule":{"text":"As usual"}{{provision}} }
            """;
    }

    private const string Provision =
        ""","provision":{"type":"TYPE","actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"reference":"Organization/harbour-homes"}}]MORE}""";
}
