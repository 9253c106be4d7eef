namespace FhirCarePlan.Fhir.Tests;

/// <summary>Outside test data, which is not in the repository: the folder in `FCP_SHARED`, or `shared` beside the repository's
/// folder.</summary>
public static class SharedData
{
    /// <summary>Null when there is none.</summary>
    public static string? Root { get; } = Find();

    public static string Repository { get; } = FindRepository();

    /// <summary>`data/definitions` → its full path; null when there is no shared data.</summary>
    public static string? Folder(string path) => Root == null ? null : Path.Combine(Root, path);

    private static string? Find()
    {
        var root = Environment.GetEnvironmentVariable("FCP_SHARED") is { Length: > 0 } given
            ? given : Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(FindRepository()))!, "shared");
        return Directory.Exists(root) ? root : null;
    }

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder != null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "FhirCarePlan.sln"))) return folder;
        throw new DirectoryNotFoundException("The tests run below the folder of FhirCarePlan.sln");
    }
}

/// <summary>A test over shared data: without that data it is reported by name as skipped, with the reason.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = SharedReason.ToSkip;
}

/// <summary>As <see cref="SharedFactAttribute"/>, for a table.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = SharedReason.ToSkip;
}

internal static class SharedReason
{
    private const string NotRun = "Not run: its data is neither in FCP_SHARED nor in a folder `shared` beside the repository";

    public static string? ToSkip => SharedData.Root == null && !Optional.NothingIsSkipped ? NotRun : null;
}
