using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Operations;

/// <summary>`$ledger-receipt` hands out the signed head of the ledger, to be kept elsewhere; `$verify-ledger` checks the ledger and
/// compares it with such a receipt. For the governance lead of the party that owns the protocol; everybody else gets the one 404
/// (src/docs/sharing.md#the-ledger).</summary>
public static class LedgerReceipts
{
    public static Answer Give(Exchange asked)
    {
        var work = asked.Work;
        if (!IsEntitled(work)) return Answer.NotHere;
        var receipt = work.Engine.Store.Receipt(work.Now);
        return new Answer(AnswerKind.Ok)
        {
            Body = Parameters(("rows", "valueDecimal", receipt.Rows), ("head", "valueString", receipt.Head),
                ("at", "valueString", LedgerReceiptText.Time(receipt.At)), ("signature", "valueString", receipt.Signature)),
        };
    }

    /// <summary>The body is Parameters as `$ledger-receipt` gave them, or nothing.</summary>
    public static Answer Verify(Exchange asked)
    {
        var work = asked.Work;
        if (!IsEntitled(work)) return Answer.NotHere;
        LedgerReceipt? receipt = null;
        var report = new Report();
        if (asked.Request.Body.Length > 0)
        {
            if (work.Reading.Parse(asked.Request.Body, report, asked.Request.BodyFormat) is not { } sent)
                return Answer.Invalid(report.Issues);
            receipt = Read(sent.Root);
            if (receipt is null)
                return Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid,
                    "The body must be the Parameters that `$ledger-receipt` gave: rows, head, at, signature", key: "parameter");
        }
        var proof = work.Engine.Store.VerifyLedger(receipt);
        return new Answer(AnswerKind.Ok)
        {
            Body = Parameters(("result", "valueBoolean", proof.IsIntact), ("message", "valueString", LedgerReceiptText.Say(proof)),
                ("rows", "valueDecimal", proof.Rows),
                ("erased", "valueDecimal", proof.Erased), ("head", "valueString", proof.Head)),
        };
    }

    private static bool IsEntitled(Work work) => LedgerReading.ReaderOf(work).IsOwner;

    private static LedgerReceipt? Read(Node parameters)
    {
        string? Value(string name)
        {
            foreach (var parameter in parameters.All("parameter"))
                if (parameter.TextOf("name") == name) return parameter.TextOf("value");
            return null;
        }

        return LedgerReceiptText.Of(Value("rows"), Value("head"), Value("at"), Value("signature"));
    }

    private static byte[] Parameters(params ReadOnlySpan<(string Name, string Kind, object Value)> parameters)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "Parameters");
            json.WriteStartArray("parameter");
            foreach (var (name, kind, value) in parameters)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WritePropertyName(kind);
                if (value is bool yes) json.WriteBooleanValue(yes);
                else if (value is long number) json.WriteNumberValue(number);
                else json.WriteStringValue((string)value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>Receipts and findings in words.</summary>
public static class LedgerReceiptText
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Null when these are not the four parts of a receipt.</summary>
    public static LedgerReceipt? Of(string? rows, string? head, string? at, string? signature) =>
        long.TryParse(rows, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && head is { Length: > 0 }
            && signature is { Length: > 0 }
        && DateTimeOffset.TryParseExact(at, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new LedgerReceipt(count, head, time.ToUniversalTime(), signature) : null;

    public static string Say(LedgerProof proof) => proof.Fault switch
    {
        LedgerFault.None => $"The ledger is intact: {proof.Rows} rows, of which {proof.Erased} were erased on record",
        LedgerFault.Broken => $"Row {proof.At} is wrong: it was changed, removed or inserted",
        LedgerFault.CutOff => $"Rows from {proof.At} on are missing: the ledger was shortened, or replaced by an older copy",
        LedgerFault.ErasedUnseen => $"The payload of row {proof.At} is missing, and no event says that it was erased",
        LedgerFault.OtherThanReceipt => $"This receipt belongs to another ledger: this one was made anew up to row {proof.At}",
        LedgerFault.ForeignReceipt => "The receipt was not signed with this ledger's key, or was changed",
        _ => $"The index from row {proof.At} on does not match the rows: searches may miss events",
    };
}
