using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Outside.TestScripts;

/// <summary>One of R4's TestScripts, as far as the runner knows them. What it does not know is an error of the script's reading and never left
/// out in silence. https://hl7.org/fhir/R4/testscript.html</summary>
public sealed class TestScript
{
    private static readonly string[] Known =
        ["resourceType", "id", "meta", "url", "identifier", "version", "name", "title", "status", "experimental", "date", "publisher", "contact", "description", "purpose",
         "copyright", "relatedArtifact", "text", "variable", "fixture", "contained", "setup", "test", "teardown"];

    private readonly JsonObject script;

    public TestScript(string json)
    {
        script = JsonNode.Parse(json)!.AsObject();
        Unknown.In("TestScript", script, Known);
    }

    public IEnumerable<(string Name, IReadOnlyList<JsonObject> Actions)> Tests =>
        script["test"] is JsonArray tests
            ? tests.Select(t => ((string?)t!["name"] ?? (string?)t["id"] ?? "test", Actions(t)))
            : [];

    public IReadOnlyList<JsonObject> Setup => Actions(script["setup"]);
    public IReadOnlyList<JsonObject> Teardown => Actions(script["teardown"]);

    /// <summary>Names of variables with where their values come from.</summary>
    public IEnumerable<JsonObject> Variables => (script["variable"] as JsonArray ?? []).Select(v => v!.AsObject());

    /// <summary>Contained resources that a fixture names.</summary>
    public IEnumerable<(string Id, JsonNode Resource)> Fixtures
    {
        get
        {
            foreach (var fixture in script["fixture"] as JsonArray ?? [])
            {
                var reference = (string)fixture!["resource"]!["reference"]!;
                var held = (script["contained"] as JsonArray ?? []).FirstOrDefault(c => "#" + (string)c!["id"]! == reference)
                    ?? throw new NotSupportedException($"Fixture {reference} is not contained");
                yield return ((string)fixture["id"]!, held);
            }
        }
    }

    private static IReadOnlyList<JsonObject> Actions(JsonNode? of) => of?["action"] is JsonArray all ? [.. all.Select(a => a!.AsObject())] : [];
}

internal static class Unknown
{
    public static void In(string place, JsonObject of, params string[] known)
    {
        if (of.Select(p => p.Key).Except(known).ToList() is { Count: > 0 } more)
            throw new NotSupportedException($"{place}: the runner does not know {string.Join(", ", more)}");
    }
}
