using System.Globalization;

namespace FhirCarePlan.Server.Settings;

/// <summary>The system limits the files and connections that a process may have open. Beyond the limit nothing can be opened at all, neither a
/// connection nor a database, so what is left after the program itself is divided between connections and the databases that their requests open.</summary>
internal static class OpenFilesAllowed
{
    private const int OfProgram = 256, Least = 8;

    /// <param name="wanted">`Limits:Connections`.</param>
    public static int Connections(int wanted) => OfProcess() is { } allowed ? (int)Math.Min(wanted, Math.Max((allowed - OfProgram) / 2, Least)) : wanted;

    /// <summary>Null where the system does not tell. https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html</summary>
    private static long? OfProcess()
    {
        const string file = "/proc/self/limits", name = "Max open files";
        if (!File.Exists(file) || File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is not { } line) return null;
        var soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var allowed) ? allowed : null;
    }
}
