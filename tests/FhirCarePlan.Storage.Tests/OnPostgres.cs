namespace FhirCarePlan.Storage.Tests;

/// <summary>The engine of the test that is running: SQLite, unless its class says otherwise.</summary>
internal static class OnPostgres
{
    private static readonly AsyncLocal<bool> Chosen = new();

    public static bool IsChosen => Chosen.Value;

    /// <summary>To be called by the constructor of a class whose tests run on PostgreSQL.</summary>
    public static void Choose()
    {
        // xunit reports a test that throws this as left out, with the reason.
        if (PostgresCluster.ReasonToSkip is { } reason) throw new InvalidOperationException($"$XunitDynamicSkip${reason}");
        Chosen.Value = true;
    }
}
