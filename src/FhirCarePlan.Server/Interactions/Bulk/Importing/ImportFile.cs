using System.Text;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions.Bulk.Importing;

/// <summary>What became of the lines: an OperationOutcome a line, of those that were stored (`output`) or refused (`error`).</summary>
public static class ImportFile
{
    public static async Task<Answer> Send(Pipeline pipeline, FhirRequest request, CancellationToken cancel)
    {
        ImportJob? job = null;
        var answer = await pipeline.InOneUnit(request, work =>
        {
            job = request.VersionId is "output" or "error" ? ImportJob.Find(work, request.Id) : null;
            return job is { IsDone: true } ? new Answer(AnswerKind.Ok) : NotHere.Answer(work, request.Interaction);
        }, cancel);
        if (!answer.IsSuccess || request.IsHead) return answer;
        await using var body = request.Open!(ExportFile.MediaType);
        for (var part = 0; part < job!.PartsDone; part++)
            await body.WriteAsync(Encoding.UTF8.GetBytes(job.Outcome(pipeline.Engine.Store, request.VersionId, part) ?? ""), cancel);
        return answer with { IsSent = true };
    }
}
