using FhirCarePlan.Server.Settings;
using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Server.Commands;

/// <summary>Common to the commands that work on the database: they take the server's settings from the same places, and end with 2 and one
/// sentence where they cannot go on.</summary>
internal static class StoreCommand
{
    public const int Done = 0, Faulty = 1, NotFoundOut = 2;

    public static int Run(string[] settings, Func<StorageSettings, LedgerKey, int> run) => Guard(() =>
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        var (storage, ledger) = ServerSettings.ReadLedger(builder.Configuration, builder.Environment.IsDevelopment(), Places.Here());
        return run(storage, ledger.Load(mayMake: false));
    });

    public static int Guard(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception refused) when (refused is StartRefused or LedgerKeyException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(refused is LedgerKeyException ? $"Setting Ledger:KeyFile: {refused.Message}" : refused.Message);
            return NotFoundOut;
        }
    }
}
