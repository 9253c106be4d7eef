using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Explain;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Views;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Core;

/// <summary>The protocol in force and what is compiled from it: decisions, labels, views, write rules. A process enforces one.</summary>
public sealed class InForce
{
    private readonly DecisionCache cache;
    private readonly Labeller labeller;
    private readonly MarksTable marks;
    private readonly Explanation explanation;
    private readonly ConditionalWeakTable<Decision, Rulings> rulings = [];

    public InForce(Protocol protocol, IStore store, TimeProvider clock, TimeZoneInfo zone)
    {
        Protocol = protocol;
        Bits = new ProtocolBits(protocol, store.CategoryBits(ProtocolBits.NamesOf(protocol)));
        Broker = new Broker(protocol, Bits);
        cache = new DecisionCache(Broker);
        labeller = new Labeller(protocol, Bits, clock);
        marks = new MarksTable(protocol, Bits, labeller);
        explanation = new Explanation(protocol, Bits, labeller);
        Writing = new WriteJudge(Broker, zone);
    }

    public Protocol Protocol { get; }
    public ProtocolBits Bits { get; }
    public Broker Broker { get; }
    public WriteJudge Writing { get; }
    public long AuditBit => Bits.Of(Category.Audit);

    public CallerDecisions For(Caller caller) => cache.For(caller);

    // ---- views ------------------------------------------------------------------------------------------------------------

    /// <summary>A caller who is permitted this mask sees everything that resources of the type can carry.</summary>
    public bool IsWhole(string type, long permitted) => (WholeView(type) & ~permitted) == 0;

    /// <summary>Everything that resources of the type can carry.</summary>
    public long WholeView(string type) => labeller.WholeView(type);

    public byte[] View(StoredVersion version, Decision decision, Shown shown, PartAsked? part)
    {
        var permitted = decision.Permitted;
        // A whole view is the stored bytes. In a partial one `meta` is rewritten with the version that this caller sees as current.
        ViewVersion? other = IsWhole(version.Type, permitted) ? null : new ViewVersion(shown.VersionId, Instant.Text(shown.LastUpdated));
        var view = Sharing.Views.View.Write(version.Body, version.Labels, permitted, marks.For(version.Type, permitted), other);
        return part is null ? view : part.Of(view);
    }

    public byte[] Explain(string type, Decision decision) => explanation.Write(type, decision);

    // ---- labels -----------------------------------------------------------------------------------------------------------

    /// <param name="Packed">Stored beside the body.</param>
    /// <param name="Changes">The masks under which something changed since the version before.</param>
    public sealed record Labelled(Labels Labels, byte[] Packed, IReadOnlyList<long> Changes)
    {
        public long ChangeMask => Changes.Aggregate(0L, (a, b) => a | b);
    }

    /// <param name="body">Written from the document, with `meta` in place of its own.</param>
    /// <param name="rootOf">`Condition/x` → the root labels of the stored resource.</param>
    /// <param name="before">The version that this one replaces, labelled by today's definitions; null for the first and after a
    /// deletion.</param>
    public Labelled Label(Func<string, long?> rootOf, Document document, byte[] body, ReadOnlySpan<byte> meta, (Document, Labels)? before)
    {
        var labels = labeller.Label(document, meta, rootOf);
        var changes = Changes.Between(before, (document, labels));
        // A version in which nothing changed is one for those who see all of the type. The writer is among them, so the tag of the answer holds.
        if (changes.Count == 0) changes = [labeller.CanCarry(document.Type.Name) | labels.Root];
        return new Labelled(labels, LabelBytes.Pack(document, labels, body), changes);
    }

    /// <summary>Every category that may choose a resource of the type.</summary>
    public long RootsOf(string type) => labeller.RootsOf(type);

    /// <summary>All that the root of a resource of the type may bear.</summary>
    public long AbsentRoot(string type) => labeller.AbsentRoot(type);

    public Labels Label(Func<string, long?> rootOf, Document stored) => labeller.Label(stored, default, rootOf);

    /// <summary>A few kilobytes each, once they are read.</summary>
    private const int MostStates = 5_000;
    private readonly ConcurrentDictionary<int, ConsentState> states = new();

    /// <summary>The interned consent state; states never change, but one that is only supposed may be taken back and its number given to
    /// another.</summary>
    public ConsentState State(int consentClass, ISnapshot snapshot)
    {
        if (states.TryGetValue(consentClass, out var known)) return known;
        var state = new ConsentState(snapshot.ConsentState(consentClass));
        return snapshot.IsPassing ? state : Keep(consentClass, state);
    }

    private ConsentState Keep(int consentClass, ConsentState state)
    {
        if (states.Count >= MostStates) states.Clear();
        return states[consentClass] = state;
    }

    // ---- reasons ----------------------------------------------------------------------------------------------------------

    private sealed record Rulings(IReadOnlyList<string> Permits, IReadOnlyList<string> Denials);

    /// <summary>`protocol|version#rule` of every rule that permitted, or refused, something.</summary>
    public IReadOnlyList<string> Policies(Decision decision, bool isPermit)
    {
        var known = rulings.GetValue(decision, d => new Rulings(Cite(d, true), Cite(d, false)));
        return isPermit ? known.Permits : known.Denials;
    }

    private string[] Cite(Decision decision, bool isPermit) =>
        [.. decision.Reasons.Where(r => r.IsPermitted == isPermit).SelectMany(r => r.Rules.Count > 0 ? r.Rules : [r.Gate]).Distinct().Select(r => $"{Protocol.Canonical}#{r}")];

    /// <summary>The gate at which the categories of the root failed.</summary>
    public string FailedGate(Decision decision, long rootMask) =>
        decision.Reasons.FirstOrDefault(r => !r.IsPermitted && (Bits.Of(r.Category) & rootMask) != 0)?.Gate ?? "G9";
}

/// <summary>The version a caller sees as current: the newest in which something changed that they may see
/// (src/docs/sharing.md#versions-and-time).</summary>
public readonly record struct Shown(string VersionId, DateTimeOffset LastUpdated);
