using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The methods of an address: the same for every caller, since it follows from the table alone.
/// https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7</summary>
public static class Options
{
    public static Task<Answer> Answer(Pipeline pipeline, FhirRequest request, CancellationToken cancel)
    {
        var (engine, methods) = (pipeline.Engine, pipeline.Table.Methods(request.Path));
        if (methods.Count == 0) return Task.FromResult(AddressCheck.NotServed(pipeline.Table, request.Path));
        return Task.FromResult(AddressCheck.Of(request.Interaction, pipeline.Table.TypeOf(request.Path), "", 0, engine.Types, engine.Limits)
            ?? new Answer(AnswerKind.NoContent) { Allow = string.Join(", ", methods.Append("OPTIONS")) });
    }
}
