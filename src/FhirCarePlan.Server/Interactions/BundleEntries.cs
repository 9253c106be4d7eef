using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The entries of a batch or transaction as requests. In a transaction new resources get their ids first, and whatever refers to
/// an entry's fullUrl then refers to that id. https://hl7.org/fhir/R4/http.html#trules</summary>
public sealed class BundleEntries
{
    public sealed record Entry(FhirRequest? Request, Answer? Refusal);

    private readonly Pipeline pipeline;
    private readonly FhirRequest bundleRequest;
    private readonly Dictionary<string, string> assigned = new(StringComparer.Ordinal);
    private int? ambiguous;

    public BundleEntries(Pipeline pipeline, FhirRequest request, Node bundle, bool isTransaction)
    {
        (this.pipeline, bundleRequest) = (pipeline, request);
        var nodes = bundle.All("entry").ToList();
        var ids = nodes.Select(_ => "").ToArray();
        if (isTransaction)
            for (var i = 0; i < nodes.Count; i++) ids[i] = Assign(nodes[i], i);
        All = [.. nodes.Select((node, i) => Read(node, ids[i], isTransaction))];
    }

    public IReadOnlyList<Entry> All { get; }

    /// <summary>DELETE, POST, PUT, then reads; but whoever others are about comes before them, wherever the bundle has them, since the order of
    /// entries means nothing. https://hl7.org/fhir/R4/http.html#trules</summary>
    public IEnumerable<int> InOrder() => Enumerable.Range(0, All.Count).OrderBy(i => All[i].Request switch
    {
        null => -1,
        { Interaction.Action: "delete" } => 0,
        { Interaction.Writes: true, Type: "Patient" } => 1,
        { Interaction.Writes: true, Type: "Group" or "Device" or "Location" or "Organization" or "Practitioner" or "Medication" or "Substance" } => 2,
        { Interaction.Action: "create", Type: not "Provenance" } => 3,
        { Interaction.Action: "update", Type: not "Provenance" } => 4,
        { Interaction.Writes: true } => 5,
        _ => 6,
    });

    /// <summary>One resource may be written by one entry only, and a fullUrl names one entry only.</summary>
    public Answer? Clash()
    {
        if (ambiguous is { } entry) return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate, "Two entries of one transaction have the same `fullUrl`, so a reference to it could mean either", $"Bundle.entry[{entry}].fullUrl", "transaction-clash");
        var written = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < All.Count; i++)
            if (All[i].Request is { Interaction.Writes: true } request && !written.Add($"{request.Type}/{request.Id}"))
                return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate, "Two entries of one transaction write the same resource", $"Bundle.entry[{i}]", "transaction-clash");
        return null;
    }

    private string Assign(Node entry, int index)
    {
        var resource = entry["resource"];
        if (resource.IsMissing) return "";
        var (method, url) = (entry["request"].TextOf("method"), entry["request"].TextOf("url") ?? "");
        var id = method == "POST" ? RandomId.Next() : method == "PUT" ? url.Split('?')[0].Split('/') is [_, var given] ? given : "" : "";
        if (id.Length > 0 && entry.TextOf("fullUrl") is { } fullUrl && !assigned.TryAdd(fullUrl, $"{resource.Type.Name}/{id}")) ambiguous ??= index;
        return method == "POST" ? id : "";
    }

    private Entry Read(Node entry, string id, bool isTransaction)
    {
        var request = entry["request"];
        if (request.IsMissing || request.TextOf("url") is not { } url) return Refused(entry, "An entry needs `request.method` and `request.url`");
        if (request.TextOf("ifNoneExist") != null) return Refused(entry, "Conditional create is not supported yet");
        var at = url.IndexOf('?');
        var query = at < 0 ? "" : url[(at + 1)..];
        var path = (at < 0 ? url : url[..at]).Trim('/');
        if (path.StartsWith(bundleRequest.BaseUrl, StringComparison.Ordinal)) path = path[bundleRequest.BaseUrl.Length..].Trim('/');
        // A search by form is, within a bundle, a search by address.
        if (request.TextOf("method") is "GET" or "HEAD" && path.EndsWith("/_search", StringComparison.Ordinal)) path = path[..^"/_search".Length];
        if (pipeline.Table.Find(request.TextOf("method") ?? "", path) is not { Interaction.IsEntry: true } match || !IsServed(match) || match.Interaction.Parameters is { } known && Unknown(query, known))
            return new Entry(null, Answer.Refuse(AnswerKind.NotSupported, IssueType.NotSupported, "This server has no such interaction for an entry, or does not serve the type; see /fhir/metadata", request.Location));
        var resource = entry["resource"];
        var sends = match.Interaction.Body is BodyKind.Resource or BodyKind.Question;
        if (match.Interaction.Body == BodyKind.Resource && resource.IsMissing) return Refused(entry, "An entry that writes needs `resource`");
        return new Entry(bundleRequest with
        {
            Interaction = match.Interaction,
            Type = match.Type,
            Id = match.Interaction.Action == "create" ? id : match.Id,
            VersionId = match.VersionId,
            Query = query,
            Body = sends && !resource.IsMissing ? Body(resource, isTransaction) : default,
            BodyFormat = ResourceFormat.Json,
            IfMatch = request.TextOf("ifMatch"),
            IfNoneMatch = request.TextOf("ifNoneMatch"),
            IfNoneExist = null,
        }, null);
    }

    private bool IsServed(InteractionTable.Match match) => match.Interaction.TakesAnyType || pipeline.Engine.Types.Serves(match.Type);

    private static bool Unknown(string query, IReadOnlyList<string> known) =>
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Any(pair => pair.Split('=')[0] is var name && name is not ("_format" or "_pretty") && !known.Contains(name));

    private static Entry Refused(Node entry, string text) =>
        new(null, Answer.Refuse(AnswerKind.Malformed, IssueType.Required, text, entry.Location, "bundle-entry"));

    private ReadOnlyMemory<byte> Body(Node resource, bool isTransaction)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        CanonicalJson.Write(resource, buffer, isTransaction && assigned.Count > 0 ? new WriteOptions { Replace = Relink } : null);
        return buffer.WrittenMemory;
    }

    /// <summary>References, and what else may name an entry: uri, url, canonical, and links in narrative.</summary>
    private string? Relink(Node node) => node.Type.Name switch
    {
        "xhtml" => node.Text is { } text && text.Contains("urn:", StringComparison.Ordinal) ? assigned.Aggregate(text, (t, p) => t.Replace($"\"{p.Key}\"", $"\"{p.Value}\"", StringComparison.Ordinal)) : null,
        "uri" or "url" or "canonical" or "oid" or "uuid" => assigned.GetValueOrDefault(node.Text!),
        "string" when node.Name == "reference" && node.Parent.Type.Name == "Reference" => Target(node.Text!),
        _ => null,
    };

    private string? Target(string reference)
    {
        var at = reference.IndexOf('#');
        return assigned.TryGetValue(at < 0 ? reference : reference[..at], out var local) ? local : null;
    }
}
