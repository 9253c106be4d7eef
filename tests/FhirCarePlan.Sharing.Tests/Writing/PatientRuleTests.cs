using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>A Patient is a person of its own whatever number it has; who is registered is the word of the registrar.</summary>
public class PatientRuleTests
{
    private const string Number = "9999999468";

    private static string Patient(string content = "", string id = "new") => $$"""{"resourceType":"Patient","id":"{{id}}"{{content}}}""";

    private const string Verified = """"
        "extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{"coding":[{"code":"number-present-and-verified"}]}}],
        """";

    private static string Identified(bool verified) => """
        ,"identifier":[{ EXTENSION
        "system":"https://fhir.nhs.uk/Id/nhs-number","value":"9999999468"}]
        """.Replace("EXTENSION", verified ? Verified : "");

    private const string AtMeadow = ""","generalPractitioner":[{"reference":"Organization/meadow-practice"}]""";

    [Theory]
    [InlineData(""","identifier":[{"value":"1"}]""")]
    [InlineData(AtMeadow)]
    [InlineData(""","managingOrganization":{"reference":"Organization/rivelin-trust"}""")]
    [InlineData(""","link":[{"other":{"reference":"Patient/robin"},"type":"seealso"}]""")]
    public void What_speaks_for_everybody_needs_register(string content)
    {
        Assert.Equal("right:register", new SmallWorld().Write(SmallWorld.Psychiatrist, Patient(content)).Outcome());
        Assert.Equal("right:register", new SmallWorld().Write(SmallWorld.Psychiatrist, Patient(content, "robin")).Outcome());
        Assert.Equal("allowed", new SmallWorld().Write(SmallWorld.Coordinator, Patient(content)).Outcome());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_number_joins_nobody_by_being_typed(bool isVerified)
    {
        var effects = new SmallWorld().Write(SmallWorld.Gp, Patient(Identified(isVerified))).Effects;
        Assert.Equal((true, "person-new", "person-new"), (effects.IsNewPerson, effects.Person, effects.Identity!.Person));
        Assert.Equal(isVerified ? Number : null, effects.Identity.VerifiedNumber);
        Assert.Equal(isVerified ? [] : [Number], effects.Identity.StatedNumbers);
        Assert.False(effects.Identity.IsConfirmed);
    }

    [Fact]
    public void A_registration_is_the_word_of_who_writes_it()
    {
        Assert.Equal("practice", Assert.Single(new SmallWorld().Write(SmallWorld.Gp, Patient(AtMeadow)).Effects.Ties!).Asserter);
        var tie = Assert.Single(new SmallWorld().Write(SmallWorld.Coordinator, Patient(Identified(true) + AtMeadow)).Effects.Ties!);
        Assert.Equal(("practice", Relation.Registered, "trust"), (tie.Party, tie.Kind, tie.Asserter));
    }

    [Theory]
    [InlineData("Organization/meadow-practice", "allowed")]
    [InlineData("PractitionerRole/gp", "allowed")]
    [InlineData("Organization/far-away", "allowed")]
    [InlineData("Organization/rivelin-council", "sector")]
    [InlineData("PractitionerRole/housing-officer", "sector")]
    public void Only_a_practice_is_somebodys_practice(string practice, string outcome) =>
        Assert.Equal(outcome, new SmallWorld()
            .Write(SmallWorld.Coordinator, Patient($$""","generalPractitioner":[{"reference":"{{practice}}"}]""")).Outcome());

    [Fact]
    public void A_registration_goes_on_from_when_it_began()
    {
        var began = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var tie = Assert.Single(new SmallWorld().Tie("practice", Relation.Registered, "Patient/robin", began)
            .Write(SmallWorld.Coordinator, Patient(AtMeadow, "robin")).Effects.Ties!);
        Assert.Equal(began, tie.From);
    }

    [Fact]
    public void Who_may_not_register_changes_neither_identity_nor_practice()
    {
        var verdict = new SmallWorld().Write(SmallWorld.Psychiatrist, Patient(""","gender":"female" """, "robin"));
        Assert.Equal("allowed", verdict.Outcome());
        Assert.Null(verdict.Effects.Identity);
        Assert.Equal("unchanged", verdict.Opens());
    }

    [Fact]
    public void With_the_record_its_registrations_go() =>
        Assert.Equal("", new SmallWorld().Delete(SmallWorld.Coordinator, "Patient", "robin").Opens());

    [Fact]
    public void A_proxy_is_recorded_by_right()
    {
        const string guardian =
            """{"resourceType":"RelatedPerson","id":"x","patient":{"reference":"Patient/robin"},"relationship":[{"coding":[{"code":"GUARD"}]}]}""";
        Assert.Equal("right:record-proxy", new SmallWorld().Write(SmallWorld.Psychiatrist, guardian).Outcome());
        Assert.Equal("allowed", new SmallWorld().Write(SmallWorld.Coordinator, guardian).Outcome());
    }
}
