using System.Diagnostics;
using System.Text;

namespace FhirCarePlan.Server.Tests.Commands;

/// <summary>The built program as run from a shell.</summary>
internal sealed record Shell(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<Shell> Run(string input, params string[] arguments) => Run(Encoding.UTF8.GetBytes(input), arguments);

    public static async Task<Shell> Run(byte[] input, params string[] arguments)
    {
        using var process = Start(arguments);
        using var tooLong = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(tooLong.Token);
        var error = process.StandardError.ReadToEndAsync(tooLong.Token);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, tooLong.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(tooLong.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        catch (IOException)
        {
            // It ended without reading all of its input.
            await process.WaitForExitAsync(tooLong.Token);
        }
        return new Shell(process.ExitCode, await output, await error);
    }

    /// <summary>For a test that talks to it while it runs; from a folder that is none of the repository's.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            WorkingDirectory = Path.GetTempPath(),
            ArgumentList = { ServerProcess.Assembly },
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
