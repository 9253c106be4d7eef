using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Tests;

/// <summary>The built server as a process of its own, on a free port of this machine and with a data folder of its own: what tests from
/// outside talk to. It can be killed and started again on the same data.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    public static string Assembly { get; } = typeof(Pipeline).Assembly.Location;
    /// <summary>The machine gives a free port: one that was looked up before could be somebody else's by the time it is opened.</summary>
    public const string AnyPort = "http://127.0.0.1:0";
    private const string AddressLine = "FHIR base   ", LastLine = "Stop ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly string environment;
    private readonly Dictionary<string, HttpClient> clients = [];
    private readonly StringBuilder output = new();
    private readonly Lock guard = new();
    private Process? process;

    private readonly IReadOnlyList<string> through;

    private ServerProcess(IReadOnlyDictionary<string, string> settings, string? dataFolder, string environment, IReadOnlyList<string>? through)
    {
        this.through = through ?? [];
        this.environment = environment;
        this.settings = settings;
        OwnsFolder = dataFolder is null;
        DataFolder = dataFolder ?? Directory.CreateTempSubdirectory("fcp-").FullName;
    }

    public string DataFolder { get; }
    /// <summary>Names of the assemblies that the process has loaded by now: Linux and Windows tell.</summary>
    public IReadOnlyList<string> Loaded()
    {
        process!.Refresh();
        var files = OperatingSystem.IsLinux() ? File.ReadLines($"/proc/{process.Id}/maps").Select(line => line[(line.LastIndexOf('/') + 1)..])
            : process.Modules.Cast<ProcessModule>().Select(m => m.ModuleName);
        return [.. files.Where(f => f.EndsWith(".dll", StringComparison.Ordinal)).Distinct()];
    }
    private bool OwnsFolder { get; }
    public Uri Address { get; private set; } = null!;
    /// <summary>`http://127.0.0.1:5080/fhir/`.</summary>
    public Uri Fhir => new(Address, "fhir/");
    /// <summary>The output of the process so far, lines of both streams.</summary>
    public string Output { get { lock (guard) return output.ToString(); } }

    /// <param name="settings">`Sharing:Protocols` → value, over those of Development.</param>
    /// <param name="dataFolder">The folder of the database; null for a new one that is deleted in the end.</param>
    /// <param name="through">A program, with its arguments, that starts the server: `prlimit --nofile=200`.</param>
    public static async Task<ServerProcess> Start(IReadOnlyDictionary<string, string>? settings = null, string? dataFolder = null,
        string environment = "Development", IReadOnlyList<string>? through = null)
    {
        var server = new ServerProcess(settings ?? new Dictionary<string, string>(), dataFolder, environment, through);
        try
        {
            await server.Start();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>A client with a persona's token, its address the FHIR base; the same one each time for the same purpose.</summary>
    public async Task<HttpClient> As(string persona, string? purpose = null)
    {
        var key = $"{persona}|{purpose}";
        if (clients.TryGetValue(key, out var known)) return known;
        var client = new HttpClient { BaseAddress = Fhir, Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(persona, purpose));
        return clients[key] = client;
    }

    public async Task<string> Token(string persona, string? purpose = null)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = persona,
            ["client_secret"] = "any"
        };
        if (purpose != null) form["purpose"] = purpose;
        using var answer = await Anonymous.PostAsync("dev/token", new FormUrlEncodedContent(form));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>The whole suite can be run on PostgreSQL: `FCP_TEST_ENGINE=Postgres dotnet test tests/FhirCarePlan.Server.Tests`.</summary>
    private static bool IsOnPostgres { get; } = Environment.GetEnvironmentVariable("FCP_TEST_ENGINE") == "Postgres";

    /// <summary>Data folder → the database that takes its place.</summary>
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> Databases = new();

    /// <summary>SIGKILL: nothing of the process runs after this.</summary>
    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        Forget();
    }

    /// <summary>SIGTERM, as systemd and container engines send it.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{process!.Id}"]).WaitForExit();

    /// <summary>Waits for the process to end by itself.</summary>
    public async Task<int> Ended()
    {
        using var tooLong = new CancellationTokenSource(Patience);
        await process!.WaitForExitAsync(tooLong.Token);
        return process.ExitCode;
    }

    public bool IsRunning => process is { HasExited: false };

    /// <summary>On the same data; tokens given before are of no use.</summary>
    public Task Restart() => Start();

    /// <summary>Runs the server until it ends by itself: for settings that it refuses to start on.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunToEnd(IReadOnlyDictionary<string, string> settings,
        string environment, string? folder = null, IReadOnlyList<string>? through = null, params string[] arguments)
    {
        var start = Through(through ?? [], StartInfo(settings, environment, arguments));
        start.WorkingDirectory = folder ?? Path.GetTempPath();
        using var process = Process.Start(start)!;
        using var tooLong = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(tooLong.Token);
        var error = process.StandardError.ReadToEndAsync(tooLong.Token);
        try
        {
            await process.WaitForExitAsync(tooLong.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        return (process.ExitCode, await output, await error);
    }

    private async Task Start()
    {
        var all = new Dictionary<string, string>
        {
            ["urls"] = AnyPort,
            ["Storage:ConnectionString"] = $"Data Source={Path.Combine(DataFolder, "test.db")}",
        };
        if (IsOnPostgres && !settings.ContainsKey("Storage:ConnectionString"))
        {
            (all["Storage:Engine"], all["Storage:ConnectionString"]) = ("Postgres", Databases.GetOrAdd(DataFolder, _ => PostgresCluster.NewDatabase()));
            // There is no file beside which the first start could make one.
            if (!settings.Keys.Any(name => name.StartsWith("Ledger:Key", StringComparison.Ordinal)))
                all["Ledger:Key"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(n => (byte)n)]);
        }
        // Tests ask as fast as they can, all as the same few personas.
        foreach (var limit in (string[])["UnitsPerSecond", "Burst", "AnonymousUnitsPerSecond"]) all[$"Limits:{limit}"] = "100000000";
        foreach (var (name, value) in settings) all[name] = value;
        var before = Output.Length;
        var start = Through(through, StartInfo(all, environment));
        start.WorkingDirectory = DataFolder;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = Stopwatch.StartNew();
        Address = await WhereItListens(before, started);
        Anonymous = new HttpClient { BaseAddress = Address, Timeout = Patience };
        await UntilHealthy(started);
    }

    /// <summary>The server says it in the first of four lines, once the port is open.</summary>
    /// <param name="before">Length of the output of processes before this one.</param>
    private async Task<Uri> WhereItListens(int before, Stopwatch started)
    {
        while (true)
        {
            var lines = Output[before..].Split('\n');
            if (lines.Any(l => l.StartsWith(LastLine, StringComparison.Ordinal)))
                foreach (var line in lines.Where(l => l.StartsWith(AddressLine, StringComparison.Ordinal)))
                    return new Uri(line[AddressLine.Length..].Trim()[..^"fhir".Length].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
            await Wait(started);
        }
    }

    private static ProcessStartInfo Through(IReadOnlyList<string> through, ProcessStartInfo start)
    {
        if (through.Count == 0) return start;
        string[] all = [.. through.Skip(1), start.FileName, .. start.ArgumentList];
        start.FileName = through[0];
        start.ArgumentList.Clear();
        foreach (var argument in all) start.ArgumentList.Add(argument);
        return start;
    }

    private static ProcessStartInfo StartInfo(IReadOnlyDictionary<string, string> settings, string environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Assembly },
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = environment, ["DOTNET_ENVIRONMENT"] = environment },
        };
        start.Environment.Remove("ASPNETCORE_URLS");
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings) start.ArgumentList.Add($"--{name}={value}");
        return start;
    }

    private async Task UntilHealthy(Stopwatch started)
    {
        while (true)
        {
            try
            {
                using var answer = await Anonymous.GetAsync("health");
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Wait(started);
        }
    }

    private async Task Wait(Stopwatch started)
    {
        if (process!.HasExited) throw new InvalidOperationException($"The server ended with {process.ExitCode}:\n{Output}");
        if (started.Elapsed > Patience) throw new TimeoutException($"The server does not answer:\n{Output}");
        await Task.Delay(50);
    }

    private void Say(string? line)
    {
        if (line is null) return;
        lock (guard) output.AppendLine(line);
    }

    private void Forget()
    {
        foreach (var client in clients.Values) client.Dispose();
        clients.Clear();
        Anonymous.Dispose();
        process?.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) process.Kill();
        if (process != null) await process.WaitForExitAsync();
        if (Anonymous != null) Forget();
        if (OwnsFolder) Directory.Delete(DataFolder, recursive: true);
    }
}

/// <summary>One Development server with the samples, shared by the tests of a class.</summary>
public sealed class SampleServer : IAsyncLifetime
{
    public ServerProcess Process { get; private set; } = null!;

    public async Task InitializeAsync() => Process = await ServerProcess.Start();

    public async Task DisposeAsync()
    {
        if (Process != null) await Process.DisposeAsync();
    }
}
