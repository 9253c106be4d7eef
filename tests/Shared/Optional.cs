namespace FhirCarePlan.Tests;

/// <summary>What some tests need and not every machine has. Without it a test is reported by name as skipped, with the reason;
/// where `FCP_NO_SKIP` is 1 (CI) it runs all the same and fails.</summary>
public static class Optional
{
    public const string Chromium = "chromium";

    public static bool NothingIsSkipped { get; } = Environment.GetEnvironmentVariable("FCP_NO_SKIP") == "1";

    /// <summary>Why a test is not run; null when it is.</summary>
    public static string? ReasonToSkip(string program) =>
        NothingIsSkipped || Find(program) != null ? null : $"Not run: `{program}` is not on this machine";

    /// <summary>Full path of a program that must be there by now.</summary>
    public static string Require(string program) =>
        Find(program)
            ?? throw new FileNotFoundException($"`{program}` is not on this machine, and FCP_NO_SKIP allows no test to be left out");

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

/// <summary>A test that needs a program.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OptionalFactAttribute : FactAttribute
{
    public OptionalFactAttribute(string program) => Skip = Optional.ReasonToSkip(program);
}

/// <summary>As <see cref="OptionalFactAttribute"/>, for a table.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OptionalTheoryAttribute : TheoryAttribute
{
    public OptionalTheoryAttribute(string program) => Skip = Optional.ReasonToSkip(program);
}
