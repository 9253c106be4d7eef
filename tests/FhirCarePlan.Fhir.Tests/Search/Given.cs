using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

/// <summary>The start of the search tests: R4's parameters, London's days, noon of 1 May 2024, an address of our own.</summary>
internal static class Given
{
    public static BaseAddresses Own { get; } = new(["https://trust.example/fhir"]);
    public static TimeZoneInfo London { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    public static TimeProvider Clock { get; } = new StoppedClock(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));
    public static SearchParameters Parameters { get; } = new();
    public static IndexExtractor Extractor { get; } = new(Parameters, London, Clock);
    public static QueryParser Parser { get; } = new(Parameters, London, Clock, () => Own);

    public static Document Document(string json)
    {
        var report = new Report();
        var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), report);
        return document ?? throw new ArgumentException(report.Issues[0].Text);
    }

    /// <summary>The rows of one parameter.</summary>
    public static List<IndexEntry> Rows(string json, string code)
    {
        using var document = Document(json);
        return Extractor.Extract(document).FindAll(row => row.Parameter.Code == code);
    }

    public static SearchQuery Query(string type, string query)
    {
        var report = new Report();
        return Parser.Parse(type, query, report, withChains: true) ?? throw new ArgumentException(report.Issues[0].Text);
    }

    /// <summary>Does `CarePlan?status=active` find the resource?</summary>
    public static bool Finds(string url, string json)
    {
        using var document = Document(json);
        var (type, query) = (url[..url.IndexOf('?')], url[(url.IndexOf('?') + 1)..]);
        return Oracle.Matches(Query(type, query), document.Type.Name, document.Root.TextOf("id") ?? "", 0, Extractor.Extract(document, withWords: true));
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
