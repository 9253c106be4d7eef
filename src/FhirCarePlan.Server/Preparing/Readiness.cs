using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Preparing;

/// <summary>Whether the server can answer, each condition by its name. It knows nothing about anybody.</summary>
/// <param name="generation">Of labels and index rows, as this process makes them.</param>
public sealed class Readiness(IStore store, ServerSettings settings, string generation)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public const string Ok = "ok", Low = "low", Current = "current";

    /// <summary>`ok`, `cannot be read`, `cannot be written`.</summary>
    public async Task<(string Database, string Labels)> Store()
    {
        try
        {
            return await Task.Run(Ask).WaitAsync(Patience);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // What is wrong with it is in the log of the requests that meet it.
            return ("cannot be read", "not known");
        }
    }

    private (string, string) Ask()
    {
        var labels = store.GetSetting(Relabelling.Generation) == generation ? Current : "made under another agreement";
        return (store.IsWritable() ? Ok : "cannot be written", labels);
    }

    /// <summary>`ok`, `low`, or `not known`: of another machine's disk, say.</summary>
    public string Space => settings.Storage.Folder is not { } folder || FreeSpace.Megabytes(folder) is not { } free ? "not known"
        : free < settings.Storage.LeastFreeMegabytes ? Low : Ok;
}
