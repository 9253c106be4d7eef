using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Auditing;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The ledger as AuditEvents: made from its rows when read, never written, seen by a party's governance as far as the event
/// concerns the party. https://hl7.org/fhir/R4/auditevent.html; src/docs/sharing.md#the-ledger</summary>
public static class AuditEvents
{
    /// <param name="search">As the one parser read it.</param>
    public static Answer Search(Work work, FhirRequest request, SearchQuery search, Report report)
    {
        var after = search.Page is { } position ? long.Parse(position, CultureInfo.InvariantCulture) : (long?)null;
        if (new AuditParameters(work.InForce.Protocol, request.BaseUrl, report)
            .Read(search, LedgerReading.ReaderOf(work), after) is not { } query)
            return new Answer(AnswerKind.Malformed) { Issues = report.Issues };
        var page = work.Snapshot.Audit(query);
        return new Answer(AnswerKind.Ok) { Body = Write(work, request, search, page, report.Issues) };
    }

    private static ReadOnlyMemory<byte> Write(Work work, FhirRequest request, SearchQuery search, AuditPage page,
        IReadOnlyList<Issue> warnings)
    {
        var bundle = new BundleWriter("searchset");
        if (page.Total is { } total) bundle.Total(total);
        bundle.Link("self", SearchLinks.Url(request, search, null));
        SearchLinks.Write(bundle, work, request, search, page.Next?.ToString(CultureInfo.InvariantCulture), null);
        var part = PartAsked.Of(search);
        foreach (var entry in page.Entries)
        {
            var body = AuditEventJson.Render(entry, work.InForce.Bits);
            bundle.Entry($"{request.BaseUrl}/AuditEvent/{entry.Id}", part is null ? body : part.Of(body), "match");
        }
        Interactions.Search.WriteWarnings(bundle, warnings);
        return bundle.Done();
    }
}
