using FhirCarePlan.Sharing.Tests.Loading;

namespace FhirCarePlan.Sharing.Tests.Linting;

/// <summary>A clause is covered by tests that need it, not by tests that mention it.</summary>
public class TestCoverageTests
{
    private static TestCoverage Of(string text) => TestCoverage.Of(ProtocolFileTests.Read(text).Protocol!);

    private static int Tests(TestCoverage coverage, string clause) => coverage.Clauses.Single(c => c.Id == clause).Tests;

    [Fact]
    public void A_permit_that_a_test_needs_is_covered_and_a_home_rule_that_none_needs_is_not()
    {
        var coverage = Of(ProtocolFileTests.Small);
        Assert.Equal((1, 0), (Tests(coverage, "beech-sees-risk"), Tests(coverage, "alder-home")));
        Assert.True(coverage is { Holds: true, IsComplete: false });
    }

    [Fact]
    public void A_permit_beside_another_that_opens_the_same_is_not_covered()
    {
        const string second = """
              - id: risk-too
                permit: { to: [beech], roles: [gp], purpose: care, data: [risk] }
                gateway: care
                requires: { consent: none, relationship: registered }
                plain: Beech sees risk.
            tests:

            """;
        var coverage = Of(ProtocolFileTests.Small.Replace("tests:\n", second));
        Assert.Equal((0, 0), (Tests(coverage, "beech-sees-risk"), Tests(coverage, "risk-too")));
    }

    [Fact]
    public void A_forbid_is_covered_by_the_test_it_denies_even_where_nothing_was_open()
    {
        var coverage =
            Of(ProtocolFileTests.Small.Replace("tests:\n",
            "  - { id: never, forbid: { to: [beech], data: [other] }, plain: Never. }\ntests:\n")
            .Replace("expect: { risk: permit }", "expect: { risk: permit, other: deny }"));
        Assert.Equal(1, Tests(coverage, "never"));
    }

    [Fact]
    public void Gates_count_what_they_deny()
    {
        var gates = Of(ProtocolFileTests.Small).Gates.ToDictionary(g => g.Gate);
        Assert.Equal((1, 0), (gates["G6"].Tests, gates["G5"].Tests));
        Assert.Null(gates["G5"].WhyNot);
        Assert.NotNull(gates["G10"].WhyNot);
    }

    [Fact]
    public void A_category_needs_to_be_seen_open_and_closed()
    {
        var categories = Of(ProtocolFileTests.Small).Categories.ToDictionary(c => c.Category);
        Assert.Equal((1, 1), (categories["risk"].Permits, categories["risk"].Denies));
        Assert.Equal((0, 0), (categories["other"].Permits, categories["other"].Denies));
    }
}
