using System.Numerics;

namespace FhirCarePlan.Sharing.Matrix;

/// <summary>What a person's Consents say to the caller's party for the caller's purpose.</summary>
public enum ConsentSaid { Nothing, Agreed, Refused }

/// <summary>The circumstances in which a matrix asks each question: about nobody, or about a person with one tie, or none, and one thing
/// said. A set of them is a bit mask, so a cell is one number.</summary>
public static class Contexts
{
    /// <summary>The single ties by name, the first being none.</summary>
    public static IReadOnlyList<(string Name, long Kind)> Ties { get; } =
        [("none", 0), .. Relations.ByName.Where(r => BitOperations.PopCount((ulong)r.Value) == 1).Select(r => (r.Key, r.Value))];

    private const int Said = 3;

    /// <summary>The bit of resources about nobody; contexts about persons follow.</summary>
    public const int Nobody = 0;

    public static int Count { get; } = 1 + Ties.Count * Said;

    /// <summary>The contexts of one tie.</summary>
    public static ulong Tied(int tie) => 7UL << Of(tie, ConsentSaid.Nothing);

    /// <summary>The contexts of persons without a tie, and with those that are none of these.</summary>
    public static ulong TiedOutside(long kinds) =>
        Enumerable.Range(0, Ties.Count).Where(tie => (Ties[tie].Kind & kinds) == 0).Aggregate(0UL, (all, tie) => all | Tied(tie));

    public static ulong Saying(ConsentSaid consent) =>
        Enumerable.Range(0, Ties.Count).Aggregate(0UL, (all, tie) => all | 1UL << Of(tie, consent));

    public static int Of(int tie, ConsentSaid consent) => 1 + tie * Said + (int)consent;

    public static (bool HasPerson, int Tie, ConsentSaid Consent) At(int context) =>
        context == Nobody ? (false, 0, ConsentSaid.Nothing) : (true, (context - 1) / Said, (ConsentSaid)((context - 1) % Said));

    /// <summary>The three answers for one tie: bit 0 nothing said, bit 1 agreed, bit 2 refused.</summary>
    public static int Answers(ulong cell, int tie) => (int)(cell >> (1 + tie * Said)) & 7;
}
