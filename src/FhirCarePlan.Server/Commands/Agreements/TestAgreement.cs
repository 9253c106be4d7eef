using System.Text.Json;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>`protocol test FILE`.</summary>
internal static class TestAgreement
{
    public static int Run(string path, bool isJson, bool mustBeComplete)
    {
        if (AgreementFile.Decisive(path) is not { } protocol) return AgreementFile.NotRead;
        var coverage = TestCoverage.Of(protocol);
        if (isJson) ShellOutput.Json(json => Write(json, protocol, coverage));
        else ShellOutput.Text(text => Write(text, Path.GetFileName(path), protocol, coverage));
        return !coverage.Holds || mustBeComplete && !coverage.IsComplete ? AgreementFile.Faulty : AgreementFile.Done;
    }

    private static void Write(TextWriter text, string name, Protocol protocol, TestCoverage coverage)
    {
        foreach (var failed in coverage.Outcomes.Where(o => !o.Holds))
        {
            text.WriteLine($"{name}:{failed.Test.Line} fails: `{failed.Category}` is to be {Said(failed.Expected)} and is "
                + $"{Said(!failed.Expected)}. {failed.Test.Why}");
            text.WriteLine($"    {failed.Reason?.Gate} {string.Join(", ", failed.Reason?.Rules ?? [])} {failed.Reason?.Plain}");
        }
        text.WriteLine($"{ShellOutput.Count(protocol.Tests.Count, "test")}, {ShellOutput.Count(coverage.Outcomes.Count, "expectation")}, "
            + $"{coverage.Outcomes.Count(o => !o.Holds)} of them not met.");
        var unproved = coverage.Clauses.Where(c => c.Tests == 0).ToList();
        text.WriteLine($"{coverage.Clauses.Count - unproved.Count} of {ShellOutput.Count(coverage.Clauses.Count, "clause")} proved: "
            + $"without each of these some test comes out otherwise.");
        foreach (var clause in unproved) text.WriteLine($"    {name}:{clause.Line} {clause.Kind} `{clause.Id}` is decisive in no test");
        text.WriteLine("Gates:");
        foreach (var gate in coverage.Gates)
            text.WriteLine($"    {gate.Gate,-4}{gate.Plain}: "
                + (gate.Tests > 0 ? $"denies in {ShellOutput.Count(gate.Tests, "expectation")}" : gate.WhyNot ?? "decides no test"));
        text.WriteLine("Categories that no test shows both open and closed:");
        var half = coverage.Categories.Where(c => c.Permits == 0 || c.Denies == 0).ToList();
        foreach (var category in half)
            text.WriteLine($"    {name}:{category.Line} `{category.Category}`: "
                + $"{(category.Permits > 0 ? "never closed" : category.Denies > 0 ? "never open" : "in no test")}");
        if (half.Count == 0) text.WriteLine("    none");
    }

    private static string Said(bool isPermit) => isPermit ? "permitted" : "denied";

    private static void Write(Utf8JsonWriter json, Protocol protocol, TestCoverage coverage)
    {
        json.WriteStartObject();
        json.WriteString("protocol"u8, protocol.Canonical);
        json.WriteString("hash"u8, protocol.Hash);
        json.WriteBoolean("holds"u8, coverage.Holds);
        json.WriteBoolean("complete"u8, coverage.IsComplete);
        json.WriteNumber("tests"u8, protocol.Tests.Count);
        json.WriteNumber("expectations"u8, coverage.Outcomes.Count);
        json.WriteStartArray("failures"u8);
        foreach (var failed in coverage.Outcomes.Where(o => !o.Holds))
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, failed.Test.Line);
            json.WriteString("category"u8, failed.Category);
            json.WriteString("expected"u8, failed.Expected ? "permit" : "deny");
            json.WriteString("why"u8, failed.Test.Why);
            json.WriteString("gate"u8, failed.Reason?.Gate);
            json.WriteString("plain"u8, failed.Reason?.Plain);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Items("clauses", coverage.Clauses, (c, w) =>
        {
            w.WriteString("kind"u8, c.Kind);
            w.WriteString("id"u8, c.Id);
            w.WriteNumber("line"u8, c.Line);
            w.WriteNumber("tests"u8, c.Tests);
        });
        Items("gates", coverage.Gates, (g, w) =>
        {
            w.WriteString("gate"u8, g.Gate);
            w.WriteNumber("tests"u8, g.Tests);
            w.WriteString("whyNot"u8, g.WhyNot);
        });
        Items("categories", coverage.Categories, (c, w) =>
        {
            w.WriteString("category"u8, c.Category);
            w.WriteNumber("permits"u8, c.Permits);
            w.WriteNumber("denies"u8, c.Denies);
        });
        json.WriteEndObject();

        void Items<T>(string name, IReadOnlyList<T> items, Action<T, Utf8JsonWriter> write)
        {
            json.WriteStartArray(name);
            foreach (var item in items)
            {
                json.WriteStartObject();
                write(item, json);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }
}
