using System.Diagnostics.Metrics;

namespace FhirCarePlan.Server.Opinions;

/// <summary>The meter `FhirCarePlan.SecondOpinion`: names of types and rules, never content.
/// src/docs/operations.md#second-opinion</summary>
public sealed class OpinionMetrics
{
    public const string MeterName = "FhirCarePlan.SecondOpinion";

    private readonly Counter<long> judged, differences, dropped;
    private readonly Histogram<double> duration;

    public OpinionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        judged = meter.CreateCounter<long>("second_opinion.judged", description: "Writes judged twice");
        differences = meter.CreateCounter<long>("second_opinion.differences",
            description: "Rules that one engine finds broken and the other does not");
        dropped = meter.CreateCounter<long>("second_opinion.dropped", description: "Writes that were chosen and not judged");
        duration = meter.CreateHistogram<double>("second_opinion.duration", "s", "Time of the second judge");
    }

    public void Judged(string type, bool agrees, TimeSpan took)
    {
        judged.Add(1, new("type", type), new("agrees", agrees));
        duration.Record(took.TotalSeconds);
    }

    /// <param name="side">`ours` or `theirs`: the engine that finds the rule broken.</param>
    public void Differs(string type, string rule, string side) =>
        differences.Add(1, new("type", type), new("rule", rule), new("side", side));

    /// <param name="reason">`full`, `large` or `failed`.</param>
    public void Dropped(string reason) => dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
