using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Answers;
using System.Collections.Concurrent;
using System.Text;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Validation.Choosing;
using FhirCarePlan.Server.Guide.Suppliers;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Guide;

/// <summary>The implementation guide for suppliers, at `/profiles`. It is open to everybody: nothing in it is about a person. A page is
/// written when first asked for.</summary>
public sealed class GuideRoutes(GuidePackage package, GuideSamples samples, RequirementList requirements, RuleTexts rules, ProfileTable table,
    SupplierPages suppliers, AddressSettings addresses)
{
    internal const string Page = "text/html; charset=utf-8";

    private static readonly Lazy<byte[]> Style = new(() =>
    {
        using var stream = typeof(GuideRoutes).Assembly.GetManifestResourceStream("guide.css")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    });

    private readonly ConcurrentDictionary<string, byte[]> pages = new(StringComparer.Ordinal);
    private readonly Lazy<byte[]> download = new(() => Download(package.Package, samples));
    private GuideIndex? index;

    /// <summary>`cpa.tgz`, the same bytes wherever it is made. https://hl7.org/fhir/packages.html</summary>
    public static byte[] Download(FhirPackage package, GuideSamples samples) =>
        PackageWriter.ToTgz(PublishedPackage.Of(package, samples.Examples()));

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/profiles", (RequestDelegate)(http => WriteNamed(http, ""))).AllowAnonymous();
        app.MapGet("/profiles/{name}", (RequestDelegate)(http => WriteNamed(http, (string)http.Request.RouteValues["name"]!))).AllowAnonymous();
        app.MapGet("/profiles/samples/{**file}", (RequestDelegate)WriteSample).AllowAnonymous();
    }

    private Task WriteNamed(HttpContext http, string name)
    {
        if (name == "guide.css") return Send(http, "text/css; charset=utf-8", Style.Value);
        if (name == "find") return Send(http, Page, AtHome(FindPage.Write(Question(http), index ??= Index()), addresses));
        if (name == "cpa.tgz")
        {
            http.Response.Headers.ContentDisposition = "attachment; filename=\"cpa.tgz\"";
            return Send(http, "application/gzip", download.Value);
        }
        if (package.InFile(name) is { } file) return Send(http, AnswerFormat.Default.ContentType, file.File.Utf8);
        if (pages.TryGetValue(name, out var known)) return Send(http, Page, known);
        // Only names that exist are kept, so that requests cannot fill the memory.
        return Written(name) is { } made ? Send(http, Page, pages.GetOrAdd(name, AtHome(made, addresses))) : NotFound(http);
    }

    /// <summary>Links within the guide begin with `/`; in front goes the path below which a proxy offers this server.</summary>
    internal static byte[] AtHome(byte[] page, AddressSettings addresses) => addresses.PathBase.Length == 0 ? page
        : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(page).Replace("href=\"/", $"href=\"{addresses.PathBase}/", StringComparison.Ordinal)
            .Replace("action=\"/", $"action=\"{addresses.PathBase}/", StringComparison.Ordinal));

    private byte[]? Written(string name) => name switch
    {
        "" => ProfileListPage.Write(package, table),
        "extensions" => ExtensionListPage.Write(package),
        "codes" => CodeListPage.Write(package),
        "search" => SearchPage.Write(package),
        "requirements" => RequirementsPage.Write(package, requirements, rules),
        "rules" => RulesPage.Write(rules, table, package),
        _ => suppliers.Write(name) ?? OfEntry(name),
    };

    private static readonly string[] Sections = ["", "extensions", "codes", "search", "rules", "requirements"];

    /// <summary>`?q=`; of several the first.</summary>
    private static string Question(HttpContext http) => http.Request.Query["q"] is [{ } question, ..] ? question : "";

    private GuideIndex Index() => new(suppliers.All.Select(p => p.Name).Concat(Sections).Concat(package.All.Select(e => e.Name))
        .Select(name => (Address: name.Length == 0 ? "/profiles" : $"/profiles/{name}", Html: Written(name) is { } page ? Encoding.UTF8.GetString(page) : null))
        .Where(p => p.Html is not null).Select(p => (p.Address, p.Html!)), samples.All);

    private byte[]? OfEntry(string name) => package.Named(name) is not { } entry ? null : entry.Kind switch
    {
        GuideKind.Profile or GuideKind.Extension => ProfilePage.Write(entry, package, samples, table),
        GuideKind.CodeSystem or GuideKind.ValueSet => CodesPage.Write(entry, package),
        _ => null,
    };

    private Task WriteSample(HttpContext http)
    {
        var name = (string?)http.Request.RouteValues["file"] ?? "";
        if (samples.Find(name) is { } raw) return Send(http, AnswerFormat.Default.ContentType, samples.Bytes(raw));
        return samples.Find(name + ".json") is { } sample ? Send(http, Page, AtHome(SamplePage.Write(sample, samples.Bytes(sample), package), addresses)) : NotFound(http);
    }

    private Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = 404;
        var main = Html.Of($"<p>This guide has no such page. <a href=\"/profiles\">All profiles</a></p>");
        return Send(http, Page, AtHome(PageFrame.Write("Not found", "", main), addresses));
    }

    internal static Task Send(HttpContext http, string type, ReadOnlyMemory<byte> bytes)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
