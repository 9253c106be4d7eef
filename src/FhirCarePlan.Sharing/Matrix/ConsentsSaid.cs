using System.Collections.Concurrent;

namespace FhirCarePlan.Sharing.Matrix;

/// <summary>The callers of desks and the Consents of persons who agreed to everything for them, or refused it.</summary>
internal sealed class ConsentsSaid(Protocol protocol)
{
    private readonly ConcurrentDictionary<(string Party, string Purpose, ConsentSaid Said), ConsentState> states = [];

    public Caller CallerOf(Desk desk) =>
        TestRun.CallerOf(protocol, desk.Party, desk.Role, desk.Purpose);

    public ConsentState State(Desk desk, ConsentSaid said) =>
        said == ConsentSaid.Nothing ? ConsentState.None
        : states.GetOrAdd((desk.Party, desk.Purpose, said), key => new ConsentState(
            TestRun.ConsentOf(protocol, key.Said == ConsentSaid.Agreed ? "granted" : "refused", key.Purpose, protocol.Party(key.Party))
                .State));
}
