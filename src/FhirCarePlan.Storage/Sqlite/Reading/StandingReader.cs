using System.Collections.Concurrent;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Sqlite.Reading;

/// <summary>In which ways persons stand towards a party. Reading all relationships of a large party takes a tenth of a second, so what was read is
/// kept, and of later changes only the persons touched are looked at. The answer may hold standings in which nobody stands any more:
/// they match nothing; it never lacks one.</summary>
internal sealed class StandingReader
{
    /// <summary>After more changes than this reading anew is cheaper.</summary>
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
        if (parties.TryGetValue(party, out var seen) && seen.Touched <= touched && touched - seen.Touched <= MostTouched && seen.From <= now && now < seen.Until)
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
        var (standings, until) = (new HashSet<Standing>(), Ticks.Never);
        using var rows = connection.Use("""
            SELECT p.consent_class, k.kinds, min(k.next) FROM
            (
                SELECT person, coalesce(sum(DISTINCT CASE WHEN since <= ?2 AND until > ?2 THEN kind END), 0) AS kinds,
                    min(CASE WHEN since > ?2 THEN since WHEN until > ?2 THEN until END) AS next
                FROM relationship WHERE party = ?1 AND actor = '' GROUP BY person
            ) k CROSS JOIN person p ON p.no = k.person
            GROUP BY 1, 2
            """).Bind(1, party).Bind(2, now);
        while (rows.Step())
        {
            standings.Add(new(rows.Int32(0), rows.Int64(1)));
            if (!rows.IsNull(2)) until = Math.Min(until, rows.Int64(2));
        }
        return new Seen(touched, now, until, standings);
    }

    /// <summary>Adds in which ways the touched persons stood at any time since the first reading: requests do not come in the order of their clocks.</summary>
    private static Seen Update(Connection connection, string party, Seen seen, long now, long touched)
    {
        var (standings, until) = (new HashSet<Standing>(seen.Standings), seen.Until);
        var periods = new List<(long Kind, long Since, long Until)>();
        long person = 0;
        var consentClass = 0;
        using var rows = connection.Use("""
            SELECT t.person, p.consent_class, k.kind, k.since, k.until
            FROM (SELECT DISTINCT person FROM person_touched WHERE no > ?2 AND no <= ?3) t
            CROSS JOIN person p ON p.no = t.person
            CROSS JOIN relationship k ON k.party = ?1 AND k.person = t.person AND k.actor = ''
            ORDER BY t.person
            """).Bind(1, party).Bind(2, seen.Touched).Bind(3, touched);
        while (rows.Step())
        {
            if (rows.Int64(0) != person) Finish();
            (person, consentClass) = (rows.Int64(0), rows.Int32(1));
            periods.Add((rows.Int64(2), rows.Int64(3), rows.Int64(4)));
        }
        Finish();
        return seen with { Touched = touched, Until = until, Standings = standings };

        void Finish()
        {
            AddAt(seen.From);
            foreach (var period in periods)
            {
                Pass(period.Since);
                Pass(period.Until);
            }
            periods.Clear();
        }

        void Pass(long boundary)
        {
            if (boundary > now) until = Math.Min(until, boundary);
            else if (boundary > seen.From) AddAt(boundary);
        }

        void AddAt(long time)
        {
            long kinds = 0;
            foreach (var period in periods)
                if (period.Since <= time && time < period.Until) kinds |= period.Kind;
            standings.Add(new(consentClass, kinds));
        }
    }

    private static List<long> OfActors(Connection connection, StandingKey key)
    {
        var persons = new List<long>();
        foreach (var actor in key.Actors)
        {
            using var rows = connection.Use("SELECT DISTINCT person FROM relationship WHERE party = ?1 AND actor = ?2 AND actor <> ''").Bind(1, key.Party).Bind(2, actor);
            while (rows.Step()) persons.Add(rows.Int64(0));
        }
        return persons;
    }

    private static void AddOne(Connection connection, StandingKey key, long person, long besides, HashSet<Standing> standings)
    {
        var sql = new SqlText(Dialect.Sqlite).Add($"SELECT p.consent_class, (");
        new ViewSql(key, 0, false).Kinds(sql, new Sql("p.no"));
        sql.Add($") FROM person p WHERE p.no = {person}");
        using var row = connection.UseShape(sql.ToString()).BindAll(sql.Values);
        if (row.Step()) standings.Add(new(row.Int32(0), row.Int64(1) | besides));
    }
}
