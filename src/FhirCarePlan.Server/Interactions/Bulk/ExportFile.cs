using System.Buffers;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions.Bulk;

/// <summary>A file of an export, written while it is fetched: in pieces, each a search in the view of that moment, each on record before it
/// leaves. Memory holds one piece, however large the file is. https://hl7.org/fhir/uv/bulkdata/STU2/export.html#bulk-data-output-file-request</summary>
public static class ExportFile
{
    public const string MediaType = "application/fhir+ndjson";

    public static async Task<Answer> Send(Pipeline pipeline, FhirRequest request, CancellationToken cancel)
    {
        var at = new ExportPlace();
        var lines = new ArrayBufferWriter<byte>(1 << 16);
        Stream? body = null;
        try
        {
            do
            {
                // A unit of work may run again: each run begins where the last piece ended.
                var next = at;
                var answer = await pipeline.InOneUnit(request with { IsPiece = true }, work =>
                {
                    (lines, next) = (new ArrayBufferWriter<byte>(Math.Max(lines.WrittenCount, 1 << 16)), at with { Fresh = [] });
                    return Fill(work, request, lines, ref next);
                }, cancel);
                if (!answer.IsSuccess) return answer;
                if (request.IsHead) break;
                body ??= request.Open!(MediaType);
                await body.WriteAsync(lines.WrittenMemory, cancel);
                at = next.Settled();
            }
            while (!at.IsEnd);
        }
        finally
        {
            if (body != null) await body.DisposeAsync();
        }
        return new Answer(AnswerKind.Ok) { IsSent = body != null };
    }

    private static Answer Fill(Work work, FhirRequest request, ArrayBufferWriter<byte> lines, ref ExportPlace at)
    {
        var type = request.VersionId;
        if (BulkJob.Find(work, request.Id) is not { } job || !job.Types.Contains(type) || ExportQueries.Of(work, job, type, at.Patients) is not { } parts)
            return NotHere.Answer(work, request.Interaction);
        if (job.Group != null || job.Patients.Count > 0) at = at with { Patients = at.Patients ?? ExportQueries.Patients(work, job) };
        request.Event.Target = type;
        at = ViewScope.Of(work, type) is { } scope ? Fill(work, (job, type), parts, scope, lines, at) : ExportPlace.End;
        return new Answer(AnswerKind.Ok);
    }

    private static ExportPlace Fill(Work work, (BulkJob Job, string Type) file, IReadOnlyList<ExportQueries.Part> parts, SearchScope scope, ArrayBufferWriter<byte> lines, ExportPlace at)
    {
        var (room, mayBeLarge) = (ExportPlace.Lines, AttachmentTypes.Has(file.Type));
        foreach (var part in parts)
        {
            if (string.CompareOrdinal(part.Place, at.Part) < 0) continue;
            for (var page = part.Place == at.Part ? at.Page : null; ;)
            {
                if (room <= 0 || lines.WrittenCount > ExportPlace.Bytes) return at with { Part = part.Place, Page = page };
                var found = work.Snapshot.Search(part.Query with { Count = Math.Min(room, AtOnce()), Page = page }, scope);
                foreach (var hit in found.Hits)
                {
                    room--;
                    if (hit.Version.DamagedRow is { } row) work.Damaged.Add((file.Type, row));
                    // What several searches may find is written once.
                    else if ((!file.Job.IsOfPatients || hit.Version.Person != null) && (parts.Count == 1 || at.IsFresh(hit.Version.Id)))
                        Write(work, lines, hit);
                }
                if ((page = found.Next) is null) break;
            }
        }
        return ExportPlace.End;

        int AtOnce() => mayBeLarge ? ExportPlace.AtOnceOf(ExportPlace.Lines - room, lines.WrittenCount) : ExportPlace.MostAtOnce;
    }

    private static void Write(Work work, ArrayBufferWriter<byte> lines, SearchHit hit)
    {
        lines.Write(work.Show(ViewScope.See(work.Sight, hit), new Shown(hit.Version.VersionId, hit.Version.LastUpdated)));
        lines.Write("\n"u8);
    }
}
