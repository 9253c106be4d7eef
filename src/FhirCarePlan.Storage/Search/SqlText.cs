using System.Runtime.CompilerServices;
using System.Text;

namespace FhirCarePlan.Storage.Search;

/// <summary>SQL under construction. The holes of an interpolated string become values bound to the statement, never text of it; only a
/// `Sql` (names and fragments that this folder wrote) is inserted as text.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder text = new(1024);

    /// <summary>`long`, `double` or `string`, in the order of their parameters.</summary>
    public List<object> Values { get; } = [];

    public SqlText Add([InterpolatedStringHandlerArgument("")] Holes sql) => this;

    /// <summary>A value as SqlText gathers them.</summary>
    public SqlText AddOne(object value)
    {
        AddValue(value);
        return this;
    }

    /// <summary>`(a, b, c)`.</summary>
    public SqlText AddList(IReadOnlyList<string> values)
    {
        text.Append('(');
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0) text.Append(", ");
            AddValue(values[i]);
        }
        text.Append(')');
        return this;
    }

    /// <summary>The items joined by OR, as a balanced tree: databases limit how deep an expression may be, callers do not limit their
    /// lists.</summary>
    public SqlText AnyOf<T>(IReadOnlyList<T> items, Action<SqlText, T> add)
    {
        if (items.Count == 0) return Add($"1 = 0");
        Tree(0, items.Count);
        return this;

        void Tree(int from, int to)
        {
            text.Append('(');
            if (to - from == 1) add(this, items[from]);
            else
            {
                var middle = (from + to) / 2;
                Tree(from, middle);
                text.Append(" OR ");
                Tree(middle, to);
            }
            text.Append(')');
        }
    }

    public override string ToString() => text.ToString();

    private void AddValue(object value)
    {
        Values.Add(value);
        text.Append('?').Append(Values.Count);
    }

    [InterpolatedStringHandler]
    public readonly struct Holes
    {
        private readonly SqlText sql;

        // The compiler calls it with two lengths that nobody needs.
        public Holes(int _, int __, SqlText sql) => this.sql = sql;

        public void AppendLiteral(string part) => sql.text.Append(part);
        public void AppendFormatted(Sql part) => sql.text.Append(part.Text);
        public void AppendFormatted(long value) => sql.AddValue(value);
        public void AppendFormatted(double value) => sql.AddValue(value);
        public void AppendFormatted(string value) => sql.AddValue(value);
    }
}

/// <summary>A name or fragment of SQL that is ours.</summary>
internal readonly record struct Sql(string Text);
