using System.Text.Json;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Operations;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Server.Commands;

/// <summary>`audit receipt` prints the head of the ledger, signed, to be kept elsewhere; `audit verify [--receipt FILE]` walks the ledger
/// and holds it against the key and a receipt. Both take the server's settings, read the database only, and may run beside the
/// server.</summary>
public static class AuditCommand
{
    public static int Receipt(string[] settings) => Run(settings, ledger => Print(ledger.Receipt(TimeProvider.System.GetUtcNow())));

    /// <param name="file">A receipt that was kept; null for none.</param>
    /// <returns>0 when the ledger holds, 1 when it does not, 2 when that could not be found out.</returns>
    public static int Verify(string? file, string[] settings)
    {
        LedgerReceipt? receipt = null;
        if (file is not null && (GivenPath.Find(file, File.Exists) is not { } found || (receipt = Read(found)) is null))
            return Refuse($"No receipt of `audit receipt` or `$ledger-receipt` is in {file}");
        return Run(settings, ledger => Print(ledger.Verify(receipt)));
    }

    private static int Run(string[] settings, Func<LedgerView, int> run)
    {
        try
        {
            using var ledger = Open(settings);
            return run(ledger);
        }
        catch (Exception refused) when (refused is StartRefused or LedgerKeyException or InvalidDataException or IOException)
        {
            return Refuse(refused is LedgerKeyException ? $"Setting Ledger:KeyFile: {refused.Message}" : refused.Message);
        }
    }

    private static LedgerView Open(string[] settings)
    {
        // The same settings from the same places, without what only a server needs.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory
        });
        var (storage, ledger) = ServerSettings.ReadLedger(builder.Configuration, builder.Environment.IsDevelopment(), Places.Here());
        var key = ledger.Load(mayMake: false);
        return storage.Engine == StorageEngine.Postgres ? LedgerView.OfPostgres(storage.ConnectionString, key)
            : LedgerView.OfFile(storage.ConnectionString, key);
    }

    private static int Print(LedgerReceipt receipt)
    {
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            rows = receipt.Rows, head = receipt.Head, at = LedgerReceiptText.Time(receipt.At),
            signature = receipt.Signature
        }));
        return 0;
    }

    private static int Print(LedgerProof proof)
    {
        Console.WriteLine(LedgerReceiptText.Say(proof));
        return proof.IsIntact ? 0 : 1;
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }

    /// <summary>A receipt as this command printed it, or the Parameters of the operation.</summary>
    private static LedgerReceipt? Read(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            if (!root.TryGetProperty("parameter", out var parameters))
                return LedgerReceiptText.Of(Text(root, "rows"), Text(root, "head"), Text(root, "at"), Text(root, "signature"));
            var named = parameters.EnumerateArray()
                .ToDictionary(p => p.GetProperty("name").GetString()!, p => p.EnumerateObject().Last().Value.ToString());
            return LedgerReceiptText.Of(named.GetValueOrDefault("rows"), named.GetValueOrDefault("head"), named.GetValueOrDefault("at"),
                named.GetValueOrDefault("signature"));
        }
        catch (Exception unreadable) when (unreadable
            is JsonException or InvalidOperationException or KeyNotFoundException or IOException or ArgumentException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.ToString() : null;
}
