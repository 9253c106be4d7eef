using System.Text.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.OpenApi;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.OpenApi;

/// <summary>What the document says of resources, against the resources in `samples/`: a client that is generated from it reads them all.</summary>
public class SchemaTests
{
    private static readonly Lazy<JsonObject> Schemas = new(() =>
        JsonNode.Parse(OpenApiCommand.Document().GetAwaiter().GetResult())!["components"]!["schemas"]!.AsObject());

    private static string Samples { get; } = Path.Combine(Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!, "samples");

    [Fact]
    public void Each_served_type_has_a_schema() =>
        Assert.All(StoredTypes.Default, t => Assert.Equal(t, (string?)Schemas.Value[t]?["properties"]?["resourceType"]?["enum"]?[0]));

    [Fact]
    public void Each_reference_between_schemas_leads_to_one() =>
        Assert.All(References(Schemas.Value).Distinct(), r => Assert.True(Schemas.Value.ContainsKey(r), r));

    [Fact]
    public void Each_valid_sample_fits_the_schema_of_its_type()
    {
        var files = Directory.GetFiles(Path.Combine(Samples, "valid"), "*.json", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Samples, "partnership"), "*.json")).ToList();
        var (wrong, seen) = (new List<string>(), 0);
        foreach (var file in files)
        {
            var resource = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            if (!StoredTypes.Default.Contains((string)resource["resourceType"]!)) continue;
            seen++;
            wrong.AddRange(Misfits(resource, Schemas.Value[(string)resource["resourceType"]!]!, "").Select(w => $"{Path.GetFileName(file)}: {w}"));
        }
        Assert.True(seen > 100);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("""{"resourceType":"CarePlan","intent":"plan","subject":{}}""", "status is missing")]
    [InlineData("""{"resourceType":"CarePlan","status":"begun","intent":"plan","subject":{}}""", "status is not one of the codes")]
    [InlineData("""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":[]}""", "subject is not an object")]
    [InlineData("""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{},"effort":1}""", "effort is unknown")]
    [InlineData("""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{},"activity":[{"detail":{"status":"ill"}}]}""", "activity.detail.status is not one of the codes")]
    public void The_comparison_sees_what_does_not_fit(string json, string misfit) =>
        Assert.Equal([misfit], Misfits(JsonNode.Parse(json)!, Schemas.Value["CarePlan"]!, ""));

    /// <summary>The profile's schema asks for what the profile asks for, and no more.</summary>
    [Fact]
    public void Each_sample_of_a_profile_has_what_the_schema_of_the_profile_requires()
    {
        var seen = 0;
        foreach (var folder in Directory.GetDirectories(Path.Combine(Samples, "valid"), "CPA-*"))
        {
            if (Schemas.Value[Path.GetFileName(folder).Replace("-", "", StringComparison.Ordinal)] is not { } profile) continue;
            foreach (var file in Directory.GetFiles(folder, "*.json"))
            {
                var resource = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
                Assert.Empty(Required(profile["allOf"]![1]!).Where(r => !resource.ContainsKey(r)).Select(r => $"{Path.GetFileName(file)}: {r}"));
                seen++;
            }
        }
        Assert.True(seen > 50);
        Assert.Contains("category", Required(Schemas.Value["CPACarePlan"]!["allOf"]![1]!));
    }

    private static IEnumerable<string> Required(JsonNode schema) => schema["required"]?.AsArray().Select(r => (string)r!) ?? [];

    private static IEnumerable<string> Misfits(JsonNode value, JsonNode schema, string path)
    {
        if (schema["$ref"] is { } reference) return Misfits(value, Schemas.Value[((string)reference!)["#/components/schemas/".Length..]]!, path);
        var fits = ((string?)schema["type"], value.GetValueKind()) switch
        {
            ("object", var kind) => kind == JsonValueKind.Object,
            ("array", var kind) => kind == JsonValueKind.Array,
            ("boolean", var kind) => kind is JsonValueKind.True or JsonValueKind.False,
            ("integer" or "number", var kind) => kind == JsonValueKind.Number,
            ("string", var kind) => kind == JsonValueKind.String,
            _ => false,
        };
        if (!fits) return [$"{path} is not {((string?)schema["type"])?[0] switch { 'o' or 'a' or 'i' => "an", _ => "a" }} {schema["type"]}"];
        if (schema["enum"] is JsonArray codes && !codes.Any(c => JsonNode.DeepEquals(c, value))) return [$"{path} is not one of the codes"];
        if (value is JsonArray items) return items.OfType<JsonNode>().SelectMany(i => Misfits(i, schema["items"]!, path));
        return value is JsonObject all ? Inside(all, schema, path.Length == 0 ? "" : path + ".") : [];
    }

    private static IEnumerable<string> Inside(JsonObject value, JsonNode schema, string path)
    {
        foreach (var required in Required(schema))
            if (!value.ContainsKey(required) && !value.ContainsKey("_" + required)) yield return $"{path}{required} is missing";
        foreach (var (name, child) in value)
        {
            if (name[0] == '_' || child is null || schema["additionalProperties"] != null && schema["properties"]![name] is null) continue;
            if (schema["properties"]?[name] is not { } known) yield return $"{path}{name} is unknown";
            else
                foreach (var misfit in Misfits(child, known, path + name)) yield return misfit;
        }
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Key == "$ref" ? [((string)p.Value!)["#/components/schemas/".Length..]] : References(p.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
