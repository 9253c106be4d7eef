namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Some types ask for a right on every write, and a refusal names it and who has it.</summary>
public class RightsTests
{
    [Theory]
    [InlineData("CareTeam", "manage-team")]
    [InlineData("Organization", "directory")]
    [InlineData("StructureDefinition", "conform")]
    public void Who_lacks_the_right_is_told_which(string type, string right)
    {
        var refusal = Sharing.Writing.Rights.Lacking(Views.Partnership.Protocol, SmallWorld.Psychiatrist,
            Sharing.Writing.Rights.For(type)!);
        Assert.Equal($"right:{right}", refusal.Gate);
        Assert.Contains("Rivelin Mental Health Trust", refusal.Text);
    }

    [Fact]
    public void Others_ask_for_none() => Assert.Null(Sharing.Writing.Rights.For("Condition"));
}
