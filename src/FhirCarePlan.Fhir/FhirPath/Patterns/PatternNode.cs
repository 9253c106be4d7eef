using System.Text.RegularExpressions;

namespace FhirCarePlan.Fhir.FhirPath.Patterns;

/// <summary>A part of a regular expression.</summary>
internal abstract record PatternNode
{
    /// <summary>How many instructions it compiles to, repetitions written out.</summary>
    public abstract long Size { get; }
}

/// <summary>One character of a set: `a`, `.`, `[a-z]`, `\p{L}`.</summary>
internal sealed record OneOf(CharacterSet Set) : PatternNode
{
    public override long Size => 1;
}

internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override long Size { get; } = Saturated.Sum(Parts.Select(p => p.Size));
}

internal sealed record Alternatives(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override long Size { get; } = Saturated.Sum(Parts.Select(p => p.Size + 2));
}

/// <param name="Most">int.MaxValue for no limit.</param>
internal sealed record Repeated(PatternNode Part, int Least, int Most, bool IsLazy) : PatternNode
{
    public override long Size { get; } = Saturated.Times(Part.Size + 2, Math.Max(Most == int.MaxValue ? Least + 1L : Most, 1));
}

/// <param name="Number">Under which its text is kept; -1 for a group that only groups.</param>
internal sealed record Group(PatternNode Part, int Number) : PatternNode
{
    public override long Size => Part.Size + 2;
}

/// <summary>What stands before or after, without taking it.</summary>
internal sealed record Look(PatternNode Part, bool IsBehind, bool IsNegative) : PatternNode
{
    public override long Size => Part.Size + 1;
}

/// <summary>What it once took it keeps.</summary>
internal sealed record Atomic(PatternNode Part) : PatternNode
{
    public override long Size => Part.Size + 1;
}

/// <summary>The same text as a group took.</summary>
internal sealed record Back(int Number, bool IgnoresCase) : PatternNode
{
    public override long Size => 1;
}

/// <param name="Kind">`^`, `$`, `b`, `B`, `z`: a place between characters.</param>
internal sealed record Place(char Kind) : PatternNode
{
    public override long Size => 1;
}

/// <summary>The characters that a piece of a pattern stands for; .NET reads the piece, one character at a time.</summary>
internal sealed class CharacterSet
{
    private readonly Regex regex;
    private readonly bool[] ascii = new bool[128];

    public CharacterSet(string piece, bool ignoresCase)
    {
        regex = new Regex($@"\A(?:{piece})\z", RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant
            | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None));
        for (var c = '\0'; c < 128; c++) ascii[c] = regex.IsMatch([c]);
    }

    public bool Contains(char c) => c < 128 ? ascii[c] : regex.IsMatch([c]);
}

internal static class Saturated
{
    private const long Most = 1L << 40;

    public static long Sum(IEnumerable<long> sizes) => Math.Min(sizes.Aggregate(0L, (a, b) => Math.Min(a + b, Most)), Most);

    public static long Times(long size, long count) => size > Most / count ? Most : size * count;
}
