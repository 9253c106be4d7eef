using System.Text;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Storage.Tests;

/// <summary>A real store in a folder of its own, and short ways to fill and ask it. Party `trust` holds everything, unless stated
/// otherwise.</summary>
internal sealed partial class Given : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("fcp-store-").FullName;
    private readonly Dictionary<string, string> versions = [];
    private int count;

    public static readonly LedgerKey Secret = new([.. Enumerable.Range(1, 32).Select(n => (byte)n)]);

    private readonly string? database = OnPostgres.IsChosen ? PostgresCluster.NewDatabase() : null;

    public Given() => Store = Open();

    public string File => Path.Combine(folder, "test.db");
    public DatabaseStore Store { get; private set; }
    /// <summary>For what only a file does.</summary>
    public SqliteStore FileStore => (SqliteStore)Store;
    public string ConnectionString => database ?? $"Data Source={File}";

    /// <summary>A store on the same database, with another key perhaps.</summary>
    public DatabaseStore Open(LedgerKey? key = null) => database is null
        ? new SqliteStore(ConnectionString, key ?? Secret) : new PostgresStore(database, key ?? Secret, TimeProvider.System);

    /// <summary>Closes the store and opens it again.</summary>
    public async Task Reopen()
    {
        await Store.DisposeAsync();
        Store = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        if (database != null) PostgresCluster.Drop(database);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Runs SQL beside the store, as somebody would who tampers with the database.</summary>
    public void Tamper(string sql)
    {
        using var connection = Connect();
        connection.Execute(database is null ? sql : BytesLiteral().Replace(sql, match => match.Groups[1].Success
            ? $"decode(repeat('00', {match.Groups[1].Value}), 'hex')" : $"'\\x{match.Groups[2].Value}'::bytea"));
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"zeroblob\((\d+)\)|[xX]'([0-9A-Fa-f]*)'")]
    private static partial System.Text.RegularExpressions.Regex BytesLiteral();

    /// <summary>A connection beside the store.</summary>
    public Connection Connect() => database is null ? SqliteConnection.OpenWriter(File)
        : PostgresConnection.Open(new Npgsql.NpgsqlConnection(database), new Trips());

    public T Ask<T>(Func<ISnapshot, T> question)
    {
        using var snapshot = Store.Read();
        return question(snapshot);
    }

    // ---- writing -----------------------------------------------------------------------------------------------------------

    public Task<CommitResult> Commit(Change change, params AuditEntry[] audit) => Store.Commit(change, audit, CancellationToken.None);

    public async Task Write(Change change) => Assert.Equal(CommitResult.Done, await Commit(change));

    /// <summary>Creates or updates `Type/id`.</summary>
    public async Task<StoredVersion> Put(string reference, IReadOnlyList<IndexRow>? index = null, long root = 1, long[]? changes = null,
        string holder = "trust",
        string? person = null, DateTimeOffset? at = null, bool isDeleted = false)
    {
        var write = Version(reference, index, root, changes, holder, person, at, isDeleted);
        await Write(new Change { Versions = [write] });
        versions[reference] = write.Version.VersionId;
        return write.Version;
    }

    /// <summary>The next version of `from`, with a reference that no search parameter covers.</summary>
    public Change Pointing(string from, string to)
    {
        var write = Version(from) with { References = [to] };
        versions[from] = write.Version.VersionId;
        return new Change { Versions = [write] };
    }

    public VersionToWrite Version(string reference, IReadOnlyList<IndexRow>? index = null, long root = 1, long[]? changes = null,
        string holder = "trust",
        string? person = null, DateTimeOffset? at = null, bool isDeleted = false)
    {
        var (type, id) = (reference.Split('/')[0], reference.Split('/')[1]);
        changes ??= [root];
        var replaces = versions.GetValueOrDefault(reference);
        return new VersionToWrite(new StoredVersion
        {
            Type = type, Id = id, VersionId = $"v{++count}", LastUpdated = at ?? Now.AddSeconds(count), Holder = holder, Person = person,
            Body = isDeleted
                ? [] : Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}","n":{{count}}}"""), Labels = isDeleted
                ? [] : [1, 2, 3, (byte)count],
            RootMask = root, ChangeMask = changes.Aggregate(0L, (a, b) => a | b), Changes = changes, IsDeleted = isDeleted,
            Method = isDeleted ? "DELETE" : replaces is null ? "POST" : "PUT",
        }, index ?? [])
        { Replaces = replaces };
    }

    public async Task Person(string key, int consentClass = 0, params Backing[] backings)
    {
        var revision = (Ask(s => s.FindPerson(key))?.Revision ?? 0) + 1;
        await Write(new Change
        {
            Persons = [new Person(key, consentClass, revision, null)],
            BackedPersons = backings.Length > 0 ? [key] : [],
            Backings = backings,
        });
    }

    public static Backing Related(string person, string party, long kind, string? actor = null, DateTimeOffset? from = null,
        DateTimeOffset? to = null, string regard = Backing.AnyHolder) =>
        new(person, party, kind, actor, from ?? Now.AddDays(-1), to, regard);

    /// <summary>A read of somebody's resource, permitted or refused.</summary>
    public static AuditEntry Audit(string id, string target = "CarePlan/a", bool isPermitted = true, string? party = "trust",
        string holder = "trust",
        string? patient = null, string? agent = null, string[]? policies = null, DateTimeOffset? at = null) => new()
        {
            Id = id, At = at ?? Now, Interaction = "read", Outcome = isPermitted
                ? AuditOutcome.Success : AuditOutcome.Minor, Status = isPermitted ? 200 : 404, Subject = "cpn-1",
            Party = party, Role = "cpn", Purpose = "TREAT", Agent = agent, Target = target, Reason = isPermitted
                ? null : "absent", CorrelationId = "c",
            Details =
        [
            new AuditDetail
            {
                Kind = isPermitted ? AuditDetailKind.Shown : AuditDetailKind.Refused, Holder = holder, Person = patient is null
                    ? null : $"person-{patient}", Patient = patient,
                Types = [target.Split('/')[0]], Count = 1, Ids = [target], Mask = 5, Policies = policies ?? ["rivelin|2.1.0#home"],
                    Gate = isPermitted ? null : "G6",
            },
        ],
        };

    public static AuditReader Owner { get; } = new("owner", IsOwner: true);

    public IReadOnlyList<AuditEntry> AllAudit => Ask(s => s.Audit(new AuditQuery(Owner) { Count = 100_000 })).Entries;

    // ---- asking ------------------------------------------------------------------------------------------------------------

    public static StandingKey Key(string party = "trust", string[]? actors = null, string? self = null, long selfKind = 0,
        DateTimeOffset? now = null) =>
        new(party, actors ?? [], self, selfKind, now ?? Now);

    /// <summary>Everybody of the party sees `mask` of the resources about nobody that the party holds.</summary>
    public static SearchScope Own(long mask, string party = "trust") => Scope(Key(party), new PermittedRow(null!, new Standing(null, 0), true, mask));

    public static SearchScope Scope(StandingKey key, params IReadOnlyList<PermittedRow> rows) => new(key, new RowsView(rows));

    /// <summary>The class of a consent state, interned for somebody who does not matter.</summary>
    public async Task<int> Class(string state)
    {
        var key = $"class-{++count}";
        await Write(new Change { Persons = [new Person(key, 0, 1, null) { NewState = state }] });
        return Ask(s => s.FindPerson(key))!.ConsentClass;
    }

    public SearchPage Search(SearchQuery query, SearchScope? scope = null) =>
        Ask(s => s.Search(query, scope ?? Own(~0L >>> 2)) is var page ? page with { Hits = [.. page.Hits] } : null!);

    /// <summary>The ids found, in order, separated by blanks.</summary>
    public string Ids(SearchQuery query, SearchScope? scope = null) =>
        string.Join(' ', Search(query, scope).Hits.Select(hit => hit.Version.Id));

    public string Ids(string type, Criterion criterion, SearchScope? scope = null) =>
        Ids(new SearchQuery(type) { Criteria = [criterion] }, scope);

    // ---- parameters and rows ----------------------------------------------------------------------------------------------------

    public static SearchParameter Parameter(string type, string code, SearchType kind) => new()
    {
        Id = Math.Abs(string.GetHashCode(type + "." + code, StringComparison.Ordinal) % 1_000_000), ResourceType = type, Code = code,
        Type = kind, Url = "", Expression = "",
    };

    public static IndexRow Token(SearchParameter p, string? system, string? code, string? text = null, long labels = 1) =>
        new(new IndexEntry(p, SearchType.Token, 0) { System = system, Value = code, Text = text }, labels);
    public static IndexRow Reference(SearchParameter p, string type, string id, long labels = 1) =>
        new(new IndexEntry(p, SearchType.Reference, 0) { System = type, Value = id }, labels);
    public static IndexRow Address(SearchParameter p, string address, long labels = 1) =>
        new(new IndexEntry(p, SearchType.Reference, 0) { System = "", Text = address }, labels);
    public static IndexRow Text(SearchParameter p, string text, long labels = 1) =>
        new(new IndexEntry(p, SearchType.String, 0) { Value = NormalText.Of(text), Text = text }, labels);
    public static IndexRow Uri(SearchParameter p, string uri, long labels = 1) =>
        new(new IndexEntry(p, SearchType.Uri, 0) { Value = uri }, labels);
    public static IndexRow Date(SearchParameter p, long low, long high, long labels = 1) =>
        new(new IndexEntry(p, SearchType.Date, 0) { Low = low, High = high }, labels);
    public static IndexRow Number(SearchParameter p, double number, long labels = 1) =>
        new(new IndexEntry(p, SearchType.Number, 0) { Number = number, NumberLow = number, NumberHigh = number }, labels);
    public static IndexRow Quantity(SearchParameter p, double number, string system, string code, string unit, long labels = 1) =>
        new(new IndexEntry(p, SearchType.Quantity, 0)
        {
            Number = number, NumberLow = number, NumberHigh = number, System = system,
            Value = code, Text = unit
        }, labels);
}
