using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>Samples as examples of the document: each is written once, under `components`, and referred to.</summary>
public sealed class Samples(string? folder, OpenApiDocument document)
{
    /// <summary>The examples of a section's bodies, in order; empty when the samples are not with the program.</summary>
    public Dictionary<string, IOpenApiExample> Of(Section section)
    {
        var examples = new Dictionary<string, IOpenApiExample>();
        foreach (var (title, file) in section.Bodies)
            if (Add(title, file) is { } name) examples[name] = new OpenApiExampleReference(name, document);
        return examples;
    }

    private string? Add(string title, string file)
    {
        var name = file.Replace(".json", "", StringComparison.Ordinal).Replace('/', '-');
        if (document.Components!.Examples!.ContainsKey(name)) return name;
        if (folder is null || Path.Combine(folder, file) is var path && !File.Exists(path)) return null;
        document.Components.Examples[name] = new OpenApiExample
        {
            Summary = title,
            Value = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, file)))
        };
        return name;
    }
}
