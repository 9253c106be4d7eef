using System.Collections.Concurrent;

namespace FhirCarePlan.Sharing;

/// <summary>Decides who may see what: a pure function of question, protocol and time. No database, no clock, no HTTP; its caches follow
/// from the protocol alone. Several threads may use it.</summary>
public sealed class Broker(Protocol protocol, ProtocolBits bits)
{
    private readonly record struct Desk(string Party, string? Role, string? Purpose, string? System, string Action, string Type, bool IsHome, bool HasPerson);

    private readonly ConcurrentDictionary<Desk, Applicable> found = new();
    private readonly HashSet<string> namedRoles = NamedRoles(protocol);

    public Protocol Protocol => protocol;
    public ProtocolBits Bits => bits;
    /// <summary>The decision about everything that the scopes of a token do not cover.</summary>
    public Decision OutOfScope { get; } = Reasons.OutOfScope(protocol);

    /// <summary>The decision with a reason for every category.</summary>
    public Decision Decide(Question question, DateTimeOffset now)
    {
        try
        {
            var weighing = Weigh(question, now);
            return new Decision(weighing.Permitted, new LazyReasons(protocol, bits, question, weighing, now));
        }
        catch (Exception)
        {
            // An error while deciding is a deny that says so: what cannot be evaluated must not be shown. Only here is every exception
            // caught.
            return Reasons.Error(protocol);
        }
    }

    /// <summary>The mask of the same decision, without its reasons.</summary>
    public long Permitted(Question question, DateTimeOffset now)
    {
        try
        {
            return Weigh(question, now).Permitted;
        }
        catch (Exception)
        {
            return 0;
        }
    }

    /// <summary>What the decisions about all persons have in common.</summary>
    public DecisionBasis Basis(Caller caller, string action, string type, bool isHome, bool hasPerson)
    {
        try
        {
            if (protocol.Party(caller.Party) is not { } party) return default;
            var applicable = Find(new Question(caller, action, type, isHome, hasPerson, 0, ConsentState.None), party);
            var asksConsent = !isHome && applicable.AsksConsent;
            // A Consent may name the care team, which is a matter of ties.
            return new(Open(applicable.Offered), Open(applicable.OfferedWithoutTie), applicable.AsksTies || asksConsent, asksConsent);

            long Open(long categories) =>
                (categories & ~applicable.Forbidden & ~applicable.Barred) is var open and not 0 ? open | bits.Labels : 0;
        }
        catch (Exception)
        {
            // The decisions themselves fail in the same way, and so deny everything.
            return default;
        }
    }

    private Weighing Weigh(Question question, DateTimeOffset now)
    {
        var caller = question.Caller;
        var weighing = new Weighing();
        var lapsed = question.IsHome ? null : Agreement.WhyNot(protocol, now);
        if (lapsed != null && !IsOfCaller(question)) return weighing.Stop("G1", lapsed);
        if (protocol.Party(caller.Party) is not { } party) return weighing.Stop("G2", "Your organisation is not a party to the sharing agreement.");
        if (party.Status != PartyStatus.Joined)
            return weighing.Stop("G2", $"Your organisation {(party.Status == PartyStatus.Suspended ? "is suspended from" : "has left")} the sharing agreement.");
        if (caller.Purpose is null) return weighing.Stop("G3", "You stated no purpose that the agreement knows. State one of your organisation's purposes.");
        if (protocol.Purpose(caller.Purpose) is not { } purpose || !purpose.Parties.Contains(party.Id))
            return weighing.Stop("G3", "The sharing agreement does not give your organisation the purpose you stated.");

        var applicable = Find(question, party);
        var kinds = question.HasPerson ? question.Kinds : 0;
        if (lapsed != null) kinds &= Relation.Self;
        var answer = !question.IsHome && applicable.AsksConsent
            ? new ConsentAnswer(protocol, bits, new(caller, party, purpose.Code, question.Type, kinds), question.HasPerson ? question.Consent : ConsentState.None, applicable.Offered, applicable.ClearsLabels)
            : default;
        if (lapsed == null) return weighing.Weigh(bits, applicable, kinds, answer, now);
        weighing.Lapsed = lapsed;
        return weighing.Weigh(bits, applicable.ToThemselves(), kinds, answer, now);
    }

    /// <summary>What parties agree on between themselves must not close a person's own record to them: the rules that open it to themselves
    /// hold without an agreement in force, and no others do.</summary>
    private static bool IsOfCaller(Question question) => question.HasPerson && (question.Kinds & Relation.Self) != 0;

    private Applicable Find(Question question, Party party)
    {
        var caller = question.Caller;
        // Roles that no rule names, and unknown types, get the answer of `all`. One entry serves them all, so that tokens cannot fill the
        // table.
        if (caller.Role is { } role && !namedRoles.Contains(role)) caller = caller with { Role = "" };
        var desk = new Desk(party.Id, caller.Role, caller.Purpose, caller.Issuer == SystemActor.Issuer ? caller.Client : null, question.Action, question.Type, question.IsHome, question.HasPerson);
        if (found.TryGetValue(desk, out var applicable)) return applicable;
        applicable = question.IsHome
            ? Applicable.AtHome(protocol, bits, party, caller, question.Action, question.Type)
            : Applicable.Disclosing(protocol, bits, party, caller, question.Action, question.Type, question.HasPerson);
        return found.Count < 50_000 ? found.GetOrAdd(desk, applicable) : applicable;
    }

    private static HashSet<string> NamedRoles(Protocol protocol) =>
    [
        .. protocol.Rules.SelectMany(r => r.Roles.Listed), .. protocol.Parties.SelectMany(p => p.Home).SelectMany(h => h.Roles.Listed),
        .. protocol.Bars.SelectMany(b => b.Roles.Listed),
    ];
}
