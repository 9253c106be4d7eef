using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>A Patient joins a known person by a registrar's verified number alone, and registers nobody with himself.</summary>
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

    private static SmallWorld Known => new SmallWorld().Number(Number, SmallWorld.Robin);

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

    [Fact]
    public void A_verified_number_joins_the_person()
    {
        var effects = Known.Write(SmallWorld.Gp, Patient(Identified(true))).Effects;
        Assert.False(effects.IsNewPerson);
        Assert.Equal(("new", SmallWorld.Robin, Number), (effects.Identity!.PatientId, effects.Identity.Person, effects.Identity.VerifiedNumber));
        Assert.Empty(effects.Identity.StatedNumbers);
    }

    [Fact]
    public void A_number_not_verified_joins_nobody()
    {
        var effects = Known.Write(SmallWorld.Gp, Patient(Identified(false))).Effects;
        Assert.True(effects.IsNewPerson);
        Assert.Equal("person-new", effects.Person);
        Assert.Null(effects.Identity!.VerifiedNumber);
    }

    [Fact]
    public void A_practice_registers_nobody_with_itself()
    {
        Assert.Equal("", Known.Write(SmallWorld.Gp, Patient(Identified(true) + AtMeadow)).Opens());
        Assert.Equal("", Known.Tie("practice", Relation.TeamOwnTask).Write(SmallWorld.Gp, Patient(Identified(true) + AtMeadow)).Opens());
        Assert.Equal("", new SmallWorld().Write(SmallWorld.Gp, Patient(AtMeadow)).Opens());
        Assert.Equal("practice registered", Known.Write(SmallWorld.Coordinator, Patient(Identified(true) + AtMeadow)).Opens());
    }

    [Fact]
    public void A_registration_goes_on_from_when_it_began()
    {
        var began = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var tie = Assert.Single(new SmallWorld().Tie("practice", Relation.Registered, "Patient/robin", began).Write(SmallWorld.Coordinator, Patient(AtMeadow, "robin")).Effects.Ties!);
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
    public void The_number_of_somebody_else_is_refused() =>
        Assert.Equal("nhs-number", new SmallWorld().Number(Number, "person-else").Write(SmallWorld.Coordinator, Patient(Identified(true), "robin")).Outcome());

    [Fact]
    public void With_the_record_its_registrations_go() =>
        Assert.Equal("", new SmallWorld().Delete(SmallWorld.Coordinator, "Patient", "robin").Opens());

    [Fact]
    public void A_proxy_is_recorded_by_right()
    {
        const string guardian = """{"resourceType":"RelatedPerson","id":"x","patient":{"reference":"Patient/robin"},"relationship":[{"coding":[{"code":"GUARD"}]}]}""";
        Assert.Equal("right:record-proxy", new SmallWorld().Write(SmallWorld.Psychiatrist, guardian).Outcome());
        Assert.Equal("allowed", new SmallWorld().Write(SmallWorld.Coordinator, guardian).Outcome());
    }
}
