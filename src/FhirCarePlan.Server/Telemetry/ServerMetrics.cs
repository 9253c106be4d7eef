using System.Diagnostics.Metrics;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Telemetry;

/// <summary>The meter `FhirCarePlan`. Its tags are interactions, types and statuses; nothing else about a request becomes a number.
/// src/docs/operations.md#metrics-traces-and-logs</summary>
public sealed class ServerMetrics
{
    public const string MeterName = "FhirCarePlan";

    private readonly Histogram<double> requests;

    public ServerMetrics(IMeterFactory meters, ServerSettings settings)
    {
        var meter = meters.Create(MeterName);
        requests = meter.CreateHistogram<double>("fhir.requests", "s", "Requests below the FHIR base, and how long they took");
        if (settings.Storage.Folder is not { } folder) return;
        meter.CreateObservableGauge("store.free", () => FreeSpace.Megabytes(folder) << 20 ?? -1, "By", "Space that is left where the database is");
        meter.CreateObservableGauge("store.size", () => Sizes(settings.Storage.File!), "By", "The database, its log, and ledger rows that wait beside it");
    }

    public void Answered(string interaction, string type, int status, TimeSpan took) =>
        requests.Record(took.TotalSeconds, new("interaction", interaction), new("type", type), new("status", status));

    private static IEnumerable<Measurement<long>> Sizes(string file)
    {
        foreach (var (ending, part) in ((string, string)[])[("", "database"), ("-wal", "log"), ("-ledger", "waiting")])
            yield return new(new FileInfo(file + ending) is { Exists: true } info ? info.Length : 0, new KeyValuePair<string, object?>("part", part));
    }
}
