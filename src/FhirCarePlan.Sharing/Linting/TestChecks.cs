namespace FhirCarePlan.Sharing;

/// <summary>Do the file's own tests hold, and do they prove every rule both ways?</summary>
internal static class TestChecks
{
    public static void Outcomes(Protocol protocol, ProtocolReport report)
    {
        var outcomes = TestRun.Of(protocol);
        foreach (var outcome in outcomes.Where(o => !o.Holds))
            report.Error("test-fails", outcome.Test.Line,
                $"`{outcome.Category}` is expected to be {(outcome.Expected ? "permitted" : "denied")} ({outcome.Test.Why}) and is not: "
                    + $"{outcome.Reason?.Gate} {outcome.Reason?.Plain}",
                "Correct the rule or the test.", outcome.Category);

        foreach (var rule in protocol.Rules)
        {
            if (rule.IsPermit && !outcomes.Any(o => o.Holds && o.Expected && !o.Test.Given.IsHome && o.Reason!.Rules.Contains(rule.Id)))
                report.Error("rule-without-permitting-test", rule.Line, $"No test shows what `{rule.Id}` opens.",
                    "Add a test that expects `permit` through this rule.", rule.Id);
            if (!outcomes.Any(o => o.Holds && !o.Expected && !o.Test.Given.IsHome && Denies(rule, o)))
                report.Error("rule-without-denying-test", rule.Line,
                    $"No test shows where `{rule.Id}` {(rule.IsPermit ? "ends" : "bites")}.", rule.IsPermit
                    ? "Add a test of one of its parties that expects `deny` for something it opens: another role, no relationship, no consent, another purpose."
                    : "Add a test that expects `deny` because of this rule.");
        }
    }

    public static void Repeated(Protocol protocol, ProtocolReport report)
    {
        var asked = new HashSet<(TestCase, string)>();
        foreach (var test in protocol.Tests)
            foreach (var category in test.Expect.Keys)
                if (!asked.Add((test.Given, category)))
                    report.Warning("repeated-test", test.Line, $"Another test asks the same about `{category}`.", "Take one of them out.",
                        category);
    }

    /// <summary>A permit is shown to end where a party it names is denied something it opens; a forbid, where it is the reason.</summary>
    private static bool Denies(Rule rule, TestOutcome outcome) =>
        rule.IsPermit
            ? rule.To.Contains(outcome.Test.Given.Party) && rule.Data.Contains(outcome.Category)
            : outcome.Reason!.Gate == "G8" && outcome.Reason.Rules.Contains(rule.Id);
}
