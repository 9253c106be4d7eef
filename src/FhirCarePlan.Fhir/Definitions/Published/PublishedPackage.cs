using System.Text.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Published;

/// <summary>A resource that shows a profile at work.</summary>
/// <param name="Name">Its id in the package where it has none of its own: `CPA-CarePlan-active-plan`.</param>
/// <param name="Profile">The canonical it is an example of.</param>
/// <param name="Why">What it shows.</param>
public sealed record PackageExample(string Name, string Profile, string Why, ReadOnlyMemory<byte> Utf8);

/// <summary>A package as others get it: its structures with snapshots, examples beside them, and a guide that lists both.
/// https://hl7.org/fhir/packages.html</summary>
public static class PublishedPackage
{
    private const string Grouping = "examples";

    /// <exception cref="InvalidDataException">A definition or an example cannot be read.</exception>
    public static FhirPackage Of(FhirPackage package, IEnumerable<PackageExample> examples)
    {
        var definitions = DefinitionSet.Base.With(package, new Report());
        var shown = examples.Select(e => (Example: e, File: Shown(e))).ToList();
        return package with
        {
            Files = [.. package.Files.Select(f => f.ResourceType switch
            {
                "StructureDefinition" => f with { Utf8 = PackageResource.Write(f, f.Id!, definitions) ?? throw Unread(f.Source) },
                "ImplementationGuide" => f with { Utf8 = Listing(f.Utf8, shown) },
                _ => f,
            })],
            Examples = [.. shown.Select(s => s.File)],
        };
    }

    private static PackageFile Shown(PackageExample example)
    {
        using var document = JsonParser.Parse(example.Utf8, new Report()) ?? throw Unread(example.Name);
        var id = document.Root.TextOf("id") ?? example.Name;
        var type = document.Root.Type.Name;
        return new PackageFile(type, null, null, id, $"{type}-{id}.json", CanonicalJson.Write(document, new WriteOptions { Id = id }));
    }

    /// <summary>The guide with the examples in a group of their own. https://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.definition.resource.example_x_</summary>
    private static byte[] Listing(ReadOnlyMemory<byte> guide, List<(PackageExample Example, PackageFile File)> shown)
    {
        var root = JsonNode.Parse(guide.Span)!;
        if (shown.Count == 0 || root["definition"] is not JsonObject definition) return guide.ToArray();
        Items(definition, "grouping").Add(new JsonObject { ["id"] = Grouping, ["name"] = "Examples" });
        var resources = Items(definition, "resource");
        foreach (var (example, file) in shown)
            resources.Add(new JsonObject
            {
                ["reference"] = new JsonObject { ["reference"] = $"{file.ResourceType}/{file.Id}" },
                ["name"] = example.Name,
                ["description"] = example.Why,
                ["exampleCanonical"] = example.Profile,
                ["groupingId"] = Grouping,
            });
        return JsonSerializer.SerializeToUtf8Bytes(root, PackageWriter.Readable);
    }

    private static JsonArray Items(JsonObject of, string name)
    {
        if (of[name] is JsonArray there) return there;
        var made = new JsonArray();
        of[name] = made;
        return made;
    }

    private static InvalidDataException Unread(string name) => new($"`{name}` cannot be read as R4");
}
