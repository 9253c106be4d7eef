using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Finds out whether a caller's view of a type is small, and starts the search from it. Only what the caller may see has a say, so
/// the choice tells nothing.</summary>
internal sealed class SmallViews(Connection connection)
{
    /// <summary>Beyond these a search starts elsewhere.</summary>
    public const int MostPersons = 200, MostResources = 1_000;

    private readonly record struct Near(long Person, bool IsOwn, long Root);

    private Near[]? near;

    /// <summary>Writes the keys that can be in view; null when they are too many.</summary>
    /// <param name="roots">The root masks there are of the type.</param>
    public Action<SqlText>? Of(string type, SearchScope scope, ViewSql view, IReadOnlyList<long> roots)
    {
        // What others hold may be open of anybody, as far as Consents go.
        if (Visible(view.Others.WithoutTie).Any() || view.Own.AsksConsent && Visible(view.Own.WithoutTie).Any()) return null;
        using (var more = Shape(SmallViewSql.HasMorePersons(view, MostPersons)))
            if (more.Step()) return null;
        var wanted = new HashSet<Near>();
        Add(-1, new(null, 0));
        foreach (var (person, standing) in Persons(view)) Add(person, standing);
        Fill([.. wanted]);
        var ownRoots = Visible(scope.View.Permitted(type, true, new(0, 0))).ToList();
        return Count(Keys) > MostResources ? null : Keys;

        IEnumerable<long> Visible(long mask) => mask == 0 ? [] : roots.Where(root => (root & ~mask) == 0);

        void Add(long person, Standing standing)
        {
            foreach (var isOwn in (ReadOnlySpan<bool>)[false, true])
                foreach (var root in Visible(scope.View.Permitted(type, isOwn, standing))) wanted.Add(new(person, isOwn, root));
        }

        void Keys(SqlText sql) => SmallViewSql.Keys(sql, type, view, ownRoots);
    }

    /// <summary>The persons to whom the caller has ties now, with every standing that a resource about them can give.</summary>
    private HashSet<(long Person, Standing Standing)> Persons(ViewSql view)
    {
        var found = new HashSet<(long, Standing)>();
        var ties = new StandingTies();
        var (last, lastClass) = (-1L, 0);
        var hasSelf = view.SelfPerson == 0;
        using (var rows = Shape(SmallViewSql.Ties(view)))
            while (rows.Step())
            {
                if (rows.Int64(0) != last) Finish();
                (last, lastClass) = (rows.Int64(0), rows.Int32(1));
                ties.Add(rows.Bytes(2), rows.Int64(3));
            }
        Finish();
        if (hasSelf) return found;
        using var self = connection.Use("SELECT consent_class FROM person WHERE no = ?1").Bind(1, view.SelfPerson);
        if (self.Step()) found.Add((view.SelfPerson, new(self.Int32(0), view.Key.SelfKind)));
        return found;

        void Finish()
        {
            if (last < 0) return;
            hasSelf |= last == view.SelfPerson;
            foreach (var kinds in ties.Possible(last == view.SelfPerson ? view.Key.SelfKind : 0)) found.Add((last, new(lastClass, kinds)));
            ties.Clear();
        }
    }

    private Statement Shape(SqlText sql) => connection.UseShape(sql.ToString()).BindAll(sql.Values);

    private int Count(Action<SqlText> what)
    {
        using var count = Shape(MatchSql.Narrowness(what, MostResources + 1));
        count.Step();
        return count.Int32(0);
    }

    private void Fill(Near[] wanted)
    {
        if (connection.KeepsLists && near is not null && wanted.AsSpan().SequenceEqual(near)) return;
        near = null;
        connection.Use("DELETE FROM near").Run();
        foreach (var (person, isOwn, root) in wanted)
            connection.Use("INSERT INTO near (person, is_own, root) VALUES (?1, ?2, ?3)").Bind(1, person).Bind(2, isOwn ? 1 : 0).Bind(3, root).Run();
        near = wanted;
    }
}
