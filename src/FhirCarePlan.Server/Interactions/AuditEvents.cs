using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The audit trail as AuditEvents: rendered from its rows, read only, seen by a party's governance for events in which the party is
/// agent or holder. https://hl7.org/fhir/R4/auditevent.html; sharing.md §12.11</summary>
public static class AuditEvents
{
    private static readonly string[] Parameters = ["date", "patient", "agent", "outcome", "entity", "policy", "_id", "_count", "_sort", "_offset"];

    public static Answer Search(Work work, FhirRequest request)
    {
        var report = new Report();
        if (Query(work, request, report) is not { } query) return new Answer(AnswerKind.Malformed) { Issues = report.Issues };
        var total = 0;
        var entries = LedgerReading.MaySee(work) ? work.Snapshot.Audit(query with { Party = work.Caller.Party }, out total) : [];
        var bundle = new BundleWriter("searchset");
        bundle.Total(total);
        bundle.Link("self", $"{request.BaseUrl}/AuditEvent{(request.Query.Length > 0 ? "?" : "")}{request.Query}");
        if (query.Offset + entries.Count < total && entries.Count > 0) bundle.Link("next", Next(request, query.Offset + entries.Count));
        foreach (var entry in entries) bundle.Entry($"{request.BaseUrl}/AuditEvent/{entry.Id}", LedgerReading.Render(entry), "match");
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static AuditQuery? Query(Work work, FhirRequest request, Report report)
    {
        var query = new AuditQuery();
        foreach (var pair in request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=');
            var name = Uri.UnescapeDataString((at < 0 ? pair : pair[..at]).Replace('+', ' '));
            var value = at < 0 ? "" : Uri.UnescapeDataString(pair[(at + 1)..].Replace('+', ' '));
            var values = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
            switch (name)
            {
                case "date":
                    var dates = work.Engine.Queries.Parse("AuditEvent", $"_lastUpdated={Uri.EscapeDataString(value)}", report)?.LastUpdated ?? [];
                    query = query with { Dates = [.. query.Dates, .. dates] };
                    break;
                case "patient": query = query with { Patients = [.. values.Select(v => v.Contains('/') ? v : $"Patient/{v}")] }; break;
                case "agent": query = query with { Agents = values }; break;
                case "outcome": query = query with { Outcomes = values }; break;
                case "entity": query = query with { Entities = values }; break;
                case "policy": query = query with { Policies = values }; break;
                case "_id": query = query with { Ids = values }; break;
                case "_count" when int.TryParse(value, CultureInfo.InvariantCulture, out var count) && count is >= 0 and <= 1000: query = query with { Count = count }; break;
                case "_offset" when int.TryParse(value, CultureInfo.InvariantCulture, out var offset) && offset >= 0: query = query with { Offset = offset }; break;
                case "_sort" when value is "date" or "-date": query = query with { Ascending = value == "date" }; break;
                case "_format" or "_pretty": break;
                default:
                    report.Add(new Issue(IssueSeverity.Error, IssueType.Invalid, "", $"AuditEvent is searched by {string.Join(", ", Parameters)}; `{Short(name)}` is none of them or has a value it does not take") { Key = "parameter" });
                    break;
            }
        }
        return report.HasErrors ? null : query;
    }

    private static string Short(string name) => new([.. name.Take(40).Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':')]);

    private static string Next(FhirRequest request, int offset)
    {
        var rest = request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith("_offset=", StringComparison.Ordinal));
        return $"{request.BaseUrl}/AuditEvent?{string.Join('&', rest.Append($"_offset={offset}"))}";
    }
}
