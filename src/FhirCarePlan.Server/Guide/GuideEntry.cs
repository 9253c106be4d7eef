using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;

namespace FhirCarePlan.Server.Guide;

public enum GuideKind { Profile, Extension, CodeSystem, ValueSet, SearchParameter, Other }

/// <summary>A resource of the package as a reader of the guide meets it.</summary>
/// <param name="Name">The page's name: `CPA-CarePlan`, `Extension-CPA-Level`, `CodeSystem-CPA-Level`.</param>
/// <param name="Constrains">The type a profile is on: `CarePlan`; null for everything that is not a profile.</param>
/// <param name="Motive">The requirements it answers: `Motive M5–M11, M32.`</param>
public sealed record GuideEntry(PackageFile File, GuideKind Kind, string Name, string Title, string? Description, string? Motive, string? Constrains)
{
    public string Url => File.Url!;
    /// <summary>`StructureDefinition-CPA-CarePlan.json`, the name of the file in the package.</summary>
    public string FileName => File.Source;
    /// <summary>Where a link to it leads.</summary>
    public string Address => Kind switch
    {
        GuideKind.SearchParameter => $"/profiles/search#{File.Id}",
        GuideKind.Other => $"/profiles/{FileName}",
        _ => $"/profiles/{Name}",
    };

    /// <summary>Null for a resource without a canonical.</summary>
    public static GuideEntry? Read(PackageFile file)
    {
        if (file.Url is null || file.Id is null) return null;
        using var json = JsonDocument.Parse(file.Utf8);
        var root = json.RootElement;
        string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
        var type = file.ResourceType == "StructureDefinition" && Text("derivation") == "constraint" ? Text("type") : null;
        var kind = file.ResourceType switch
        {
            "StructureDefinition" => type == "Extension" ? GuideKind.Extension : type is null ? GuideKind.Other : GuideKind.Profile,
            "CodeSystem" => GuideKind.CodeSystem,
            "ValueSet" => GuideKind.ValueSet,
            "SearchParameter" => GuideKind.SearchParameter,
            _ => GuideKind.Other,
        };
        var name = kind is GuideKind.Profile or GuideKind.Extension ? file.Id : $"{file.ResourceType}-{file.Id}";
        var motive = Text("purpose")?.TrimEnd('.');
        return new(file, kind, name, Text("title") ?? Text("name") ?? file.Url, Text("description"), motive, kind == GuideKind.Profile ? type : null);
    }
}
