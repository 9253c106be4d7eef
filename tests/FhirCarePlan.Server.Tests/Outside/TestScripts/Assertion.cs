using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Tests.Outside.TestScripts;

/// <summary>One assertion of a TestScript. https://hl7.org/fhir/R4/testscript-definitions.html#TestScript.setup.action.assert</summary>
internal static class Assertion
{
    private static readonly Dictionary<string, string> Statuses = new()
    {
        ["okay"] = "200", ["created"] = "201", ["noContent"] = "204", ["notModified"] = "304", ["bad"] = "400", ["forbidden"] = "403", ["notFound"] = "404",
        ["methodNotAllowed"] = "405", ["conflict"] = "409", ["gone"] = "410", ["preconditionFailed"] = "412", ["unprocessable"] = "422",
    };

    /// <summary>Null when it holds.</summary>
    public static string? Judge(JsonObject assertion, Reply reply, string url)
    {
        // `responseBody` is not R4's; the scripts of one publisher use it for the text of the answer.
        Unknown.In("assert", assertion, "label", "description", "direction", "operator", "responseCode", "response", "contentType", "headerField", "value", "expression",
            "resource", "responseBody", "requestURL", "sourceId", "warningOnly", "navigationLinks", "minimumId", "stopTestOnFail");
        var (found, wanted) = Compared(assertion, reply, url);
        var comparison = (string?)assertion["operator"] ?? "equals";
        return Holds(comparison, found, wanted)
            ? null : $"{assertion["label"] ?? assertion["description"]}: {comparison} {wanted}, found {(found.Length > 200 ? found[..200] + " ..." : found)} ({url}: {reply.Status})";
    }

    private static (string Found, string Wanted) Compared(JsonObject assertion, Reply reply, string url)
    {
        var value = (string?)assertion["value"] ?? "";
        if ((string?)assertion["responseCode"] is { } code) return ($"{reply.Status}", code);
        if ((string?)assertion["response"] is { } response) return ($"{reply.Status}", Statuses.GetValueOrDefault(response) ?? throw new NotSupportedException($"assert: the runner does not know the response `{response}`"));
        if ((string?)assertion["contentType"] is { } type) return (reply.Header("Content-Type") ?? "", type is "json" or "xml" ? $"fhir+{type}" : type);
        if ((string?)assertion["headerField"] is { } header) return (reply.Header(header) ?? "", value);
        if ((string?)assertion["expression"] is { } expression) return (Select(reply.Body, expression), value);
        if ((string?)assertion["resource"] is { } resource) return ((string?)reply.Json["resourceType"] ?? "", resource);
        if ((string?)assertion["responseBody"] is { } body) return (reply.Body, body);
        if ((string?)assertion["requestURL"] is { } asked) return (url, asked);
        throw new NotSupportedException($"assert: nothing that the runner knows to compare in {assertion.ToJsonString()}");
    }

    private static bool Holds(string comparison, string found, string wanted) => comparison switch
    {
        "equals" => found == wanted,
        "notEquals" => found != wanted,
        "in" => wanted.Split(',').Contains(found),
        "notIn" => !wanted.Split(',').Contains(found),
        "empty" => found.Length == 0,
        "notEmpty" => found.Length > 0,
        "contains" => found.Contains(wanted, StringComparison.Ordinal),
        "notContains" => !found.Contains(wanted, StringComparison.Ordinal),
        "greaterThan" => decimal.Parse(found) > decimal.Parse(wanted),
        "lessThan" => decimal.Parse(found) < decimal.Parse(wanted),
        "matchesRegex" => Regex.IsMatch(found, wanted),
        _ => throw new NotSupportedException($"assert: the runner does not know the operator `{comparison}`"),
    };

    /// <summary>The results of a FHIRPath expression on an answer, joined by commas.</summary>
    public static string Select(string body, string expression)
    {
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(body), new Report()) ?? throw new InvalidOperationException("The answer is not FHIR");
        var found = FhirPathExpression.Compile(expression).Evaluate(document.Root, new FhirPathContext(TimeProvider.System));
        return string.Join(',', found.Select(item => item.ToString()));
    }
}
