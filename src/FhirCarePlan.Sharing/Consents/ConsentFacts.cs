using System.Globalization;

namespace FhirCarePlan.Sharing;

/// <summary>Who put a Consent on record: whether it counts hangs on it, so the writer says it when it is recorded.</summary>
/// <param name="Party">The recording caller's party.</param>
/// <param name="WithRight">The caller had `record-consent` about this person.</param>
/// <param name="ByPerson">The caller is the person, or their proxy.</param>
/// <param name="VerifiedByOther">Somebody of another party than the recorder's verified it with the person.</param>
public sealed record Recorder(string Party, bool WithRight, bool ByPerson, bool VerifiedByOther);

/// <summary>An exception inside a provision, of the other type.</summary>
public sealed record ConsentException(Criteria Criteria, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>The statement of an active Consent, with its dates. `Text` is canonical and round-trips; it holds references and codes, no
/// names.</summary>
public sealed record ConsentFacts
{
    public required Recorder Recorder { get; init; }
    /// <summary>False for one of another kind that an earlier version accepted as a refusal to all other parties: it stays one until it is
    /// written again. No Consent is read so any more.</summary>
    public required bool IsSharing { get; init; }
    public required bool IsPermit { get; init; }
    /// <summary>False if the stated basis only documents an override, or that nobody was asked: such a permit has no effect by
    /// itself.</summary>
    public required bool GivesConsent { get; init; }
    /// <summary>`url|major` of the protocols it was made under.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];
    public Criteria Criteria { get; init; } = Criteria.Everything;
    public DateTimeOffset? From { get; init; }
    /// <summary>When a permit lapses (exclusive). A refusal's end date is not kept: it raises a review and changes nothing.</summary>
    public DateTimeOffset? To { get; init; }
    public IReadOnlyList<ConsentException> Exceptions { get; init; } = [];

    /// <summary>When this Consent next comes to say something else than it says now; null when it never will.</summary>
    public DateTimeOffset? ChangesAfter(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        if (IsPermit) Consider(From, To);
        else
            foreach (var exception in Exceptions) Consider(exception.From, exception.To);
        return next;

        void Consider(DateTimeOffset? from, DateTimeOffset? to)
        {
            if (from > now && !(from > next)) next = from;
            if (to > now && !(to > next)) next = to;
        }
    }

    /// <summary>The statements in force at a moment, each without dates.</summary>
    public IEnumerable<ConsentStatement> At(DateTimeOffset now)
    {
        if (!IsSharing)
        {
            yield return ConsentStatement.Deny([Criteria.Everything], []);
            yield break;
        }
        var counts = Recorder.ByPerson || Recorder.WithRight;
        if (!IsPermit)
        {
            if (counts)
                yield return ConsentStatement.Deny([Criteria],
                [.. Exceptions.Where(e => Covers(e.From, e.To, now)).Select(e => e.Criteria)]);
            yield break;
        }
        if (GivesConsent && Recorder.WithRight && Covers(From, To, now))
            yield return new ConsentStatement(true, [Criteria], [.. Exceptions.Select(e => e.Criteria)], Recorder.VerifiedByOther ? null
                : Recorder.Party, Protocols);
        // An exception to a permit is a refusal, and a refusal outlives its permit.
        if (counts)
            foreach (var exception in Exceptions) yield return ConsentStatement.Deny([Criteria, exception.Criteria], []);
    }

    private static bool Covers(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now) => !(from > now) && !(to <= now);

    // ---- text -------------------------------------------------------------------------------------------------------------

    /// <summary>Lines: kind and recorder; protocols; the provision; one line for each exception.</summary>
    public string Text => string.Join('\n',
    [
        $"{(IsSharing ? IsPermit ? GivesConsent ? "permit" : "permit-noted" : "deny" : "other")} {Recorder.Party} "
            + $"{(Recorder.WithRight ? 'r' : '-')}{(Recorder.ByPerson ? 'p' : '-')}{(Recorder.VerifiedByOther ? 'v' : '-')}",
        string.Join(' ', Protocols.Order(StringComparer.Ordinal)),
        Line(Criteria, From, To),
        .. Exceptions.Select(e => Line(e.Criteria, e.From, e.To)).Order(StringComparer.Ordinal),
    ]);

    private static string Line(Criteria criteria, DateTimeOffset? from, DateTimeOffset? to) => $"{criteria} {Time(from)} {Time(to)}";
    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "-";

    /// <exception cref="FormatException">The text was not written by `Text`.</exception>
    public static ConsentFacts Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 3 || lines[0].Split(' ') is not [var kind, var party, { Length: 3 } flags])
            throw new FormatException("Not the facts of a Consent.");
        var (criteria, from, to) = ReadLine(lines[2]);
        return new ConsentFacts
        {
            Recorder = new Recorder(party, flags[0] == 'r', flags[1] == 'p', flags[2] == 'v'),
            IsSharing = kind != "other",
            IsPermit = kind is "permit" or "permit-noted",
            GivesConsent = kind == "permit",
            Protocols = lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Criteria = criteria,
            From = from,
            To = to,
            Exceptions = [.. lines[3..].Select(ReadLine).Select(l => new ConsentException(l.Criteria, l.From, l.To))],
        };
    }

    private static (Criteria Criteria, DateTimeOffset? From, DateTimeOffset? To) ReadLine(string line) =>
        line.Split(' ') is [var criteria, var from, var to]
            ? (Criteria.Parse(criteria), ReadTime(from), ReadTime(to)) : throw new FormatException("Not a provision.");

    private static DateTimeOffset? ReadTime(string text) =>
        text == "-" ? null : DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
