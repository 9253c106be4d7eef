using System.Diagnostics;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Benchmarks;

/// <summary>Chains and `_has` beside the same question in SQL written by hand, without any view: medians, on the same store. Each person has
/// a Patient with a number, eighteen Observations and a CarePlan.</summary>
internal static class ChainBenchmarks
{
    private const int EachPerson = 20, AtOnce = 50, Rounds = 21;
    private const string Holder = "trust";
    private static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SearchParameters Parameters = new();

    private static SearchParameter P(string type, string code) => Parameters.Find(type, code)!;

    /// <param name="where">A folder for SQLite, or a connection string of an empty PostgreSQL database.</param>
    public static async Task Run(string where, int resources)
    {
        var key = new LedgerKey([.. Enumerable.Range(1, 32).Select(n => (byte)n)]);
        var isFile = !where.Contains('=', StringComparison.Ordinal);
        if (isFile) Directory.CreateDirectory(where);
        var file = Path.Combine(where, $"chain-{resources}.db");
        await using DatabaseStore store = isFile ? new SqliteStore($"Data Source={file}", key) : new PostgresStore(where, key, TimeProvider.System);
        using (var snapshot = store.Read())
            if (snapshot.Find("Patient", "p0") is null) await Fill(store, resources / EachPerson);
        var people = resources / EachPerson;
        using var hand = isFile ? new HandSql(file) : HandSql.On(where);
        var number = $"n{people / 2}";
        Row("Observation?patient.identifier= (18 found)", Search("Observation", chain: new Chain(P("Observation", "patient"), false, [Of("Patient", "identifier", new() { Value = number })])),
            $"""
            SELECT o.id FROM index_token t JOIN resource p ON p.key = t.resource JOIN index_reference x ON x.id = p.id AND x.address = '' AND x.param = {P("Observation", "patient").Id} AND x.type = 'Patient'
            JOIN resource o ON o.key = x.resource WHERE t.param = {P("Patient", "identifier").Id} AND t.code = '{number}' AND o.is_deleted = 0 ORDER BY o.id LIMIT 51
            """);
        Row("Patient?_has:CarePlan:patient:status=active (most)", Search("Patient", chain: new Chain(P("CarePlan", "patient"), true, [Of("CarePlan", "status", new() { Value = "active" })])), Has("active"));
        Row("Patient?_has:CarePlan:patient:status=revoked (few)", Search("Patient", chain: new Chain(P("CarePlan", "patient"), true, [Of("CarePlan", "status", new() { Value = "revoked" })])), Has("revoked"));
        Row("the same, counted: active", Search("Patient", count: 0, chain: new Chain(P("CarePlan", "patient"), true, [Of("CarePlan", "status", new() { Value = "active" })])),
            $"""
            SELECT count(*) FROM resource p WHERE p.type = 'Patient' AND p.is_deleted = 0 AND EXISTS (SELECT 1 FROM index_reference x JOIN index_token t ON t.resource = x.resource
            AND t.param = {P("CarePlan", "status").Id} AND t.code = 'active' WHERE x.id = p.id AND x.address = '' AND x.param = {P("CarePlan", "patient").Id} AND x.type = 'Patient')
            """);
        Row("Observation?patient._has:CarePlan:patient:status=revoked", Search("Observation", chain: new Chain(P("Observation", "patient"), false,
                [new SearchQuery("Patient") { Chains = [new Chain(P("CarePlan", "patient"), true, [Of("CarePlan", "status", new() { Value = "revoked" })])] }])),
            $"""
            SELECT o.id FROM index_token t JOIN index_reference x ON x.resource = t.resource AND x.param = {P("CarePlan", "patient").Id}
            JOIN index_reference y ON y.id = x.id AND y.address = '' AND y.param = {P("Observation", "patient").Id} AND y.type = 'Patient' JOIN resource o ON o.key = y.resource
            WHERE t.param = {P("CarePlan", "status").Id} AND t.code = 'revoked' AND o.is_deleted = 0 ORDER BY o.id LIMIT 51
            """);

        void Row(string what, SearchQuery query, string sql)
        {
            var (ours, theirs) = (new double[Rounds], new double[Rounds]);
            int found = 0, foundByHand = 0;
            for (var i = -5; i < Rounds; i++)
            {
                var clock = Stopwatch.GetTimestamp();
                using (var snapshot = store.Read())
                {
                    var page = snapshot.Search(query, Everything);
                    found = query.IsCount ? page.Total!.Value : page.Ids.Count;
                }
                var own = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
                clock = Stopwatch.GetTimestamp();
                foundByHand = hand.Ask(sql, query.IsCount);
                if (i >= 0) (ours[i], theirs[i]) = (own, Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            }
            var (a, b) = (ours.Order().ElementAt(Rounds / 2), theirs.Order().ElementAt(Rounds / 2));
            Console.WriteLine($"{what,-60} {a,9:F2} ms | by hand {b,9:F2} ms   x {a / b:F1}   found {found} | {foundByHand}");
        }
    }

    private static string Has(string status) => $"""
        SELECT p.id FROM resource p WHERE p.type = 'Patient' AND p.is_deleted = 0 AND EXISTS (SELECT 1 FROM index_reference x JOIN index_token t ON t.resource = x.resource
        AND t.param = {P("CarePlan", "status").Id} AND t.code = '{status}' WHERE x.id = p.id AND x.address = '' AND x.param = {P("CarePlan", "patient").Id} AND x.type = 'Patient') ORDER BY p.id LIMIT 51
        """;

    private static SearchQuery Search(string type, Chain chain, int count = 50) => new(type) { Chains = [chain], Count = count, Total = TotalMode.None };

    private static SearchQuery Of(string type, string code, QueryValue value) => new(type) { Criteria = [new(P(type, code), Modifier.None, [value])] };

    private static SearchScope Everything { get; } = new(new StandingKey(Holder, [], null, 0, Now), new OpenView());

    private sealed class OpenView : ISearchView
    {
        public ViewBasis Basis(string type, bool isOwn) => new(~0L >>> 2, ~0L >>> 2, false, false);
        public long Permitted(string type, bool isOwn, Standing standing) => ~0L >>> 2;
    }

    private static async Task Fill(DatabaseStore store, int people)
    {
        for (var from = 0; from < people; from += AtOnce)
        {
            var versions = new List<VersionToWrite>();
            for (var n = from; n < Math.Min(people, from + AtOnce); n++)
            {
                versions.Add(Version("Patient", $"p{n}", [Token("Patient", "identifier", $"n{n}")]));
                versions.Add(Version("CarePlan", $"c{n}", [Token("CarePlan", "status", n % 5_000 == 7 ? "revoked" : n % 5 == 0 ? "completed" : "active"), Reference("CarePlan", n)]));
                for (var i = 0; i < EachPerson - 2; i++) versions.Add(Version("Observation", $"o{n}-{i}", [Token("Observation", "status", "final"), Reference("Observation", n)]));
            }
            await store.Commit(new Change { Versions = versions }, [], CancellationToken.None);
        }
    }

    private static IndexRow Token(string type, string code, string value) => new(new IndexEntry(P(type, code), SearchType.Token, 0) { System = "", Value = value }, 1);

    private static IndexRow Reference(string type, int n) => new(new IndexEntry(P(type, "patient"), SearchType.Reference, 0) { System = "Patient", Value = $"p{n}" }, 1);

    private static VersionToWrite Version(string type, string id, IndexRow[] rows) => new(new StoredVersion
    {
        Type = type, Id = id, VersionId = "1", LastUpdated = Now, Holder = Holder, Body = System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}"}"""),
        Labels = [1], RootMask = 1, ChangeMask = 1, Changes = [1], Method = "POST",
    }, rows);
}
