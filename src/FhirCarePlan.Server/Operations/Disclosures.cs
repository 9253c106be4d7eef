using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Auditing;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Operations;

/// <summary>`Patient/{id}/$disclosures`: who saw what of a person's record, when, why and under which rule. For the person, their proxy,
/// and governance leads, the last as far as an event concerns their party. Everybody else gets the one 404. The answer is a Bundle of
/// AuditEvents, or a page for people (src/docs/sharing.md#the-ledger).</summary>
public static class Disclosures
{
    public const string Code = "disclosures";

    /// <summary>The page that was asked for: newest first.</summary>
    public sealed record List(AuditReader Reader, SearchQuery Search, AuditPage Page, bool IsForPerson);

    /// <summary>Null, with the answer, when there is nothing to show.</summary>
    public static List? Find(Work work, FhirRequest request, out Answer refusal)
    {
        refusal = Answer.NotHere;
        if (work.Snapshot.PersonOfPatient(request.Id) is not { } person || work.Sight.Only(LedgerReading.Type) is { } parts && !parts.Any(p => p.Person is null || p.Person == person)) return null;
        var isForPerson = IsPersonOrProxy(work, request, person);
        var reader = isForPerson ? new AuditReader(null, Person: person) : LedgerReading.ReaderOf(work) with { Person = person };
        if (!isForPerson && reader.Party is null) return null;

        var report = new Report();
        if (Query(work, request, reader, report) is not { } asked)
        {
            // Whom nothing concerns hears nothing about their question either.
            if (isForPerson || IsConcerned(work, reader)) refusal = new Answer(AnswerKind.Malformed) { Issues = report.Issues };
            return null;
        }
        var page = work.Snapshot.Audit(asked.Query);
        if (!isForPerson && page.Entries.Count == 0 && !IsConcerned(work, reader)) return null;
        if (isForPerson)
        {
            var view = new DisclosureView(work);
            page = page with { Entries = [.. page.Entries.Select(view.Of)] };
        }
        return new List(reader, asked.Search, page, isForPerson);
    }

    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (Find(work, request, out var refusal) is not { } list) return refusal;
        var next = list.Page.Next is { } position ? Url(work, request, list, position) : null;
        if (request.WantsPage) return new Answer(AnswerKind.Ok) { Page = DisclosurePage.Write(new DisclosureWords(work, list.IsForPerson), list, next) };
        var bundle = new BundleWriter("searchset");
        if (list.Page.Total is { } total) bundle.Total(total);
        bundle.Link("self", Url(work, request, list, null));
        if (next != null) bundle.Link("next", next);
        foreach (var entry in list.Page.Entries) bundle.Entry($"{request.BaseUrl}/AuditEvent/{entry.Id}", AuditEventJson.Render(entry, work.InForce.Bits), "match");
        if (LedgerReading.AgreementNotice(work) is { } notice) bundle.Entry(null, OutcomeJson.Write([notice]), "outcome");
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    /// <summary>The caller is the person or their proxy, and sees the Patient asked for.</summary>
    private static bool IsPersonOrProxy(Work work, FhirRequest request, string person) =>
        (work.Sight.Kinds(person) & (Relation.Self | Relation.Proxy)) != 0 && work.Sight.See(work.Snapshot.Find("Patient", request.Id)) is { Version.IsDeleted: false };

    private static bool IsConcerned(Work work, AuditReader reader) => work.Snapshot.Audit(new AuditQuery(reader) { Count = 1, WantsTotal = false }).Entries.Count > 0;

    private static readonly string[] Allowed = ["date", "outcome", "agent"];

    private static (SearchQuery Search, AuditQuery Query)? Query(Work work, FhirRequest request, AuditReader reader, Report report)
    {
        if (work.Engine.Queries.Parse("AuditEvent", request.Query, report) is not { } search) return null;
        if (search.Criteria.FirstOrDefault(c => !Allowed.Contains(c.Parameter.Code)) is { } other)
            report.Add(new Issue(IssueSeverity.Error, IssueType.NotSupported, "", $"`{other.Parameter.Code}`: disclosures are narrowed down by {string.Join(", ", Allowed)}") { IsMalformed = true });
        long? after = null;
        if (search.Page is { } token)
        {
            if (work.Engine.Pages.Open(token, Binding(work, request, search), work.Now) is { } position) after = long.Parse(position, CultureInfo.InvariantCulture);
            else report.Add(new Issue(IssueSeverity.Error, IssueType.Processing, "", "This page link belongs to another caller, or it has expired. Ask again") { Key = "_page", IsMalformed = true });
        }
        var query = new AuditParameters(work.InForce.Protocol, request.BaseUrl, report).Read(search, reader, after);
        return query is null ? null : (search, query);
    }

    private static string Binding(Work work, FhirRequest request, SearchQuery search) => $"{SearchLinks.Binding(work, request, search)}\n{request.Id}/${Code}";

    private static string Url(Work work, FhirRequest request, List list, long? next)
    {
        var page = next is { } position ? $"_page={work.Engine.Pages.Seal(position.ToString(CultureInfo.InvariantCulture), Binding(work, request, list.Search), work.Now)}" : "";
        var text = string.Join('&', new[] { list.Search.SelfQuery, page }.Where(p => p.Length > 0));
        return $"{request.BaseUrl}/Patient/{request.Id}/${Code}{(text.Length > 0 ? "?" : "")}{text}";
    }
}
