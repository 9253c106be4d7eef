using System.Buffers;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Bulk;

/// <summary>`$export`: begun, asked about, cancelled. A job is the question alone: nothing is written ahead, so no copy of anybody's record lies
/// about, and what was refused meanwhile does not leave. https://hl7.org/fhir/uv/bulkdata/STU2/export.html</summary>
public static class Exports
{
    public static Answer Begin(Exchange asked)
    {
        if (!asked.Request.IsAsync)
            return Answer.Refuse(AnswerKind.Malformed, IssueType.Required, "An export is asked for with the header `Prefer: respond-async`", key: "prefer");
        if (BulkJob.TooMany(asked.Work) is { } tooMany) return tooMany;
        if (ExportQuestion.Read(asked, out var refusal) is not { } job) return refusal!;
        var engine = asked.Work.Engine;
        return new Answer(AnswerKind.Accepted) { ContentLocation = $"$export-status/{job.Id}", After = () => job.Keep(engine) };
    }

    public static Answer Status(Exchange asked)
    {
        var work = asked.Work;
        if (BulkJob.Find(work, asked.Request.Id) is not { } job) return Answer.NotHere;
        return new Answer(AnswerKind.Ok) { Json = Manifest(work, asked.Request, job), Expires = job.Expires };
    }

    public static Answer Cancel(Exchange asked)
    {
        if (BulkJob.Find(asked.Work, asked.Request.Id) is not { } job) return Answer.NotHere;
        var engine = asked.Work.Engine;
        return new Answer(AnswerKind.Accepted) { After = () => job.Drop(engine) };
    }

    /// <summary>A file for each type of which something is in the caller's view just now.</summary>
    private static byte[] Manifest(Work work, FhirRequest request, BulkJob job)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("transactionTime", Instant.Text(job.At));
            json.WriteString("request", job.Request);
            json.WriteBoolean("requiresAccessToken", true);
            json.WriteStartArray("output");
            foreach (var type in job.Types.Where(type => HasAny(work, job, type)))
            {
                json.WriteStartObject();
                json.WriteString("type", type);
                json.WriteString("url", $"{request.BaseUrl}/$export-file/{job.Id}/{type}");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("error");
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static bool HasAny(Work work, BulkJob job, string type)
    {
        if (ViewScope.Of(work, type) is not { } scope) return false;
        foreach (var part in ExportQueries.Of(work, job, type) ?? [])
            for (string? page = null; ;)
            {
                var found = work.Snapshot.Search(part.Query with { Count = job.IsOfPatients ? AtOnce : 1, Page = page }, scope);
                if (found.Hits.Any(hit => !job.IsOfPatients || hit.Version.Person != null)) return true;
                if ((page = found.Next) is null) break;
            }
        return false;
    }

    /// <summary>A Group names people and is about none of them; most other types are about a person each.</summary>
    private const int AtOnce = 20;
}
