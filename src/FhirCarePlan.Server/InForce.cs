using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server;

/// <summary>The protocol in force with everything compiled from it.</summary>
public sealed class Broker
{
    public Decision Decide(Question question, DateTimeOffset now) => throw new NotImplementedException();
}
