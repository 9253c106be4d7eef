using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Auditing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The ledger as AuditEvents: rendered from its rows, read only, seen by a party's governance as far as the event concerns the
/// party. https://hl7.org/fhir/R4/auditevent.html; sharing.md §8, §12.11</summary>
public static class AuditEvents
{
    public static Answer? IsWrittenByServiceAlone(string type) => type != "AuditEvent" ? null
        : Answer.Refuse(AnswerKind.NotAllowed, IssueType.NotSupported,
            "The audit trail is written by the service alone") with { Allow = "GET, HEAD" };

    public static Answer Read(Work work, FhirRequest request)
    {
        if (work.Snapshot.FindAudit(request.Id, ReaderOf(work)) is not { } entry)
        {
            Trail.Other(work, request, false, reason: "absent");
            return NotHere.Answer(work);
        }
        Trail.Other(work, request, true, work.Sight.Policies());
        return new Answer(AnswerKind.Ok) { Body = AuditEventJson.Render(entry, work.InForce.Bits), VersionId = entry.Id,
            LastModified = entry.At };
    }

    /// <param name="search">As the one parser read it.</param>
    public static Answer Search(Work work, FhirRequest request, SearchQuery search, Report report)
    {
        var after = search.Page is { } position ? long.Parse(position, CultureInfo.InvariantCulture) : (long?)null;
        if (new AuditParameters(work.InForce.Protocol, request.BaseUrl, report).Read(search, ReaderOf(work), after) is not { } query)
            return new Answer(AnswerKind.Malformed) { Issues = report.Issues };
        var page = work.Snapshot.Audit(query);
        Trail.Other(work, request, true, work.Sight.Policies(), query: string.Join(",", Interactions.Search.Names(search)));
        return new Answer(AnswerKind.Ok) { Body = Write(work, request, search, page, report.Issues) };
    }

    /// <summary>Who may see the party's audit category sees its events; nobody else sees any.</summary>
    public static AuditReader ReaderOf(Work work)
    {
        var isEntitled = work.Caller.Party != null
            && (work.Sight.Decide("read", "AuditEvent", true, false, 0, 0).Permitted & work.InForce.AuditBit) != 0;
        return isEntitled ? new AuditReader(work.Caller.Party, work.Caller.Party == work.InForce.Protocol.Owner) : new AuditReader(null);
    }

    private static byte[] Write(Work work, FhirRequest request, SearchQuery search, AuditPage page, IReadOnlyList<Issue> warnings)
    {
        var bundle = new BundleWriter("searchset");
        if (page.Total is { } total) bundle.Total(total);
        bundle.Link("self", Interactions.Search.Url(request, search, null));
        if (page.Next is { } next)
            bundle.Link("next", Interactions.Search.Url(request, search,
                work.Engine.Pages.Seal(next.ToString(CultureInfo.InvariantCulture), Interactions.Search.Binding(work, search), work.Now)));
        var part = PartAsked.Of(search);
        foreach (var entry in page.Entries)
        {
            var body = AuditEventJson.Render(entry, work.InForce.Bits);
            bundle.Entry($"{request.BaseUrl}/AuditEvent/{entry.Id}", part is null ? body
                : Sharing.Views.Subset.Write(body, part.Summary, part.Elements), "match");
        }
        Interactions.Search.WriteWarnings(bundle, warnings);
        return bundle.Done();
    }
}
