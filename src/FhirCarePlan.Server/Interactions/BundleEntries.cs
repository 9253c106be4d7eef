using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The entries of a batch or transaction as requests. In a transaction new resources get their ids first; references to an entry's
/// fullUrl then become references to that id. https://hl7.org/fhir/R4/http.html#trules</summary>
public sealed class BundleEntries
{
    /// <param name="Request">Null for an entry that is refused before it runs.</param>
    /// <param name="Links">Null for an entry without a resource.</param>
    public sealed record Entry(FhirRequest? Request, Answer? Refusal, Node Resource = default, EntryLinks? Links = null)
    {
        /// <summary>HEAD: answered as GET, without the body.</summary>
        public bool IsHead { get; init; }

        /// <summary>A stored resource comes back only to a client that asks for it.</summary>
        public bool HasBody(Answer answer) =>
            answer.IsSuccess && !IsHead && (Request is not { Interaction.Writes: true } || Request.Prefers == Return.Representation);

        /// <summary>Of its part of the answer, about.</summary>
        public long Length(Answer answer) => 200 + (HasBody(answer) ? answer.Body.Length : 0);

        /// <summary>With the conditional references of its resource resolved.</summary>
        public FhirRequest Resolved(IReadOnlyDictionary<string, string> found) =>
            Links is { Conditions.Count: > 0 } ? Request! with { Body = Links.Write(Resource, found) } : Request!;
    }

    private readonly Pipeline pipeline;
    private readonly FhirRequest bundleRequest;
    private readonly bool isTransaction;
    private readonly EntryNames names;
    private readonly ArrayBufferWriter<byte> scratch = new();
    private int? ambiguous;

    /// <param name="conditions">Of a transaction with entries that are named by criteria.</param>
    internal BundleEntries(Pipeline pipeline, FhirRequest request, Node bundle, bool isTransaction, EntryConditions? conditions = null)
    {
        (this.pipeline, bundleRequest, this.isTransaction, Conditions) = (pipeline, request, isTransaction, conditions);
        names = new EntryNames(pipeline.Engine.Own.All);
        var nodes = bundle.All("entry").ToList();
        var named = new Named[nodes.Count];
        if (isTransaction)
            for (var i = 0; i < nodes.Count; i++) named[i] = Name(nodes[i], i);
        All = [.. nodes.Select((node, i) => named[i].Refusal is { } refusal ? new Entry(null, refusal) : Read(node, named[i]))];
    }

    public IReadOnlyList<Entry> All { get; }
    internal EntryConditions? Conditions { get; }

    /// <summary>One resource may be written by one entry only, and a fullUrl names one entry only.</summary>
    public Answer? Clash()
    {
        if (ambiguous is { } entry)
            return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate,
            "Two entries of one transaction have the same `fullUrl`, so a reference to it could mean either",
            $"Bundle.entry[{entry}].fullUrl", "transaction-clash");
        var written = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < All.Count; i++)
            // What patches and deletes find by criteria shows when they are performed.
            if (All[i].Request is { Interaction.Writes: true, Existing: null, Id.Length: > 0 } request && !written.Add($"{request.Type}/{request.Id}"))
                return Overlap(i);
        return null;
    }

    internal static Answer Overlap(int entry) => Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate, "Two entries of one transaction write the same resource",
        $"Bundle.entry[{entry}]", "transaction-clash");

    /// <param name="Id">Of a new resource; empty for any other entry.</param>
    /// <param name="Decided">What an entry with criteria comes to.</param>
    private readonly record struct Named(string? Id, FhirRequest? Decided = null, Answer? Refusal = null);

    private Named Name(Node entry, int index)
    {
        var resource = entry["resource"];
        var request = entry["request"];
        var method = request.TextOf("method");
        if (resource.IsMissing || method is not ("POST" or "PUT") || Find(request) is not { Interaction.Writes: true } match) return default;
        FhirRequest? decided = null;
        if (Conditions != null && (match.Interaction.Level == Level.Type && method == "PUT" || request.TextOf("ifNoneExist") != null && match.Interaction.Action == "create"))
        {
            Path(request, out var query);
            var asked = bundleRequest with
            {
                Interaction = match.Interaction,
                Type = match.Type,
                Query = query,
                IfMatch = request.TextOf("ifMatch"),
                IfNoneExist = request.TextOf("ifNoneExist"),
            };
            // Unlike the others it is a resource of the address before it is read.
            if (resource.Type.Name != match.Type) return default;
            decided = Conditions.Decide(asked, entry, out var refusal);
            if (decided is null) return new(null, null, refusal);
        }
        var id = decided?.Id ?? (method == "POST" ? RandomId.Next() : match.Id);
        var keptAs = $"{resource.Type.Name}/{id}";
        var isOwn = true;
        if (entry.TextOf("fullUrl") is { Length: > 0 } fullUrl) isOwn = names.TryAdd(fullUrl, keptAs);
        else if (method == "POST" && resource.TextOf("id") is { } given) names.Shadow($"{resource.Type.Name}/{given}", keptAs);
        // What an update writes is known by its address too.
        if (method == "PUT") isOwn &= names.TryAdd(keptAs, keptAs);
        if (!isOwn) ambiguous ??= index;
        return new(method == "POST" ? id : null, decided);
    }

    private InteractionTable.Match? Find(Node request) =>
        pipeline.Table.Find(request.TextOf("method") is "HEAD" ? "GET" : request.TextOf("method") ?? "", Path(request, out _));

    /// <summary>Below the base, without query.</summary>
    private string Path(Node request, out string query)
    {
        var url = request.TextOf("url") ?? "";
        if (pipeline.Engine.Own.All.Relative(url) is { } below) url = below;
        else if (url.StartsWith(bundleRequest.BaseUrl, StringComparison.Ordinal)) url = url[bundleRequest.BaseUrl.Length..];
        var at = url.IndexOf('?');
        query = at < 0 ? "" : url[(at + 1)..];
        var path = (at < 0 ? url : url[..at]).Trim('/');
        // A search by form is, within a bundle, a search by address.
        return request.TextOf("method") is "GET" or "HEAD" && path.EndsWith("/_search", StringComparison.Ordinal)
            ? path[..^"/_search".Length] : path;
    }

    private Entry Read(Node entry, in Named named)
    {
        var request = entry["request"];
        if (request.IsMissing || request.TextOf("method") is null || request.TextOf("url") is null)
            return Refused(entry, "An entry needs `request.method` and `request.url`");
        if (entry.TextOf("fullUrl")?.Contains("/_history/", StringComparison.Ordinal) == true)
            return Refused(entry["fullUrl"], "A `fullUrl` must not name a version (bdl-8)", "bdl-8", IssueType.Value);
        var path = Path(request, out var query);
        if (Find(request) is not { } match) return new Entry(null, At(request, AddressCheck.NotServed(pipeline.Table, path)));
        if (!match.Interaction.IsEntry)
            return new Entry(null,
            Answer.Refuse(AnswerKind.NotSupported, IssueType.NotSupported,
            "This server does not do this in an entry; /fhir/metadata lists what it does", request.Location));
        if (AddressCheck.Of(match.Interaction, match.Type, query, query.Length + path.Length, pipeline.Engine.Types,
            pipeline.Engine.Limits, bundleRequest.IsLenient) is { } wrong) return new Entry(null, At(request, wrong));
        var resource = entry["resource"];
        if (match.Interaction.Body is BodyKind.Resource or BodyKind.Patch && resource.IsMissing)
            return Refused(entry, "An entry that writes needs `resource`");
        if (EntryPatch.Read(match.Interaction, resource, out var patch) is { } unreadable) return new Entry(null, unreadable);
        var links = match.Interaction.Body is BodyKind.Resource or BodyKind.Question or BodyKind.Patch && !resource.IsMissing && patch is null
            ? new EntryLinks(names, pipeline.Engine.Own.All, names.BaseOf(entry.TextOf("fullUrl")), isTransaction, scratch) : null;
        var body = links?.Write(resource) ?? patch?.Body ?? default;
        if (links is { Issues.Count: > 0 }) return new Entry(null, Answer.Invalid(links.Issues));
        // What a matched create was sent with is not stored, so its references need not lead anywhere.
        if (named.Decided?.Existing != null) links = null;
        return new Entry((named.Decided ?? bundleRequest with
        {
            Interaction = match.Interaction,
            Type = match.Type,
            Id = match.Interaction.Action == "create" ? named.Id ?? "" : match.Id,
            Compartment = match.Compartment,
            VersionId = match.VersionId,
            Query = query,
            IfNoneExist = request.TextOf("ifNoneExist"),
        }) with
        {
            Body = body,
            PatchFormat = patch?.Format ?? default,
            BodyFormat = ResourceFormat.Json,
            IfMatch = request.TextOf("ifMatch"),
            IfNoneMatch = request.TextOf("ifNoneMatch"),
            IfModifiedSince = Instant.Read(request.TextOf("ifModifiedSince")),
            IsEntry = !isTransaction,
        }, null, resource, links)
        { IsHead = request.TextOf("method") is "HEAD" };
    }

    private static Entry Refused(Node at, string text, string key = "bundle-entry", string code = IssueType.Required) =>
        new(null, Answer.Refuse(AnswerKind.Malformed, code, text, at.Location, key));

    private static Answer At(Node request, Answer answer) =>
        answer with { Issues = [.. answer.Issues.Select(i => i with { Expression = request.Location })] };
}
