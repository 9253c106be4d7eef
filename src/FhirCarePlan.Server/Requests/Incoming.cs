using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>A request before it is read, in the steps that the pipeline asks for. Each refuses with an answer, or lets it through with
/// null.</summary>
public abstract class Incoming(LedgerEvent opened)
{
    public LedgerEvent Event => opened;

    /// <summary>Tells the event who asks.</summary>
    public abstract Answer? Who();
    /// <summary>May this caller, known or not, ask for more just now?</summary>
    public abstract ValueTask<Answer?> Limit(CancellationToken cancel);
    public abstract ValueTask<(FhirRequest? Request, Answer? Refusal)> Read(CancellationToken cancel);
    /// <summary>Does work of the request where it disturbs others least.</summary>
    public virtual Task<T> Work<T>(Func<Task<T>> work) => work();
}
