using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Operations;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server;

/// <summary>The one path of every request, whether it came by HTTP or as an entry of a batch: read a snapshot, decide, validate, perform,
/// commit change and audit together, answer. Nothing else opens a snapshot or commits for a caller.</summary>
public sealed class Pipeline(Engine engine, Capabilities capabilities)
{
    public const int Attempts = 2;

    public async Task<Answer> Answer(FhirRequest request, CancellationToken cancel)
    {
        if (request.Interaction == Interaction.Batch) return await Bundles.Perform(this, engine, request, cancel);
        for (var attempt = 1; ; attempt++)
        {
            if (request.Interaction == Interaction.Search) await Consents.Refresh(engine, cancel);
            using var work = new Work(engine, request.Caller, engine.Store.Read());
            var answer = CareRules.CareCheck.Of(work, request, Perform(work, request));
            if (work.Sight.IsOutdated)
            {
                // A permit has lapsed that the person's consent class still holds: nothing decided on it may leave.
                if (attempt == Attempts) return Unavailable;
                await Consents.Refresh(engine, cancel);
                continue;
            }
            switch (await Commit(work, answer, request, cancel))
            {
                case CommitResult.Done: return answer;
                case CommitResult.Stale when attempt < Attempts: continue;
                default: return Unavailable;
            }
        }
    }

    /// <summary>What the audit trail and the data say is durable before the answer leaves; a refused request leaves its audit entry alone.</summary>
    /// <param name="request">What to say of a refusal that left no entry of its own; null when the caller has seen to it.</param>
    public Task<CommitResult> Commit(Work work, Answer answer, FhirRequest? request, CancellationToken cancel)
    {
        if (!answer.IsSuccess) work.Drop();
        if (request != null && work.AuditEntries.Count == 0) Trail.Other(work, request, answer.IsSuccess, reason: answer.IsSuccess ? null : Reason(answer));
        return engine.Store.Commit(work.Build(), work.AuditEntries, cancel);
    }

    private static string Reason(Answer answer) => answer.Kind switch
    {
        AnswerKind.Malformed or AnswerKind.Unprocessable => "invalid",
        AnswerKind.Stale or AnswerKind.PreconditionRequired => "precondition",
        AnswerKind.NotAllowed => "not-allowed",
        AnswerKind.Gone => "deleted",
        _ => "refused",
    };

    /// <summary>One interaction on a unit of work: what a request alone and an entry of a transaction have in common.</summary>
    public static Answer Perform(Work work, FhirRequest request) => request.Interaction switch
    {
        Interaction.Read => Read.Perform(work, request),
        Interaction.VRead => VRead.Perform(work, request),
        Interaction.History => History.Perform(work, request),
        Interaction.Search => Search.Perform(work, request),
        Interaction.Create => Create.Perform(work, request),
        Interaction.Update => Update.Perform(work, request),
        Interaction.Delete => Delete.Perform(work, request),
        Interaction.ValidateType or Interaction.ValidateInstance => Validate.Perform(work, request),
        Interaction.Explain => Explain.Perform(work, request),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Interaction, "has a path of its own"),
    };

    public Answer Capabilities(string baseUrl) => capabilities.For(baseUrl);

    public static Answer Unavailable { get; } =
        Server.Answer.Refuse(AnswerKind.Unavailable, IssueType.Transient, "The request could not be completed and nothing was changed; try again in a moment");
}
