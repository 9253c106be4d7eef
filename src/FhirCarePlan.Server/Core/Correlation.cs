namespace FhirCarePlan.Server.Core;

/// <summary>The id of the request that is being answered: in its answer (`X-Correlation-Id`), its event in the ledger, its trace, and every line
/// that it writes into the log. Random, so that it says nothing about the request.</summary>
public static class Correlation
{
    private static readonly AsyncLocal<string?> Flowing = new();

    /// <summary>Null outside of a request.</summary>
    public static string? Current => Flowing.Value;

    public static string Begin() => Flowing.Value = Guid.NewGuid().ToString("N");
}
