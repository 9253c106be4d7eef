using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>The unit of a quantity: a UCUM code or a calendar duration. Its dimension is worked out once for each code.
/// http://hl7.org/fhirpath/N1/#quantity</summary>
internal sealed class Unit
{
    private const int MostCached = 1000;
    private static readonly ConcurrentDictionary<string, Unit> Cache = new(StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, Unit> CalendarWords = Words().ToFrozenDictionary(StringComparer.Ordinal);

    private readonly string text;

    private Unit(string code, string text, bool isCalendar, Measure? measure) =>
        (Code, this.text, IsCalendar, Measure) = (code, text, isCalendar, measure);

    public static Unit One { get; } = Of("1");

    /// <summary>UCUM code as written; for calendar durations the singular (`month`).</summary>
    public string Code { get; }
    public bool IsCalendar { get; }
    /// <summary>Null for a code that is not (known) UCUM: such quantities compare with the same code only.</summary>
    public Measure? Measure { get; }

    /// <summary>Calendar years and months have no fixed length in seconds.</summary>
    public bool IsIndefinite => IsCalendar && Code is "year" or "month";

    public static Unit Of(string code)
    {
        if (Cache.TryGetValue(code, out var unit)) return unit;
        unit = new Unit(code, $"'{code}'", false, Ucum.Measure(code));
        if (Cache.Count < MostCached) Cache.TryAdd(code, unit);
        return unit;
    }

    /// <summary>`month`, `months`, … ; null for any other word.</summary>
    public static Unit? Calendar(string word) => CalendarWords.GetValueOrDefault(word);

    /// <summary>The UCUM unit that equals a calendar duration where the difference does not matter, and the reverse.</summary>
    public Unit Counterpart => Code switch
    {
        "year" => Of("a"),
        "month" => Of("mo"),
        "week" => Of("wk"),
        "day" => Of("d"),
        "hour" => Of("h"),
        "minute" => Of("min"),
        "second" => Of("s"),
        "millisecond" => Of("ms"),
        "a" => CalendarWords["year"],
        "mo" => CalendarWords["month"],
        _ => this
    };

    /// <summary>As `toString()` writes it: UCUM in quotes, calendar words bare.</summary>
    public override string ToString() => text;

    private static Dictionary<string, Unit> Words()
    {
        var words = new Dictionary<string, Unit>();
        foreach (var (word, ucum) in new[] { ("week", "wk"), ("day", "d"), ("hour", "h"), ("minute", "min"), ("second", "s"),
            ("millisecond", "ms") })
            Add(word, Ucum.Measure(ucum)!);
        Add("month", new Measure(1, "month"));
        Add("year", new Measure(12, "month"));
        return words;

        void Add(string word, Measure measure)
        {
            words[word] = new Unit(word, word, true, measure);
            words[word + "s"] = new Unit(word, word + "s", true, measure);
        }
    }
}

/// <summary>The dimension of a unit: how many base units it is, and which (`g.m-3`). Offset is for temperatures: base = value × factor +
/// offset.</summary>
internal sealed record Measure(decimal Factor, string Dimension, decimal Offset = 0);
