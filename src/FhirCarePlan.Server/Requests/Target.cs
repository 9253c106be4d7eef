using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Requests;

/// <summary>The target of an address in the caller's view: a stored resource, something of the service's own (a definition, an event of the
/// ledger), or nothing, whether it is absent, hidden, or deleted and hidden.</summary>
/// <param name="Seen">The stored version in the caller's view.</param>
/// <param name="Own">The whole answer, for a target that is not a stored resource.</param>
/// <param name="Stored">The stored resource, in view or not: only for the ledger and the store's own checks. A hidden one comes without its
/// content, unless it is deleted under an id that the caller could take.</param>
/// <param name="StandIn">For an absent target: another resource, which gets the same lookups as a hidden one (src/docs/sharing.md#leaks, 15
/// and 45).</param>
public sealed record Target(Seen? Seen, Answer? Own, StoredVersion? Stored, StoredVersion? StandIn = null)
{
    public static Target None { get; } = new(null, null, null);

    public bool IsHere => Seen != null || Own != null;

    public static Target Find(Work work, FhirRequest request) => request.Interaction.Level switch
    {
        Level.Instance => Instance(work, request),
        Level.Version => Version(work, request),
        _ => None,
    };

    private static Target Instance(Work work, FhirRequest request)
    {
        var action = request.Interaction.Action ?? "read";
        if (request.Type == LedgerReading.Type) return new Target(null, LedgerReading.Find(work, request.Id), null);
        // The definitions that the server works by are the same for every caller.
        if (!request.Interaction.Writes && work.Engine.Definitions.Catalogue.ById(request.Type, request.Id)?.Write() is { } definition)
            return new Target(null, new Answer(AnswerKind.Ok) { Body = definition }, null);
        // A read in a transaction comes after its writes; whether it may see them is decided on the state before
        // (src/docs/sharing.md#transactions).
        if (work.Staging.Find(request.Type, request.Id) is { Version: var own }) return new Target(See(own), null, own);
        // Decides on the columns beside the content: hidden content is not read, and an absent target is decided alike.
        if (work.Snapshot.Head(request.Type, request.Id) is not var (head, isIt)) return None;
        var isSeen = work.Sight.See(head, action, isHead: true) != null;
        if (!isIt) return new Target(null, null, null, head);
        if (!isSeen && !(request.Interaction.Writes && head.IsDeleted)) return new Target(null, null, head);
        var version = work.Snapshot.Find(request.Type, request.Id);
        return new Target(isSeen ? See(version) : null, null, version);

        Seen? See(StoredVersion? found) => work.Sight.See(found, action, isHead: false);
    }

    /// <summary>A caller with a partial view of the type sees only the current version; any other is not found
    /// (src/docs/sharing.md#versions-and-time). Old versions are decided by today's rules and by their own labels.</summary>
    private static Target Version(Work work, FhirRequest request)
    {
        var current = Instance(work, request);
        if (current.Own != null) return current.Own.VersionId is null || current.Own.VersionId == request.VersionId ? current : None;
        if (current.Seen is not { } seen || work.Sight.Shown(seen).VersionId == request.VersionId) return current;
        var old = work.Sight.IsWhole(seen) ? work.Version(request.Type, request.Id, request.VersionId) : null;
        return current with { Seen = work.Sight.See(old) is { } older && work.Sight.IsWhole(older) ? older : null };
    }
}
