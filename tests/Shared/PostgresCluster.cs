using System.Diagnostics;

namespace FhirCarePlan.Tests;

/// <summary>A PostgreSQL of this test run alone, in a temporary folder, behind a Unix socket; it ends with the run. The programs are looked for
/// in PATH and where Debian puts them.</summary>
public static class PostgresCluster
{
    private const string User = "postgres";
    private static readonly string[] Needed = ["initdb", "postgres", "psql", "pg_isready"];
    private static readonly Lazy<string> Folder = new(Start);
    private static readonly string? Programs = Find();

    /// <summary>Why tests on PostgreSQL are not run; null when they are.</summary>
    public static string? ReasonToSkip =>
        Programs != null || Optional.NothingIsSkipped ? null : "Not run: `initdb` of PostgreSQL is not on this machine";

    /// <summary>A new, empty database.</summary>
    public static string NewDatabase()
    {
        var name = $"t{Guid.NewGuid():N}";
        Psql("postgres", $"CREATE DATABASE {name}");
        return $"Host={Folder.Value};Username={User};Database={name}";
    }

    public static void Drop(string connectionString) =>
        Psql("postgres", $"DROP DATABASE IF EXISTS {connectionString[(connectionString.LastIndexOf('=') + 1)..]} WITH (FORCE)");

    /// <summary>Runs SQL beside the store.</summary>
    public static void Psql(string database, string sql)
    {
        var (code, said) = Run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", Folder.Value, "-U", User, "-d", database, "-c", sql);
        if (code != 0) throw new InvalidOperationException($"psql: {said}");
    }

    /// <summary>Ends all sessions of a database, as a restart of PostgreSQL does.</summary>
    public static void Disconnect(string connectionString) => Psql("postgres",
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{connectionString[(connectionString.LastIndexOf('=') + 1)..]}'");

    /// <summary>Makes a cluster in a folder, for a test that kills it.</summary>
    public static void Prepare(string folder)
    {
        if (Environment.IsPrivilegedProcess) Require(Tool("chown", User, folder));
        Require(Run("initdb", "-D", Path.Combine(folder, "data"), "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"));
    }

    public static Process Serve(string folder)
    {
        var start = Command(Path.Combine(Programs!, "postgres"), "-D", Path.Combine(folder, "data"), "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off");
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    public static bool Answers(string folder) => Run("pg_isready", "-h", folder, "-U", User).Code == 0;

    private static string Start()
    {
        if (Programs is null) throw new FileNotFoundException("PostgreSQL is not on this machine, and FCP_NO_SKIP allows no test to be left out");
        var folder = Directory.CreateTempSubdirectory("fcp-pg-").FullName;
        Prepare(folder);
        var data = Path.Combine(folder, "data");
        // The shell ends the server when the test run ends, however that happens: the pipe to its input is closed then.
        var server = Command("sh", "-c", $"""
            "$0" -D {data} -k {folder} -c listen_addresses= -c fsync=off -c log_min_duration_statement=1000 -c max_connections=400 -c shared_buffers=64MB >{folder}/log 2>&1 &
            cat >/dev/null; kill -QUIT $!; wait $!; rm -rf {folder}
            """, Path.Combine(Programs, "postgres"));
        server.RedirectStandardInput = true;
        var process = Process.Start(server)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.StandardInput.Close();
            process.WaitForExit(10_000);
        };
        for (var attempt = 0; Run("pg_isready", "-h", folder, "-U", User).Code != 0; attempt++)
        {
            if (attempt > 100 || process.HasExited) throw new InvalidOperationException($"PostgreSQL does not start: {File.ReadAllText(Path.Combine(folder, "log"))}");
            Task.Delay(100).GetAwaiter().GetResult();
        }
        return folder;
    }

    private static (int Code, string Said) Run(string program, params string[] arguments) => Tool(Path.Combine(Programs!, program), arguments);

    private static (int Code, string Said) Tool(string program, params string[] arguments)
    {
        var asRoot = program == "chown";
        var start = asRoot ? new ProcessStartInfo(program, arguments) : Command(program, arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said.GetAwaiter().GetResult() + error);
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static ProcessStartInfo Command(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? new ProcessStartInfo("setpriv", ["--reuid", User, "--regid", User, "--clear-groups", program, .. arguments])
        : new ProcessStartInfo(program, arguments);

    private static void Require((int Code, string Said) run)
    {
        if (run.Code != 0) throw new InvalidOperationException(run.Said);
    }

    private static string? Find()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => Path.Combine(folder, "bin")) : [];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(debian).FirstOrDefault(folder => Needed.All(program => File.Exists(Path.Combine(folder, program))));
    }
}
