namespace FhirCarePlan.Sharing.Tests;

/// <summary>The protocols under profiles/sharing are sound, signed, and say what the partnership is told they say.</summary>
public class ShippedProtocolsTests
{
    public static Protocol Partnership { get; } = Shipped("rivelin-partnership.yaml").Protocol!;

    private static ProtocolFile Shipped(string name) => ProtocolFile.Load(Path.Combine(Repository.Sharing, name));

    [Theory]
    [InlineData("rivelin-partnership.yaml")]
    [InlineData("single-organisation.yaml")]
    public void Nothing_is_wrong_with_it(string name) => Assert.Equal("", string.Join('\n', Shipped(name).Issues));

    [Theory]
    [InlineData("rivelin-partnership.yaml")]
    [InlineData("single-organisation.yaml")]
    public void It_is_in_force_now_and_in_twenty_years(string name)
    {
        var protocol = Shipped(name).Protocol!;
        Assert.Null(Agreement.WhyNot(protocol, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Null(Agreement.WhyNot(protocol, new DateTimeOffset(2046, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("rivelin-partnership.yaml")]
    [InlineData("single-organisation.yaml")]
    public void Its_own_tests_hold(string name) =>
        Assert.All(TestRun.Of(Shipped(name).Protocol!), outcome => Assert.True(outcome.Holds, $"line {outcome.Test.Line}: {outcome.Category}: {outcome.Test.Why} {outcome.Reason}"));

    [Fact]
    public void The_partnership_has_every_information_category() =>
        Assert.Equal([.. Category.InformationCategories, .. Category.BuiltIn], Shipped("rivelin-partnership.yaml").Protocol!.Categories.Where(c => c.Within is null).Select(c => c.Id));
}
