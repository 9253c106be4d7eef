namespace FhirCarePlan.Server.Settings;

/// <summary>Where a relative path of a setting is looked for: the current folder, the folder of FhirCarePlan.sln above it, the
/// binaries.</summary>
/// <param name="Repository">Null when the program runs outside the repository.</param>
public sealed record Places(string Current, string? Repository, string Binaries)
{
    private const string Solution = "FhirCarePlan.sln";

    public static Places Here() => From(Directory.GetCurrentDirectory(), AppContext.BaseDirectory);

    public static Places From(string current, string binaries) =>
        new(current, RepositoryAbove(current), Path.TrimEndingDirectorySeparator(binaries));

    /// <summary>Full path of an existing file or folder; null when it is in none of the places.</summary>
    public string? Find(string path) => Candidates(path).FirstOrDefault(Path.Exists);

    /// <summary>For a file that need not exist yet: where it exists, else where its folder exists, else below the current folder.</summary>
    public string FindOrPlace(string path) =>
        Find(path) ?? Candidates(path).FirstOrDefault(p => Directory.Exists(Path.GetDirectoryName(p))) ?? Path.GetFullPath(path, Current);

    /// <summary>For the server's own data: `data` at the root of the repository that the program was started or built in, otherwise beside
    /// the binaries.</summary>
    public string Data => Path.Combine(Repository ?? RepositoryAbove(Binaries) ?? Binaries, "data");

    private IEnumerable<string> Candidates(string path) =>
        new[] { Current, Repository, Binaries }.OfType<string>().Select(place => Path.GetFullPath(path, place)).Distinct();

    private static string? RepositoryAbove(string folder)
    {
        for (var above = folder; above != null; above = Path.GetDirectoryName(above))
            if (File.Exists(Path.Combine(above, Solution))) return above;
        return null;
    }
}
