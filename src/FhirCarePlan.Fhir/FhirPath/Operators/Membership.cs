using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>`in`, `contains`, and the search for equal items that sets are made of. http://hl7.org/fhirpath/N1/#collections-2</summary>
internal static class Membership
{
    public static Code In(Code item, Code collection, string name)
    {
        var (run, list) = (item.Run, collection.Constant);
        if (KnownText.AllOf(collection) is { } texts) return InTexts(run, texts, name);
        if (list != null)
            return Code.OfTruth(e =>
            {
                var start = e.Top;
                run(e);
                if (!e.TakeOne(start, out var value, name)) return Truth.Empty;
                foreach (ref readonly var candidate in list.AsSpan())
                    if (Equality.Holds(e, value, candidate)) return Truth.True;
                return Truth.False;
            });
        var runCollection = collection.Loose;
        return Code.OfTruth(e =>
        {
            var start = e.Top;
            run(e);
            if (!e.TakeOne(start, out var value, name)) return Truth.Empty;
            runCollection(e);
            var found = Contains(e, start, e.Top, value);
            e.Top = start;
            return found ? Truth.True : Truth.False;
        });
    }

    /// <summary>`code in ('a' | 'b')`</summary>
    private static Code InTexts(Run run, KnownText[] texts, string name) => Code.OfTruth(e =>
    {
        var start = e.Top;
        run(e);
        if (!e.TakeOne(start, out var value, name)) return Truth.Empty;
        if (SystemValue.KindOf(value) != ItemKind.String) return Truth.False;
        foreach (var text in texts)
            if (text.Equals(value)) return Truth.True;
        return Truth.False;
    });

    public static bool Contains(Evaluation e, int start, int end, in Item value)
    {
        var wanted = value;
        for (var i = start; i < end; i++)
            if (Equality.Holds(e, wanted, e[i])) return true;
        return false;
    }

    /// <summary>Whether the text is among [start, Top).</summary>
    public static bool Contains(Evaluation e, int start, KnownText text)
    {
        e.Tick(e.Top - start);
        foreach (ref readonly var item in e.From(start))
            if (SystemValue.KindOf(item) == ItemKind.String && text.Equals(item)) return true;
        return false;
    }

    /// <summary>Drops repeated items of [start, Top), keeping the first of each.</summary>
    public static void Distinct(Evaluation e, int start)
    {
        var seen = new Seen(e, start);
        var (end, keep) = (e.Top, start);
        for (var i = start; i < end; i++)
            if (seen.Add(e[i])) e[keep++] = e[i];
        e.Top = keep;
    }

    /// <summary>The items kept so far: compared one by one while they are few, by hash when there are many.</summary>
    public struct Seen(Evaluation e, int start)
    {
        private const int Few = 16;
        private HashSet<Item>? many;
        private int count;

        /// <summary>False when an equal item was added before. The caller stores new items at `start` upwards.</summary>
        public bool Add(in Item item)
        {
            if (many is null)
            {
                if (Contains(e, start, start + count, item)) return false;
                if (++count > Few) Spill(item);
                return true;
            }
            e.Tick();
            if (!many.Add(item)) return false;
            count++;
            return true;
        }

        private void Spill(in Item last)
        {
            many = new HashSet<Item>(new ByEquality(e));
            for (var i = start; i < start + count - 1; i++) many.Add(e[i]);
            many.Add(last);
        }
    }

    /// <summary>Items that `=` finds equal have equal hashes (except a number and a quantity of unit `1`, which lists do not
    /// mix).</summary>
    public sealed class ByEquality(Evaluation e) : IEqualityComparer<Item>
    {
        public bool Equals(Item a, Item b) => Equality.Holds(e, a, b);

        public int GetHashCode(Item item)
        {
            switch (SystemValue.KindOf(item))
            {
                case ItemKind.String: return Text(item);
                case ItemKind.Boolean: return item.Text == "true" ? 1 : 2;
                case ItemKind.Integer or ItemKind.Decimal:
                    return Numbers.Of(item, out var number) ? number.GetHashCode() :
                    string.GetHashCode(item.Text);
                case ItemKind.None when item.IsNode: return Tree(item.Node);
                default: return 3;
            }
        }

        private static int Text(in Item item)
        {
            Span<char> buffer = stackalloc char[256];
            return string.GetHashCode(TextView.Of(item).Chars(buffer));
        }

        /// <summary>Of an element's own strings, which tell most elements apart.</summary>
        private int Tree(Model.Node node)
        {
            var hash = new HashCode();
            foreach (var child in node.Children)
            {
                e.Tick();
                hash.Add(child.Name);
                hash.Add(child.Type.SystemKind == ItemKind.String && child.HasValue ? Text(child) : Tree(child));
            }
            return hash.ToHashCode();
        }
    }
}
