using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>An agreement named in a shell.</summary>
internal static class AgreementFile
{
    public const int Done = 0, Faulty = 1, NotRead = 2;

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Null, with the reason on standard error, when there is no such file.</summary>
    public static ProtocolFile? Find(string path)
    {
        if (GivenPath.Find(path, File.Exists) is { } found) return ProtocolFile.Load(found, DateOnly.FromDateTime(Now.UtcDateTime));
        Console.Error.WriteLine($"There is no file `{path}`");
        return null;
    }

    /// <summary>Null, with the reasons on standard error, when it cannot be decided by.</summary>
    public static Protocol? Sound(string path)
    {
        if (Find(path) is not { } file) return null;
        if (file.IsSound) return file.Protocol;
        foreach (var issue in file.Issues.Where(i => i.IsError)) Console.Error.WriteLine(issue);
        Console.Error.WriteLine($"`{path}` has errors, so nothing can be decided by it. `protocol check` says how to mend them");
        return null;
    }
}
