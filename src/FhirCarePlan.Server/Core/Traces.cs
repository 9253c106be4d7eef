using System.Diagnostics;

namespace FhirCarePlan.Server.Core;

/// <summary>Spans of requests and of their steps: names of interactions and types, never an address, an id or content. Without a listener a
/// span is nothing at all. https://www.w3.org/TR/trace-context/</summary>
public static class Traces
{
    public const string Name = "FhirCarePlan";

    private static readonly ActivitySource Source = new(Name);

    /// <param name="parent">`traceparent` as the caller sent it. `tracestate` may hold anything and goes no further.</param>
    public static Activity? Request(string interaction, string type, string? parent)
    {
        if (!Source.HasListeners()) return null;
        // The framework's own span holds the address; ours is no child of it.
        Activity.Current = null;
        ActivityContext.TryParse(parent, null, isRemote: true, out var context);
        var span = Source.StartActivity(type.Length > 0 ? $"{interaction} {type}" : interaction, ActivityKind.Server, context);
        return span?.SetTag("fhir.interaction", interaction).SetTag("fhir.type", type).SetTag("correlation", Correlation.Current);
    }

    public static Activity? Step(string name) => Source.HasListeners() ? Source.StartActivity(name) : null;
}
