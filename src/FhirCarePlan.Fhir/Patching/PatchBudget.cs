namespace FhirCarePlan.Fhir.Patching;

/// <summary>The work that one patch may cause, in bytes copied, compared or written and nodes visited. Without it a patch of a few lines
/// could double a text until the memory is full.</summary>
public sealed class PatchBudget(long units = PatchBudget.Usual)
{
    public const int MostOperations = 1_000;
    /// <summary>Levels; the resource that comes out is checked against the usual limits.</summary>
    public const int Deepest = 100;
    /// <summary>What a node costs besides its bytes.</summary>
    public const int Node = 100;
    private const long Usual = 64L << 20;

    private long left = units;

    /// <summary>False when it is used up.</summary>
    public bool Spend(long more) => (left -= more) >= 0;
}
