using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.Json;

namespace FhirCarePlan.Server.Http;

/// <summary>A file of the package under `profiles/`.</summary>
/// <param name="Constrains">The resource type it profiles; null for extensions, code systems, value sets and the like.</param>
public sealed record ProfileFile(string File, string ResourceType, string Title, string Url, string? Description, string? Constrains);

/// <summary>The package as it lies in its folder: what the server supports, for vendors to read at `/profiles`.</summary>
public sealed class ProfileFiles(string folder)
{
    private readonly Lazy<FrozenDictionary<string, ProfileFile>> files = new(() =>
        Directory.EnumerateFiles(folder, "*.json").Select(Read).OfType<ProfileFile>().ToFrozenDictionary(f => f.File, StringComparer.Ordinal));

    public IEnumerable<ProfileFile> All => files.Value.Values.OrderBy(f => f.ResourceType, StringComparer.Ordinal).ThenBy(f => f.File, StringComparer.Ordinal);

    /// <summary>Canonicals of the profiles on a resource type, in alphabetical order.</summary>
    public IReadOnlyList<string> Of(string type) =>
        [.. files.Value.Values.Where(f => f.Constrains == type).Select(f => f.Url).Order(StringComparer.Ordinal)];

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/profiles", (RequestDelegate)WriteList).AllowAnonymous();
        app.MapGet("/profiles/{file}", (RequestDelegate)WriteFile).AllowAnonymous();
    }

    private static ProfileFile? Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = json.RootElement;
        string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
        if (Text("resourceType") is not { } type || Text("url") is not { } url) return null;
        var constrains = type == "StructureDefinition" && Text("derivation") == "constraint" && Text("type") is var on and not "Extension" ? on : null;
        return new(Path.GetFileName(path), type, Text("title") ?? Text("name") ?? url, url, Text("description"), constrains);
    }

    private Task WriteList(HttpContext http)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Profiles</title><h1>Profiles</h1>");
        foreach (var group in All.GroupBy(f => f.Constrains is null ? f.ResourceType : "Profile").OrderBy(g => g.Key != "Profile"))
        {
            page.Append($"<h2>{group.Key}</h2><ul>");
            foreach (var file in group)
                page.Append($"<li><a href=\"/profiles/{WebUtility.HtmlEncode(file.File)}\">{WebUtility.HtmlEncode(file.Title)}</a> {WebUtility.HtmlEncode(file.Description)}</li>");
            page.Append("</ul>");
        }
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(page.Append("</html>").ToString(), http.RequestAborted);
    }

    private Task WriteFile(HttpContext http)
    {
        // Only what was listed: the address never becomes a path by itself.
        if (http.Request.RouteValues["file"] is not string name || !files.Value.TryGetValue(name, out var known))
        {
            http.Response.StatusCode = 404;
            return Task.CompletedTask;
        }
        http.Response.ContentType = AnswerFormat.Default.ContentType;
        return http.Response.SendFileAsync(Path.Combine(folder, known.File), http.RequestAborted);
    }
}
