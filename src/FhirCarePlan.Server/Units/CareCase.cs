using System.Text;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The records around the resources of one unit of work: as the unit leaves them, and as the writer sees them. It asks the store a
/// fixed number of times, however much is written: once for everything that is referred to, then once for each type that a rule asks about
/// the person.</summary>
public sealed class CareCase(Work work) : ICase
{
    private readonly Dictionary<string, StoredVersion?> fetched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Recorded?> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Person, string Asked), IReadOnlyList<StoredVersion>> about = [];
    private readonly SortedSet<string> unread = new(StringComparer.Ordinal);
    private IReadOnlyList<Written>? written;

    /// <summary>Types that the rules asked for and the scopes of the token do not cover: what a rule does not see, it cannot rule out.</summary>
    public IReadOnlyCollection<string> Unread => unread;

    public DateTimeOffset Now => work.Now;
    public TimeZoneInfo Zone => work.Engine.Clock.LocalTimeZone;
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, Zone).DateTime);
    public bool IsSystem => work.Caller.Issuer == SystemActor.Issuer;
    public string? Post => work.Caller.PractitionerRole;

    public bool IsOfAnotherParty(Node reference)
    {
        var protocol = work.InForce.Protocol;
        return !protocol.IsSoleParty && protocol.PartyOf(reference, work.World) is { } party && party != work.Caller.Party;
    }

    public IReadOnlyList<Written> AllWritten => written ??= [.. work.Staging.All.Select(Of)];

    /// <summary>Reads, in one question, those of these that were not read yet.</summary>
    public void Fetch(IEnumerable<string?> references)
    {
        var wanted = new List<(string, string)>();
        foreach (var reference in references)
        {
            if (reference is null || !Reference.TryKey(reference, out var type, out var id) || !fetched.TryAdd(reference, null)) continue;
            wanted.Add((type, id.ToString()));
        }
        if (wanted.Count == 0) return;
        foreach (var version in work.Snapshot.FindAll(wanted)) fetched[$"{version.Type}/{version.Id}"] = version;
    }

    public Recorded? Find(string? reference)
    {
        if (reference is null) return null;
        if (seen.TryGetValue(reference, out var known)) return known;
        if (Reference.TryKey(reference, out var type, out _) && !work.Sight.MayReadSome(type)) unread.Add(type);
        Fetch([reference]);
        return seen[reference] = Staged(reference) is { } own ? own.Now : View(fetched.GetValueOrDefault(reference));
    }

    public bool IsAboutAnother(Node reference, string person)
    {
        if (Reference.Of(reference).Local is not { } text) return false;
        if (Staged(text) is { } own) return own.Now?.Person is { } about && about != person;
        Fetch([text]);
        return fetched.GetValueOrDefault(text) is { IsDeleted: false, Person: { } other } version && other != person
            && (IsSystem || work.Sight.See(version) != null);
    }

    public IEnumerable<Recorded> Naming(string reference, string? person, string type) =>
        About(person, type, null, Encoding.UTF8.GetBytes(reference));

    public IEnumerable<Recorded> All(string? person, string type, string? code) => About(person, type, code, null);

    private IEnumerable<Recorded> About(string? person, string type, string? code, byte[]? naming)
    {
        if (person is null) yield break;
        foreach (var version in Stored(person, type, code))
        {
            if (naming != null && version.Body.AsSpan().IndexOf(naming) < 0) continue;
            if (work.Staging.Find(type, version.Id) is null && Seen(version) is { } view) yield return view;
        }
        foreach (var own in AllWritten)
            if (own.Now is { } now && now.Person == person && now.Type == type) yield return now;
    }

    private IReadOnlyList<StoredVersion> Stored(string person, string type, string? code)
    {
        if (!IsSystem && !work.Sight.MayReadAll(type, person)) unread.Add(type);
        var key = (person, $"{type} {code}");
        if (about.TryGetValue(key, out var known)) return known;
        work.Staging.Rely(person);
        about[key] = known = work.Snapshot.About(person, [type], code);
        foreach (var version in known) fetched.TryAdd($"{version.Type}/{version.Id}", version);
        return known;
    }

    private Written? Staged(string reference)
    {
        foreach (var own in AllWritten)
            if (own.Reference == reference) return own;
        return null;
    }

    private Written Of(Staged own)
    {
        var version = own.Version;
        return new Written(own.Sent is null ? null : Record(version, own.Effects.Person, own.Sent),
            own.Before is { } before
                ? new Recorded(before.Type, before.Id, before.Person, before.Document, before.Holder == work.Caller.Party) : null);
    }

    private Recorded? Seen(StoredVersion version)
    {
        var reference = $"{version.Type}/{version.Id}";
        return seen.TryGetValue(reference, out var known) ? known : seen[reference] = View(version);
    }

    private Recorded? View(StoredVersion? version)
    {
        if (version is null or { IsDeleted: true }) return null;
        if (IsSystem) return Record(version, version.Person, work.Reading.Parse(version.Body));
        if (work.Sight.See(version) is not { } part) return null;
        // Read for a rule, not shown to anybody: the ledger has nothing to note.
        var body = work.InForce.IsWhole(version.Type, part.Permitted) ? version.Body
            : work.InForce.View(version, part.Decision, new Shown(version.VersionId, version.LastUpdated), null);
        return Record(version, version.Person, work.Reading.Parse(body));
    }

    private Recorded Record(StoredVersion version, string? person, Document document) =>
        new(version.Type, version.Id, person, document, version.Holder == work.Caller.Party);
}
