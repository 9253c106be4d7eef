using FhirCarePlan.Storage.Engine;
using System.Collections.Concurrent;

namespace FhirCarePlan.Storage.Reading;

/// <summary>The kinds of tie that persons have to a party. Reading all relationships of a large party takes a tenth of a second, so the
/// result is kept, and after a change only the persons touched are read again. The answer may hold kinds that nobody has any more, which
/// match nothing; it never lacks one.</summary>
internal sealed class StandingReader
{
    /// <summary>After more changes than this, reading everything again is cheaper.</summary>
    private const int MostTouched = 2_000;

    /// <param name="Touched">The last row of person_touched that is accounted for.</param>
    /// <param name="From">True from then …</param>
    /// <param name="Until">… until the next period of the party begins or ends, not included.</param>
    private sealed record Seen(long Touched, long From, long Until, HashSet<Standing> Standings);

    private readonly ConcurrentDictionary<string, Seen> parties;

    public StandingReader() => parties = new();

    /// <summary>Begins with what another knows, and tells it nothing.</summary>
    public StandingReader(StandingReader other) => parties = new(other.parties);

    /// <param name="touched">The last row of person_touched in this snapshot.</param>
    public IReadOnlyList<Standing> Read(Connection connection, StandingKey key, long touched)
    {
        var standings = new HashSet<Standing> { new(null, 0), new(0, 0) };
        using (var classes = connection.Use("""
            WITH RECURSIVE class (no) AS
            (
                SELECT min(consent_class) FROM person
                UNION ALL
                SELECT (SELECT min(consent_class) FROM person WHERE consent_class > class.no) FROM class WHERE class.no IS NOT NULL
            )
            SELECT no FROM class WHERE no IS NOT NULL
            """))
            while (classes.Step()) standings.Add(new(classes.Int32(0), 0));
        standings.UnionWith(OfParty(connection, key, touched));
        foreach (var person in OfActors(connection, key)) AddOne(connection, key, person, 0, standings);
        if (PersonReader.Number(connection, key.SelfPerson) is var self and not 0) AddOne(connection, key, self, key.SelfKind, standings);
        return [.. standings];
    }

    /// <summary>By the rows that hold for the whole party.</summary>
    private HashSet<Standing> OfParty(Connection connection, StandingKey key, long touched)
    {
        var (party, now) = (key.Party, key.Now.UtcTicks);
        if (parties.TryGetValue(party, out var seen) && seen.Touched <= touched && touched - seen.Touched <= MostTouched && seen.From <= now
            && now < seen.Until)
        {
            if (seen.Touched == touched) return seen.Standings;
            seen = Update(connection, party, seen, now, touched);
        }
        else seen = ReadAll(connection, party, now, touched);
        parties[party] = seen;
        return seen.Standings;
    }

    private static Seen ReadAll(Connection connection, string party, long now, long touched)
    {
        using var rows = connection.Use("""
            SELECT p.consent_class, k.person, k.regard, k.kind, k.since, k.until FROM backing k CROSS JOIN person p ON p.no = k.person
            WHERE k.party = ?1 AND k.actor = '' ORDER BY k.person
            """).Bind(1, party);
        return Add(rows, new Seen(touched, now, Ticks.Never, []), now);
    }

    /// <summary>Adds the kinds that the touched persons had at any time since the first reading: requests do not come in the order of their
    /// clocks.</summary>
    private static Seen Update(Connection connection, string party, Seen seen, long now, long touched)
    {
        using var rows = connection.Use("""
            SELECT p.consent_class, k.person, k.regard, k.kind, k.since, k.until
            FROM (SELECT DISTINCT person FROM person_touched WHERE no > ?2 AND no <= ?3) t
            CROSS JOIN person p ON p.no = t.person
            CROSS JOIN backing k ON k.party = ?1 AND k.person = t.person AND k.actor = ''
            ORDER BY t.person
            """).Bind(1, party).Bind(2, seen.Touched).Bind(3, touched);
        return Add(rows, seen with { Touched = touched, Standings = [.. seen.Standings] }, now);
    }

    private static Seen Add(Statement rows, Seen seen, long now)
    {
        var (until, person, consentClass) = (seen.Until, 0L, 0);
        var ties = new StandingTies();
        while (rows.Step())
        {
            if (rows.Int64(1) != person) Finish();
            (consentClass, person) = (rows.Int32(0), rows.Int64(1));
            ties.Add(rows.Bytes(2), rows.Int64(3), rows.Int64(4), rows.Int64(5));
        }
        Finish();
        return seen with { Until = until };

        void Finish()
        {
            ties.AddAt(seen.From, consentClass, 0, seen.Standings);
            foreach (var boundary in ties.Boundaries)
                if (boundary > now) until = Math.Min(until, boundary);
                else if (boundary > seen.From) ties.AddAt(boundary, consentClass, 0, seen.Standings);
            ties.Clear();
        }
    }

    private static List<long> OfActors(Connection connection, StandingKey key)
    {
        var persons = new List<long>();
        foreach (var actor in key.Actors)
        {
            using var rows = connection.Use("SELECT DISTINCT person FROM backing WHERE party = ?1 AND actor = ?2 AND actor <> ''")
                .Bind(1, key.Party).Bind(2, actor);
            while (rows.Step()) persons.Add(rows.Int64(0));
        }
        return persons;
    }

    private static void AddOne(Connection connection, StandingKey key, long person, long besides, HashSet<Standing> standings)
    {
        var ties = new StandingTies();
        var consentClass = 0;
        using var rows = connection.Use("""
            SELECT p.consent_class, k.regard, k.kind, k.since, k.until, k.actor FROM person p LEFT JOIN backing k ON k.party = ?1 AND k.person = p.no WHERE p.no = ?2
            """).Bind(1, key.Party).Bind(2, person);
        while (rows.Step())
        {
            consentClass = rows.Int32(0);
            if (!rows.IsNull(1) && rows.Text(5) is var actor && (actor.Length == 0 || key.Actors.Contains(actor)))
                ties.Add(rows.Bytes(1), rows.Int64(2), rows.Int64(3), rows.Int64(4));
        }
        ties.AddAt(key.Now.UtcTicks, consentClass, besides, standings);
    }
}
