using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Answers;

/// <summary>Issues as an OperationOutcome. https://hl7.org/fhir/R4/operationoutcome.html</summary>
public static class OutcomeJson
{
    /// <summary>System of `details.coding`: the invariant key or rule id that the caller's developers can look up.</summary>
    public const string RuleSystem = "https://fhir.cpa.example/CodeSystem/CPA-Rule";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(IReadOnlyList<Issue> issues)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "OperationOutcome");
            json.WriteStartArray("issue");
            // Errors first, whatever found them: a reader who stops early has read what stops the request.
            foreach (var issue in issues.OrderBy(i => i.Severity)) WriteIssue(json, issue);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteIssue(Utf8JsonWriter json, Issue issue)
    {
        json.WriteStartObject();
        WritePlace(json, issue);
        json.WriteString("severity", issue.Severity.ToString().ToLowerInvariant());
        json.WriteString("code", issue.Code);
        if (issue.Key is { } key)
        {
            json.WriteStartObject("details");
            json.WriteStartArray("coding");
            json.WriteStartObject();
            json.WriteString("system", RuleSystem);
            json.WriteString("code", key);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteString("diagnostics", issue.Profile is { } profile ? $"{issue.Text} ({profile})" : issue.Text);
        if (issue.Expression.Length > 0)
        {
            json.WriteStartArray("expression");
            json.WriteStringValue(issue.Expression);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, Issue issue)
    {
        if (issue.Line == 0) return;
        json.WriteStartArray("extension");
        foreach (var (name, value) in new[] { ("line", issue.Line), ("col", issue.Column) })
        {
            json.WriteStartObject();
            json.WriteString("url", $"http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-{name}");
            json.WriteNumber("valueInteger", value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
