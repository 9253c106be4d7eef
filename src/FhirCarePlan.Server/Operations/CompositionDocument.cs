using System.Security.Cryptography;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Operations;

/// <summary>`Composition/[id]/$document`: the Composition and all that it refers to, each as the caller sees it. A reference that the caller does
/// not see is not in their Composition, so what it leads to is not looked for. The Bundle's identifier is made of its content: equal documents
/// have equal ones. Documents are not kept here, so `persist` is refused. https://hl7.org/fhir/R4/composition-operation-document.html</summary>
public static class CompositionDocument
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (asked.Target.Seen is not { } seen) return Answer.NotHere;
        if (Persists(request.Query, out var refusal) || refusal != null)
            return refusal ?? Answer.Refuse(AnswerKind.Unprocessable, IssueType.NotSupported, "This server does not keep documents; leave `persist` out and store the Bundle yourself", key: "parameter");
        var entries = new List<(string Url, byte[] Body)>();
        var composition = work.Show(seen).Body.ToArray();
        Add(seen.Version.Id, "Composition", composition);
        var here = new HashSet<string>(StringComparer.Ordinal) { $"Composition/{seen.Version.Id}" };
        var length = composition.Length;
        foreach (var (type, id) in Named(work.Reading.Parse(composition)))
        {
            if (!here.Add($"{type}/{id}") || type == LedgerReading.Type || !work.Engine.Types.Serves(type)) continue;
            if (work.Sight.See(work.Snapshot.Find(type, id)) is not { Version.IsDeleted: false } referred) continue;
            var body = work.Show(referred).Body.ToArray();
            if ((length += body.Length) > work.Engine.Limits.Answer) return Answer.TooCostly(work.Engine.Limits.Answer);
            Add(id, type, body);
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, body) in entries) hash.AppendData(body);
        var bundle = new BundleWriter("document", $"urn:uuid:{new Guid(hash.GetHashAndReset().AsSpan(0, 16))}", work.Now);
        foreach (var (url, body) in entries) bundle.Entry(url, body);
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };

        void Add(string id, string type, byte[] body) => entries.Add(($"{request.BaseUrl}/{type}/{id}", body));
    }

    /// <summary>What a document's reader needs: everything that the Composition refers to on this server, in the order of the text.</summary>
    private static IEnumerable<(string Type, string Id)> Named(Document composition)
    {
        for (var i = 1; i < composition.Count; i++)
            if (composition[i] is { Type.Name: "Reference" } node && Reference.Of(node) is { IsLocal: true, Type: { } type, Id: { } id }) yield return (type, id);
    }

    private static bool Persists(string query, out Answer? refusal)
    {
        var persist = QueryParser.Pairs(query).Where(pair => pair.Name == "persist").Select(pair => pair.Value).Distinct().ToList();
        refusal = persist is [] or ["true"] or ["false"] ? null : Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, "`persist` is true or false", key: "parameter");
        return persist is ["true"];
    }
}
