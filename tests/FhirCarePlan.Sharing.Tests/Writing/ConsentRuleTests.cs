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
}
