namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>A party keeps its own people, places and services, and nobody else's.</summary>
public class DirectoryRuleTests
{
    [Theory]
    [InlineData("""{"resourceType":"PractitionerRole","id":"x","organization":{"reference":"Organization/ORG"}}""")]
    [InlineData("""{"resourceType":"Location","id":"x","managingOrganization":{"reference":"Organization/ORG"}}""")]
    [InlineData("""{"resourceType":"HealthcareService","id":"x","providedBy":{"reference":"Organization/ORG"}}""")]
    [InlineData("""{"resourceType":"Organization","id":"x","name":"A ward","partOf":{"reference":"Organization/ORG"}}""")]
    public void Only_of_its_own_organizations(string json)
    {
        Assert.Equal("allowed", new SmallWorld().Write(SmallWorld.Governance, json.Replace("ORG", "rivelin-trust")).Outcome());
        Assert.Equal("directory-party", new SmallWorld().Write(SmallWorld.Governance, json.Replace("ORG", "harbour-homes")).Outcome());
    }

    [Fact]
    public void Another_partys_organization_is_not_ours_to_make() =>
        Assert.Equal("directory-party", new SmallWorld()
            .Write(SmallWorld.Governance, """{"resourceType":"Organization","id":"harbour-homes","name":"x"}""").Outcome());

    [Fact]
    public void It_needs_the_right() =>
        Assert.Equal("right:directory", new SmallWorld().Write(SmallWorld.Psychiatrist, """{"resourceType":"Practitioner","id":"x"}""")
            .Outcome());
}
