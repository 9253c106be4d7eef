using System.Globalization;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Reading;

/// <summary>The decisions of a search so far, in table `permitted`, by what the decision depends on. The next search on this connection
/// begins with them, after asking for each again: callers ask again and again about the same few persons.</summary>
/// <param name="slot">Of table `permitted`: a search that follows chains decides about several types.</param>
internal sealed class Decided(Connection connection, int slot)
{
    /// <summary>With more than this the next search begins anew.</summary>
    private const int MostKept = 64;

    /// <param name="Class">Of `permitted`.</param>
    internal readonly record struct Row(bool IsOwn, int Class, long Kinds);

    private readonly Dictionary<Row, long> rows = [];
    private ISearchView view = null!;
    private string type = "";
    private ViewBasis own, others;
    private bool isClosedToStrangers, isMine;

    /// <param name="isClosed">Of what others hold of the type nothing can be in view without a tie to its person.</param>
    public void Begin(SearchScope scope, string of, ViewBasis ofOwn, ViewBasis ofOthers, bool isClosed)
    {
        view = scope.View;
        // The writer's connection may hold what another search decided.
        if (!isMine || !connection.KeepsLists || rows.Count > MostKept || (of, ofOwn, ofOthers, isClosed) != (type, own, others, isClosedToStrangers)) Forget();
        (type, own, others, isClosedToStrangers) = (of, ofOwn, ofOthers, isClosed);
        foreach (var (row, mask) in rows.ToList())
            if (Ask(row) is var now && now != mask) Keep(row, now);
        // Strangers cost no decision, whatever they agreed to.
        if (isClosed && rows.Count == 0) Keep(Stranger, 0);
    }

    /// <summary>The standing of a row of a search as the decision depends on it.</summary>
    public Row Of(bool isOwn, int consentClass, long kinds) => Of(isOwn ? own : others, isOwn, consentClass, kinds);

    public static Row Of(ViewBasis basis, bool isOwn, int consentClass, long kinds) =>
        new(isOwn, consentClass == ViewSql.NoPerson || basis.AsksConsent ? consentClass : ViewSql.AnyClass, basis.AsksTies ? kinds : 0);

    /// <summary>As `ViewSql.Undecided` wrote it, without the slot.</summary>
    public Row Of(ReadOnlySpan<char> written)
    {
        Span<Range> parts = stackalloc Range[3];
        written.Split(parts, ' ');
        return Of(written[parts[0]] is "1", int.Parse(written[parts[1]], CultureInfo.InvariantCulture), long.Parse(written[parts[2]], CultureInfo.InvariantCulture));
    }

    public void Decide(IEnumerable<Row> undecided)
    {
        foreach (var row in undecided) Keep(row, Ask(row));
    }

    /// <summary>The question that was asked for a row.</summary>
    public static Standing StandingOf(Row row) => row.Class switch
    {
        ViewSql.NoPerson => new(null, 0),
        ViewSql.AnyClass => new(0, row.Kinds),
        _ => new(row.Class, row.Kinds),
    };

    private static Row Stranger => new(false, ViewSql.AnyClass, 0);

    private long Ask(Row row) => isClosedToStrangers && row == Stranger || row.Class == ViewSql.Lost ? 0 : view.Permitted(type, row.IsOwn, StandingOf(row));

    private void Keep(Row row, long mask)
    {
        rows[row] = mask;
        connection.Use("""
            INSERT INTO permitted (slot, is_own, class, kinds, mask) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (slot, is_own, class, kinds) DO UPDATE SET mask = excluded.mask
            """).Bind(1, slot).Bind(2, row.IsOwn ? 1 : 0).Bind(3, row.Class).Bind(4, row.Kinds).Bind(5, mask).Run();
    }

    private void Forget()
    {
        isMine = true;
        rows.Clear();
        connection.Use("DELETE FROM permitted WHERE slot = ?1").Bind(1, slot).Run();
    }
}
