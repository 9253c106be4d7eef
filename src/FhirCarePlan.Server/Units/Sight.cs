using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>One caller's sight of one snapshot: asks for a decision for each kind of standing it meets (src/docs/sharing.md#the-promise,
/// src/docs/sharing.md#search). The scopes of the token narrow the agreement's answer here, and nowhere else (src/docs/smart.md#scopes).</summary>
public sealed class Sight(Caller caller, Engine engine, ISnapshot snapshot, DateTimeOffset now, Func<string, IEnumerable<Tie>> tiesOfNew)
{
    private readonly InForce inForce = engine.InForce;
    // What the agreement says does not depend on the scopes.
    private readonly CallerDecisions desk = engine.InForce.For(caller.Scopes is null ? caller : caller with { Scopes = null, LaunchPatient = null });
    private readonly Narrowing? scopes = caller.Scopes is { } own ? new(own, Person(snapshot, caller.LaunchPatient), engine.Restrictions) : null;
    private readonly Dictionary<string, Known> persons = new(StringComparer.Ordinal);
    private StandingKey? key;

    public Caller Caller => caller;

    /// <summary>True once a person was met whose consent class is out of date: the work must be done again after it is mended.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>The caller's ties to persons, which the store must look up for a search.</summary>
    public StandingKey Key => key ??= new StandingKey(caller.Party ?? "", Actors(), SelfPerson(), Relation.Self, now);

    private List<string> Actors()
    {
        var actors = new List<string>(3);
        if (caller.PractitionerRole is { } role) actors.Add(role);
        if (caller.RelatedPerson is { } related) actors.Add(related);
        if (caller.Patient is { } patient) actors.Add(patient);
        return actors;
    }

    private string? SelfPerson() => Person(snapshot, caller.Patient);

    private static string? Person(ISnapshot snapshot, string? patient) =>
        patient is not null && patient.StartsWith("Patient/", StringComparison.Ordinal) ? snapshot.PersonOfPatient(patient["Patient/".Length..]) : null;

    /// <summary>The decision for one stored resource, or one about to be stored, by the ties that are backed with regard to its
    /// holder.</summary>
    /// <param name="action">`read`, `search`, `create`, `update` or `delete`; a search is reading to the agreement, and not to scopes.</param>
    public Decision Decide(string action, StoredVersion version) => Decide(action, version, version.Person);

    /// <param name="person">Null where the person is not stored yet.</param>
    public Decision Decide(string action, StoredVersion version, string? person)
    {
        var known = person is null ? null : Of(person);
        var kinds = known?.Kinds(version.Holder, version.Type, version.Id) ?? 0;
        return Decide(action, version.Type, version.Holder == caller.Party, person != null, known?.ConsentClass ?? 0, kinds);
    }

    /// <summary>The decision for everything that a holder has of a type about a person, apart from what a single resource's tie
    /// opens.</summary>
    public Decision Decide(string action, string type, string holder, string? person)
    {
        var known = person is null ? null : Of(person);
        return Decide(action, type, holder == caller.Party, person != null, known?.ConsentClass ?? 0, known?.Kinds(holder, type, "") ?? 0);
    }

    public Decision Decide(string action, string type, bool isHome, bool hasPerson, int consentClass, long kinds) =>
        scopes is { } left && !left.Covers(action, type, hasPerson) ? inForce.Broker.OutOfScope
        : desk.Decide(ToAgreement(action), type, isHome, hasPerson, kinds, State(consentClass), now);

    private static string ToAgreement(string action) => action == "search" ? "read" : action;

    /// <summary>What the decisions about everybody have in common.</summary>
    public DecisionBasis Basis(string action, string type, bool isHome) => inForce.Broker.Basis(desk.Caller, ToAgreement(action), type, isHome, hasPerson: true);

    /// <summary>The parts of the view that the scopes leave to a search; null: all of it.</summary>
    public IReadOnlyList<Part>? Only(string type) => scopes?.Parts("search", type);

    /// <summary>The scopes let the caller read everything of a type about a person, or nobody.</summary>
    public bool MayReadAll(string type, string? about) => scopes?.CoversAll("read", type, about) ?? true;

    /// <summary>The scopes let the caller read everything of a type about somebody.</summary>
    public bool MayReadSome(string type) => scopes?.Parts("read", type) is not { } parts || parts.Any(p => p.Criteria.Count == 0);

    /// <summary>The scopes let the caller do this with a resource as it is about to be stored.</summary>
    public bool IsInScope(string action, StoredVersion version, Decision agreed) => scopes?.Covers(action, version, agreed.Permitted, isHead: false) ?? true;

    /// <summary>What the agreement alone says of reading it.</summary>
    public Decision Agreed(StoredVersion version, string? person)
    {
        var known = person is null ? null : Of(person);
        return desk.Decide("read", version.Type, version.Holder == caller.Party, person != null, known?.Kinds(version.Holder, version.Type, version.Id) ?? 0,
            State(known?.ConsentClass ?? 0), now);
    }

    /// <summary>At which gate reading it was refused: the agreement's, else the scopes.</summary>
    public string FailedGate(StoredVersion version) =>
        Agreed(version, version.Person) is var agreed && (version.RootMask & ~agreed.Permitted) == 0
            ? Sharing.Smart.Scopes.Gate : inForce.FailedGate(agreed, version.RootMask);

    private ConsentState State(int consentClass) => consentClass == 0 ? ConsentState.None : inForce.State(consentClass, snapshot);

    /// <summary>The caller's ties to a person for what their own party holds or is about to write.</summary>
    public long Kinds(string person) => Of(person).Kinds(Key.Party, "", "");

    /// <param name="Ties">Those of the caller in force.</param>
    private sealed record Known(int ConsentClass, long Besides, IReadOnlyList<Backing> Ties)
    {
        public long Kinds(string holder, string type, string id)
        {
            var kinds = Besides;
            foreach (var tie in Ties)
                if (tie.Opens(holder, type, id)) kinds |= tie.Kind;
            return kinds;
        }
    }

    private Known Of(string key)
    {
        if (persons.TryGetValue(key, out var known)) return known;
        var person = snapshot.FindPerson(key);
        IsOutdated |= person?.NextBoundary <= now;
        var besides = Key.SelfPerson == key ? Key.SelfKind : 0;
        if (person != null) return persons[key] = new Known(person.ConsentClass, besides, [.. snapshot.Backings(key).Where(IsOfCaller)]);
        // A person whom this unit of work creates is unknown to others, and the unit's statements about them may still change.
        return new Known(0, besides,
            [.. tiesOfNew(key).Select(t => new Backing(t.Person, t.Party, t.Kind, t.Actor, t.From, t.To, Key.Party)).Where(IsOfCaller)]);
    }

    private bool IsOfCaller(Backing tie) =>
        tie.Party == Key.Party && tie.From <= now && (tie.To is null || tie.To > now)
            && (tie.Actor is null || Key.Actors.Contains(tie.Actor));

    /// <summary>Null when the resource is not in the caller's view.</summary>
    public Seen? See(StoredVersion? version) => See(version, "read", isHead: false);

    /// <param name="action">What the caller wants to do with it: a scope may let them change what they may not read.</param>
    /// <param name="isHead">Without its content, which must be seen again before it is shown.</param>
    public Seen? See(StoredVersion? version, string action, bool isHead)
    {
        if (version is null) return null;
        var decision = Agreed(version, version.Person);
        return (version.RootMask & ~decision.Permitted) == 0 && (scopes?.Covers(action, version, decision.Permitted, isHead) ?? true)
            ? new Seen(version, decision) : null;
    }

    /// <summary>The caller lacks nothing that resources of the type can carry, nor any of its versions.</summary>
    public bool IsWhole(Seen seen) =>
        inForce.IsWhole(seen.Version.Type, seen.Permitted) && (scopes?.Parts("read", seen.Version.Type) is not { } parts || parts.Any(p => p.Criteria.Count == 0));

    /// <summary>The version that the caller sees of something in their view.</summary>
    public Shown Shown(Seen seen)
    {
        var version = seen.Version;
        if (IsWhole(seen) || Sharing.Labelling.Changes.Seen(version.Changes, seen.Permitted))
            return new Shown(version.VersionId, version.LastUpdated);
        return snapshot.VisibleVersion(version.Type, version.Id, seen.Permitted) is { } own
            ? new Shown(own.VersionId, own.LastUpdated) : new Shown(version.VersionId, version.LastUpdated);
    }
}

/// <summary>A resource in a caller's view, with the decision that lets it be there.</summary>
public sealed record Seen(StoredVersion Version, Decision Decision)
{
    public long Permitted => Decision.Permitted;
}
