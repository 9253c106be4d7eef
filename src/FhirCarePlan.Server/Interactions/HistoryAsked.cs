using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The parameters of a history. https://hl7.org/fhir/R4/http.html#history</summary>
internal sealed record HistoryAsked
{
    public const int MostCount = 1000;
    private static readonly string[] Names = ["_since", "_at", "_count", "_summary", "_elements"];

    /// <summary>Not before, in UTC ticks.</summary>
    public long? Since { get; private init; }
    /// <summary>Only versions that were current at some time in this span.</summary>
    public DateRange? At { get; private init; }
    public int Count { get; private init; } = 50;
    public PartAsked? Part { get; private init; }
    /// <summary>Where the page begins, as a page before said; null for the first.</summary>
    public string? Page { get; private init; }
    /// <summary>As understood, without the page.</summary>
    private string Self { get; init; } = "";

    /// <summary>Null, with a refusal, when something is not understood.</summary>
    public static HistoryAsked? Read(Work work, FhirRequest request, out Answer? refusal)
    {
        var (asked, kept, part) = (new HistoryAsked(), new List<string>(), new List<string>());
        refusal = null;
        foreach (var (name, value) in QueryParser.Pairs(request.Query))
        {
            switch (name)
            {
                case "_format" or "_pretty": break;
                case "_since" when asked.Since is null && work.Engine.Queries.Date(value) is { } since: asked = asked with { Since = since.Low }; break;
                case "_at" when asked.At is null && work.Engine.Queries.Date(value) is { } at: asked = asked with { At = at }; break;
                case "_count" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                    asked = asked with { Count = Math.Min(count, MostCount) };
                    break;
                case "_summary" or "_elements": part.Add($"{name}={Uri.EscapeDataString(value)}"); break;
                case "_page":
                    asked = asked with { Page = value };
                    continue;
                case "_since" or "_at": refusal = Refuse($"`{name}` is given once, as a date or a time (YYYY, YYYY-MM, YYYY-MM-DD, or that with Thh:mm:ss and an offset)"); break;
                case "_count": refusal = Refuse($"`_count` cannot be read; it must be a whole number from 0 to {MostCount}"); break;
                default:
                    if (request.IsLenient) continue;
                    refusal = Refuse($"A history takes only the parameters {string.Join(", ", Names)}, _format, _pretty");
                    break;
            }
            if (refusal != null) return null;
            kept.Add($"{name}={Uri.EscapeDataString(value).Replace("%3A", ":", StringComparison.Ordinal)}");
        }
        refusal = PartAsked.Of(string.Join('&', part), out var subset);
        if (refusal != null) return null;
        asked = asked with { Part = subset, Self = string.Join('&', kept) };
        if (asked.Page is not { } link) return asked;
        if (work.Engine.Pages.Open(link, asked.Binding(work, request), work.Now) is { } place) return asked with { Page = place };
        refusal = Search.LostPage;
        return null;
    }

    /// <summary>A version that became current then, and stayed until the time given, or until now.</summary>
    public bool Wants(DateTimeOffset time, DateTimeOffset? until) => (Since is not { } since || time.UtcTicks >= since)
        && (At is not { } at || time.UtcTicks <= at.High && (until is not { } end || end.UtcTicks > at.Low));

    public void Links(BundleWriter bundle, Work work, FhirRequest request, string? next)
    {
        bundle.Link("self", Url(request, null));
        if (Page != null || next != null) bundle.Link("first", Url(request, null));
        if (next != null) bundle.Link("next", Url(request, work.Engine.Pages.Seal(next, Binding(work, request), work.Now)));
    }

    private string Url(FhirRequest request, string? page)
    {
        var query = string.Join('&', new[] { Self, page is null ? "" : $"_page={page}" }.Where(p => p.Length > 0));
        return $"{request.BaseUrl}/{Path(request)}{(query.Length > 0 ? "?" : "")}{query}";
    }

    private string Binding(Work work, FhirRequest request) => SearchLinks.Binding(work, Path(request), Self);

    private static string Path(FhirRequest request) => request.Id.Length > 0 ? $"{request.Type}/{request.Id}/_history" : request.Type.Length > 0 ? $"{request.Type}/_history" : "_history";

    private static Answer Refuse(string text) => Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, text, key: "parameter");
}
