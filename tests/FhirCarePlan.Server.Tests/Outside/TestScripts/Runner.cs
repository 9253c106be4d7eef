using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FhirCarePlan.Server.Tests.Outside.TestScripts;

/// <summary>Runs a TestScript against a server: setup, each test, teardown. https://hl7.org/fhir/R4/testing.html</summary>
public sealed partial class Runner(HttpClient client, TestScript script)
{
    private readonly Dictionary<string, JsonNode> fixtures = script.Fixtures.ToDictionary(f => f.Id, f => f.Resource);
    private readonly Dictionary<string, Reply> answers = [];
    private Reply last = null!;
    private string lastUrl = "";

    /// <summary>What failed: `name of the test: label of the assertion, what was found`.</summary>
    public async Task<IReadOnlyList<string>> Run()
    {
        var failures = new List<string>();
        await RunAll("setup", script.Setup, failures);
        if (failures.Count == 0)
            foreach (var (name, actions) in script.Tests) await RunAll(name, actions, failures);
        await RunAll("teardown", script.Teardown, failures);
        return failures;
    }

    private async Task RunAll(string name, IReadOnlyList<JsonObject> actions, List<string> failures)
    {
        foreach (var action in actions)
        {
            Unknown.In("action", action, "operation", "assert");
            if (action["operation"] is JsonObject operation) await Do(operation);
            else if (Assertion.Judge(Filled(action["assert"]!.AsObject()), Heard(action["assert"]!), lastUrl) is { } failure
                && (bool?)action["assert"]!["warningOnly"] != true)
            {
                failures.Add($"{name}: {failure}");
                return;
            }
        }
    }

    private Reply Heard(JsonNode assertion) => (string?)assertion["sourceId"] is { } id ? answers[id] : last;

    private async Task Do(JsonObject operation)
    {
        Unknown.In("operation", operation, "type", "resource", "label", "description", "accept", "contentType", "encodeRequestUrl", "method", "params", "requestHeader",
            "responseId", "sourceId", "targetId", "url");
        operation = Filled(operation);
        var code = (string?)operation["type"]?["code"];
        var body = (string?)operation["sourceId"] is { } source ? fixtures[source] : null;
        var target = (string?)operation["targetId"] is { } id ? TargetOf(id) : null;
        lastUrl = Url(operation, code, body, target);
        var headers = (operation["requestHeader"] as JsonArray ?? []).Select(h => $"{h!["field"]}: {h["value"]}").ToList();
        if ((string?)operation["accept"] is { } accept) headers.Add($"Accept: {Format(accept)}");
        last = await client.Send(Method(operation, code), lastUrl, body == null ? null : Encoding.UTF8.GetBytes(body.ToJsonString()),
            Format((string?)operation["contentType"] ?? "json"), [.. headers]);
        if ((string?)operation["responseId"] is { } answer) answers[answer] = last;
    }

    private static string Format(string named) =>
        named switch { "json" => Wire.Fhir, "xml" => "application/fhir+xml", _ => named };

    private static string Method(JsonObject operation, string? code) => ((string?)operation["method"])?.ToUpperInvariant() ?? code switch
    {
        "read" or "vread" or "search" or "history" or "capabilities" => "GET",
        "create" or "batch" or "transaction" => "POST",
        "update" or "updateCreate" => "PUT",
        "patch" => "PATCH",
        "delete" or "deleteCondSingle" or "deleteCondMultiple" => "DELETE",
        _ => throw new NotSupportedException($"operation: the runner does not know the type `{code}`"),
    };

    /// <summary>As R4 composes it: `url`; or the type with `params`; or, for what acts on something that was answered, its address.</summary>
    private static string Url(JsonObject operation, string? code, JsonNode? body, string? target)
    {
        if ((string?)operation["url"] is { } url) return url;
        var given = (string?)operation["params"] ?? "";
        if (code == "capabilities") return "metadata";
        if (target != null) return given.Length > 0 ? $"{target}{given}" : code == "history" ? $"{target}/_history" : target;
        var type = (string?)operation["resource"] ?? (code is "create" or "update" ? (string?)body?["resourceType"] : null) ?? "";
        if (code == "update" && given.Length == 0) given = $"/{body!["id"]}";
        if (code == "history" && !given.Contains("_history", StringComparison.Ordinal)) given = "/_history" + given;
        return (type + given).TrimStart('/');
    }

    private string TargetOf(string id) =>
        answers.TryGetValue(id, out var answer) ? $"{answer.Json["resourceType"]}/{answer.Json["id"]}" : $"{fixtures[id]["resourceType"]}/{fixtures[id]["id"]}";

    /// <summary>With the values of `${variables}`.</summary>
    private JsonObject Filled(JsonObject of) => JsonNode.Parse(Variable().Replace(of.ToJsonString(), match => Value(match.Groups[1].Value)))!.AsObject();

    private string Value(string name)
    {
        var variable = script.Variables.FirstOrDefault(v => (string?)v["name"] == name) ?? throw new NotSupportedException($"Variable `{name}` is not defined");
        Unknown.In("variable", variable, "name", "defaultValue", "description", "headerField", "sourceId", "expression");
        if ((string?)variable["sourceId"] is not { } source) return (string)variable["defaultValue"]!;
        return (string?)variable["headerField"] is { } header ? answers[source].Header(header) ?? "" : Assertion.Select(answers[source].Body, (string)variable["expression"]!);
    }

    [GeneratedRegex(@"\$\{([A-Za-z0-9_-]+)\}")]
    private static partial Regex Variable();
}
