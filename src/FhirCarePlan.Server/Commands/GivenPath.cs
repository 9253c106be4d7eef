namespace FhirCarePlan.Server.Commands;

/// <summary>A path as typed in a shell: looked for from the current folder, then the shell's own (`dotnet run` starts the program in the
/// project's folder), then the folders above the current one.</summary>
internal static class GivenPath
{
    /// <summary>Full path of the first match; null for none.</summary>
    public static string? Find(string path, Func<string, bool> fits)
    {
        foreach (var folder in Folders())
            if (Path.GetFullPath(path, folder) is var full && fits(full)) return full;
        return null;
    }

    private static IEnumerable<string> Folders()
    {
        yield return Directory.GetCurrentDirectory();
        if (Environment.GetEnvironmentVariable("PWD") is { Length: > 0 } shell && Path.IsPathFullyQualified(shell)) yield return shell;
        for (var above = Path.GetDirectoryName(Directory.GetCurrentDirectory()); above != null; above = Path.GetDirectoryName(above))
            yield return above;
    }
}
