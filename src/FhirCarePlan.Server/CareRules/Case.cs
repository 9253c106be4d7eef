using System.Text;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.CareRules;

/// <summary>What is known around the resources of one unit of work: as the unit leaves it, and as the writer sees it. The store is asked a fixed
/// number of times, whatever is written: for all that is referred to at once, then for what of each type a rule asks of is about the person.</summary>
public sealed class Case(Work work)
{
    private readonly Dictionary<string, StoredVersion?> fetched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Known?> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Person, string Asked), IReadOnlyList<StoredVersion>> about = [];

    public DateTimeOffset Now => work.Now;
    public TimeZoneInfo Zone => work.Engine.Clock.LocalTimeZone;
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, Zone).DateTime);
    public Caller Caller => work.Caller;
    public Work Work => work;

    /// <summary>The service's own actors answer to nobody, so nothing need be kept from them.</summary>
    public bool IsSystem => work.Caller.Issuer == SystemActor.Issuer;

    /// <summary>True for what the caller's party holds: what he can mend in the same transaction.</summary>
    public bool IsOurs(Known resource) => resource.Holder == work.Caller.Party;

    /// <summary>Reads in one question whatever of these was not read yet.</summary>
    public void Fetch(IEnumerable<string?> references)
    {
        var wanted = new List<(string, string)>();
        foreach (var reference in references)
        {
            if (reference is null || reference.IndexOf('/') is not (> 0 and var slash) || !fetched.TryAdd(reference, null)) continue;
            wanted.Add((reference[..slash], reference[(slash + 1)..]));
        }
        if (wanted.Count == 0) return;
        foreach (var version in work.Snapshot.FindAll(wanted)) fetched[$"{version.Type}/{version.Id}"] = version;
    }

    /// <summary>What this reference leads to; null when there is nothing, or nothing that the writer may see.</summary>
    public Known? Find(string? reference)
    {
        if (reference is null) return null;
        if (seen.TryGetValue(reference, out var known)) return known;
        Fetch([reference]);
        return seen[reference] = work.WrittenAs(reference) is { } written ? written.Now : View(fetched.GetValueOrDefault(reference));
    }

    /// <summary>Leads to something about another person that the writer may see. Costs no parsing.</summary>
    public bool IsAboutAnother(Node reference, string person)
    {
        if (References.LocalText(reference) is not { } text) return false;
        if (work.WrittenAs(text) is { } written) return written.Now?.Person is { } own && own != person;
        Fetch([text]);
        return fetched.GetValueOrDefault(text) is { IsDeleted: false, Person: { } other } version && other != person && (IsSystem || work.Sight.See(version) != null);
    }

    public Known? Find(Node reference) => Find(References.LocalText(reference));

    /// <summary>The episodes, care teams or care plans of a person.</summary>
    public IEnumerable<Known> All(string? person, string type) => About(person, type, null, null);

    /// <summary>Those of them that name this resource (`CareTeam/x`) at all; the others are not read.</summary>
    public IEnumerable<Known> Naming(string reference, string? person, string type) => About(person, type, null, Encoding.UTF8.GetBytes(reference));

    /// <summary>Everything of a type about a person, or what of it has a code.</summary>
    public IEnumerable<Known> All(string? person, string type, string? code) => About(person, type, code, null);

    private IEnumerable<Known> About(string? person, string type, string? code, byte[]? naming)
    {
        if (person is null) yield break;
        foreach (var version in Stored(person, type, code))
        {
            if (naming != null && version.Body.AsSpan().IndexOf(naming) < 0) continue;
            if (work.WrittenAs($"{type}/{version.Id}") is null && Seen(version) is { } view) yield return view;
        }
        foreach (var written in work.AllWritten)
            if (written.Now is { } now && now.Person == person && now.Type == type) yield return now;
    }

    private IReadOnlyList<StoredVersion> Stored(string person, string type, string? code)
    {
        var key = (person, $"{type} {code}");
        if (about.TryGetValue(key, out var known)) return known;
        work.Rely(person);
        about[key] = known = work.Snapshot.About(person, [type], code);
        foreach (var version in known) fetched.TryAdd($"{version.Type}/{version.Id}", version);
        return known;
    }

    private Known? Seen(StoredVersion version)
    {
        var reference = $"{version.Type}/{version.Id}";
        return seen.TryGetValue(reference, out var known) ? known : seen[reference] = View(version);
    }

    private Known? View(StoredVersion? version)
    {
        if (version is null or { IsDeleted: true }) return null;
        if (IsSystem) return work.KnownOf(version);
        if (work.Sight.See(version) is not { } part) return null;
        if (work.InForce.IsWhole(part)) return work.KnownOf(version);
        var body = work.InForce.View(part, new Shown(version.VersionId, version.LastUpdated), null);
        return new Known(version.Type, version.Id, version.Holder, version.Person, work.Parse(body, new Report()) ?? throw new InvalidDataException("a view does not parse"));
    }
}
