using System.Diagnostics;

namespace FhirCarePlan.Benchmarks;

/// <summary>A program under measurement, as a process of this machine; ended when disposed.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process process;
    private readonly Stopwatch clock;
    private string said = "";

    public Child(string assembly, string folder, params string[] arguments) : this([], assembly, folder, arguments) { }

    /// <summary>One that gets what processor time the others leave (`nice`, where there is one).</summary>
    public static Child InTheBackground(string assembly, string folder, params string[] arguments) =>
        new(OperatingSystem.IsWindows() ? [] : ["nice", "-n", "19"], assembly, folder, arguments);

    private Child(string[] through, string assembly, string folder, string[] arguments)
    {
        string[] command = [.. through, "dotnet", assembly, .. arguments];
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true, Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development" }
        };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        clock = Stopwatch.StartNew();
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => said = line.Data ?? said;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Our own server, built with these benchmarks.</summary>
    public static string Server { get; } = Path.Combine(AppContext.BaseDirectory, "FhirCarePlan.Server.dll");

    /// <summary>Milliseconds from the start to the end, how many of them a core worked for it, and the most memory it held.</summary>
    public (double Milliseconds, double Working, double Megabytes) UntilItEnds()
    {
        var (most, worked) = (0L, TimeSpan.Zero);
        while (!process.WaitForExit(2))
            try
            {
                process.Refresh();
                most = Math.Max(most, process.PeakWorkingSet64);
                worked = process.TotalProcessorTime;
            }
            catch (InvalidOperationException) when (process.HasExited)
            {
                // It ended between the two lines; keep what was read before.
            }
        return (clock.Elapsed.TotalMilliseconds, worked.TotalMilliseconds, most / 1e6);
    }

    /// <summary>Sends a line, waits for the end, and says the last line of what it wrote.</summary>
    public async Task<string> Tell()
    {
        await process.StandardInput.WriteLineAsync();
        await process.WaitForExitAsync();
        return said;
    }

    /// <summary>Milliseconds from the start until the address answers.</summary>
    public async Task<double> UntilItAnswers(HttpClient http, string url)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var answer = await http.GetAsync(url);
                if (answer.IsSuccessStatusCode) return clock.Elapsed.TotalMilliseconds;
            }
            catch (HttpRequestException) when (tries < 5_000)
            {
                await Task.Delay(5);
            }
        }
    }

    /// <summary>The most memory it has held so far.</summary>
    public double PeakMegabytes
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64 / 1e6;
        }
    }

    /// <summary>Its present memory without pages of files (the database is mapped), if the system says so.</summary>
    public double OwnMegabytes => File.Exists($"/proc/{process.Id}/status")
        ? File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("RssAnon", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] is var kb
            ? double.Parse(kb, System.Globalization.CultureInfo.InvariantCulture) / 1e3 : 0
        : process.WorkingSet64 / 1e6;

    public (double Working, double Megabytes) SoFar()
    {
        process.Refresh();
        return (process.TotalProcessorTime.TotalMilliseconds, process.WorkingSet64 / 1e6);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
