using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Preparing;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Storage.Checking;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Commands;

/// <summary>`check` proves a store whole, without writing, also beside a running server: contents, checksums, labels, index rows, ties,
/// consent states and the ledger. It says what to do about each finding, and names no person and no content.
/// src/docs/operations.md#checking-the-store</summary>
public static class CheckCommand
{
    /// <returns>0 for a whole store, 1 for one with findings, 2 when that could not be found out.</returns>
    public static int Run(string[] settings) => StoreCommand.Guard(() =>
    {
        var app = Startup.Build(settings, services => services.AddSingleton<IStore>(Open));
        try
        {
            var store = (ReadingStore)app.Services.GetRequiredService<IStore>();
            var findings = new Findings();
            store.Check(findings);
            new WrittenAgain(app.Services.GetRequiredService<Engine>(), store, findings)
                .Check(Services.Generation(app.Services));
            return Print(findings.All);
        }
        finally
        {
            app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    });

    private static ReadingStore Open(IServiceProvider services)
    {
        var settings = services.GetRequiredService<ServerSettings>();
        var key = settings.Ledger.Load(mayMake: false);
        return settings.Storage.Engine == StorageEngine.Postgres ? ReadingStore.OfPostgres(settings.Storage.ConnectionString, key)
            : ReadingStore.OfFile(settings.Storage.ConnectionString, key);
    }

    private static int Print(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            Console.WriteLine("The store is whole");
            return StoreCommand.Done;
        }
        foreach (var finding in findings) Console.WriteLine($"{char.ToUpperInvariant(finding.What[0])}{finding.What[1..]}. {finding.ToDo}.");
        return StoreCommand.Faulty;
    }
}
