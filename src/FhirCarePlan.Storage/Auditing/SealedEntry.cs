using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Fhir.Model;
using System.Security.Cryptography;
using System.Text.Json;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>An entry ready to be appended: committed to, and split into parts that repeat (who asked, the target, the outcome, whose
/// record) and parts that do not. It is made on the caller's thread; the writer only looks up numbers for the repeating parts. Payload: 2
/// (its version and the flag of a part), ticks (8), id, correlation id, number of who, number of what, the target; then for each detail the
/// number of its manner, the number of its person, the count and the resources, by their keys in the store if they have one.</summary>
internal sealed class SealedEntry
{
    private const byte Version = 2, PartFlag = 0x80;
    /// <summary>Instead of a resource's key, which begins after these.</summary>
    private const int None = 0, SameAsTarget = 0, Spelt = 1, FirstKey = 2;

    private readonly AuditEntry entry;
    private readonly string who, what, targetType;
    private readonly string? targetId;
    private readonly (string Manner, string Person)[] details;

    public SealedEntry(AuditEntry given)
    {
        entry = WithFewIds(given);
        Salt = RandomNumberGenerator.GetBytes(Auditing.Commitment.SaltLength);
        Commitment = Auditing.Commitment.Of(Salt, entry);
        (targetType, targetId) = Reference.TryKey(entry.Target, out var type, out var id) ? (type, id.ToString()) : (entry.Target, null);
        who = Join(entry.Subject, entry.Party, entry.Role, entry.Purpose, entry.Agent, entry.Organization);
        what = Join(entry.Interaction, $"{(int)entry.Outcome}", $"{entry.Status}", entry.Reason, entry.Query, targetType);
        details = [.. entry.Details.Select(d => (Manner(d), Join(d.Person, d.Patient)))];
    }

    public byte[] Salt { get; }
    public byte[] Commitment { get; }
    public AuditEntry Entry => entry;
    public string Id => entry.Id;
    public bool IsPart => entry.IsPart;

    /// <param name="numberOf">The number of a text that repeats.</param>
    /// <param name="keyOf">The key of the resource with this type and id; null when it is not stored.</param>
    public ReadOnlySpan<byte> Payload(Func<string, long> numberOf, Func<string, string, long?> keyOf)
    {
        var to = new CompactWriter();
        to.Byte((byte)(Version | (entry.IsPart ? PartFlag : 0)));
        to.Ticks(entry.At.UtcTicks);
        to.Id(entry.Id);
        Optional(to, entry.CorrelationId);
        to.Number(numberOf(who));
        to.Number(numberOf(what));
        if (targetId is null) to.Number(None);
        else Resource(to, targetType, targetId, keyOf);
        for (var i = 0; i < details.Length; i++)
        {
            var detail = entry.Details[i];
            to.Number(numberOf(details[i].Manner));
            to.Number(numberOf(details[i].Person));
            to.Number(detail.Count);
            to.Number(detail.Ids.Count);
            foreach (var id in detail.Ids) Resource(to, id, keyOf);
        }
        to.Number(0);
        return to.Written;
    }

    private void Resource(CompactWriter to, string reference, Func<string, string, long?> keyOf)
    {
        if (reference == entry.Target) to.Number(SameAsTarget);
        else if (Reference.TryKey(reference, out var type, out var id) && keyOf(type, id.ToString()) is { } key) to.Number(FirstKey + key);
        else
        {
            to.Number(Spelt);
            to.Id(reference);
        }
    }

    /// <summary>The target's type is told already.</summary>
    private static void Resource(CompactWriter to, string type, string id, Func<string, string, long?> keyOf)
    {
        if (keyOf(type, id) is { } key) to.Number(FirstKey + key);
        else
        {
            to.Number(Spelt);
            to.Id(id);
        }
    }

    /// <param name="textOf">The text that the writer gave this number.</param>
    /// <param name="resourceOf">`Type/id` of the resource with this key.</param>
    public static AuditEntry Read(ReadOnlySpan<byte> payload, Func<long, string?[]> textOf, Func<long, string> resourceOf)
    {
        var from = new CompactReader(payload);
        var head = from.Byte();
        if ((head & ~PartFlag) != Version) throw new InvalidDataException("a row of the ledger has a format this program does not know");
        var at = new DateTimeOffset(from.Ticks(), TimeSpan.Zero);
        var (id, correlation) = (from.Id(), Optional(ref from));
        string?[] who = textOf(from.Number()), what = textOf(from.Number());
        var target = from.Number() switch
        {
            None => what[5]!,
            Spelt => $"{what[5]}/{from.Id()}",
            var key => resourceOf(key - FirstKey),
        };
        var entry = new AuditEntry
        {
            Id = id, At = at, CorrelationId = correlation, IsPart = (head & PartFlag) != 0,
            Subject = who[0]!, Party = who[1], Role = who[2], Purpose = who[3], Agent = who[4], Organization = who[5],
            Interaction = what[0]!, Outcome = (AuditOutcome)int.Parse(what[1]!), Status = int.Parse(what[2]!), Reason = what[3],
            Query = what[4],
            Target = target,
        };
        var details = new List<AuditDetail>();
        while (from.Number() is var manner and not 0)
            details.Add(Detail(ref from, textOf(manner), textOf(from.Number()), target, resourceOf));
        return details.Count == 0 ? entry : entry with { Details = details };
    }

    private static AuditDetail Detail(ref CompactReader from, string?[] manner, string?[] person, string target,
        Func<long, string> resourceOf)
    {
        var types = manner[7..(7 + int.Parse(manner[6]!))];
        var detail = new AuditDetail
        {
            Kind = (AuditDetailKind)int.Parse(manner[0]!), Holder = manner[1], Gate = manner[2], IsWidening = manner[3] == "1",
            Mask = long.Parse(manner[4]!),
            Types = types!, Policies = manner[(7 + types.Length)..]!, Person = person[0], Patient = person[1], Count = (int)from.Number(),
        };
        var ids = new string[from.Number()];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = from.Number() switch
            {
                SameAsTarget => target,
                Spelt => from.Id(),
                var key => resourceOf(key - FirstKey),
            };
        return detail with { Ids = ids };
    }

    /// <summary>The numbers of all texts that a payload names.</summary>
    public static void NumbersOf(ReadOnlySpan<byte> payload, HashSet<long> numbers) => Read(payload, number =>
    {
        numbers.Add(number);
        return NoTexts;
    }, _ => "");

    // Enough for every place that a text may have.
    private static readonly string?[] NoTexts = ["0", "0", "0", "0", "0", "0", "0"];

    /// <summary>When a payload was written, without reading the rest of it.</summary>
    public static long TicksOf(ReadOnlySpan<byte> payload) => System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(payload[1..]);

    public static bool IsPartOf(ReadOnlySpan<byte> payload) => (payload[0] & PartFlag) != 0;

    /// <summary>The texts of a number, as `Join` put them together.</summary>
    public static string?[] Split(string joined) => JsonSerializer.Deserialize<string?[]>(joined)!;

    private static string Manner(AuditDetail detail) => Join(
    [
        $"{(int)detail.Kind}", detail.Holder, detail.Gate, detail.IsWidening
            ? "1" : "0", $"{detail.Mask}", null, $"{detail.Types.Count}", .. detail.Types, .. detail.Policies,
    ]);

    private static string Join(params string?[] texts) => JsonSerializer.Serialize(texts);

    private static void Optional(CompactWriter to, string? id)
    {
        to.Byte(id is null ? (byte)0 : (byte)1);
        if (id is not null) to.Id(id);
    }

    private static string? Optional(ref CompactReader from) => from.Byte() == 0 ? null : from.Id();

    private static AuditEntry WithFewIds(AuditEntry entry)
    {
        var left = AuditEntry.MostIds;
        if (entry.Details.Sum(d => d.Ids.Count) <= left) return entry;
        var details = new List<AuditDetail>();
        foreach (var detail in entry.Details)
        {
            details.Add(detail with { Ids = [.. detail.Ids.Take(left)] });
            left -= details[^1].Ids.Count;
        }
        return entry with { Details = details };
    }
}
