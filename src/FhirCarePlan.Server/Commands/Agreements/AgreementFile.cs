using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>An agreement named in a shell.</summary>
internal static class AgreementFile
{
    public const int Done = 0, Faulty = 1, NotRead = 2;

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Returns null when the file does not exist, and says so on standard error.</summary>
    public static ProtocolFile? Find(string path)
    {
        if (GivenPath.Find(path, File.Exists) is { } found) return ProtocolFile.Load(found, DateOnly.FromDateTime(Now.UtcDateTime));
        Console.Error.WriteLine($"The file `{path}` does not exist");
        return null;
    }

    /// <summary>Null, with the reasons on standard error, when nothing can be decided by it.</summary>
    public static Protocol? Decisive(string path)
    {
        if (Find(path) is not { } file) return null;
        var errors = file.Issues.Where(i => i.IsError).ToList();
        if (file.Protocol is { } protocol && errors.TrueForAll(i => i.IsOfTests))
        {
            if (errors.Count > 0) Console.Error.WriteLine($"`{path}` lacks tests, or some do not hold: it cannot be enforced yet");
            return protocol;
        }
        foreach (var issue in errors.Where(i => !i.IsOfTests).Take(MostShown)) Console.Error.WriteLine(issue);
        Console.Error.WriteLine($"`{path}` has errors, so nothing can be decided by it. `protocol check` says how to mend them");
        return null;
    }

    private const int MostShown = 10;
}
