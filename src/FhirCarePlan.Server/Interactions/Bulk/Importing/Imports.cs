using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Bulk.Importing;

/// <summary>`$import`: begun, asked about, cancelled. https://hl7.org/fhir/R4/async.html</summary>
public static class Imports
{
    /// <summary>Of one caller at a time.</summary>
    private const int Most = 10;
    /// <summary>A part is what a restart may do again: so many lines, or characters.</summary>
    private const int PartLines = 200, PartLength = 1 << 20;
    /// <summary>As an entry of a bundle that writes.</summary>
    private const int LineUnits = 5;
    /// <summary>Others wait until an import is done.</summary>
    private const int MostLines = 20_000;

    public static Answer Begin(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (!request.IsAsync) return Refuse(IssueType.Required, "An import is asked for with the header `Prefer: respond-async`", "prefer");
        if (!request.IsLines)
            return Refuse(IssueType.Required, "An import takes the resources themselves, as `application/fhir+ndjson`: a resource in JSON on each line. This server fetches nothing from addresses", "import");
        if (work.Caller.Party is null) return NotHere.Answer(work, request.Interaction);
        // The same body is the same import: who did not get the answer may send it again.
        var owner = BulkJob.OwnerOf(work);
        var id = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(owner), .. SHA256.HashData(request.Body.Span)]))[..32];
        if (ImportJob.Find(work, id) is not null) return Accepted(id);
        if (ImportJob.All(work.Engine.Store).Count(j => j.Owner == owner && !j.IsDone) >= Most)
            return Answer.Refuse(AnswerKind.TooMany, IssueType.Throttled, $"You have {Most} imports under way. Wait until one is done, or end one by DELETE of its address", key: "limit") with { RetryAfter = 30 };
        // Decoding would replace the bad bytes: the server would store something else than the caller sent.
        if (!System.Text.Unicode.Utf8.IsValid(request.Body.Span)) return Refuse(IssueType.Structure, "The body is not valid UTF-8", "encoding");
        var (parts, lines) = Parts(request.Body.Span);
        if (lines > MostLines) return Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, $"An import has at most {MostLines} lines, found {lines}. Send them in several", key: "import");
        if (lines == 0) return Refuse(IssueType.Required, "The body has no lines", "import");
        var job = new ImportJob
        {
            Id = id, Owner = owner, At = new DateTimeOffset(work.Now.UtcTicks - work.Now.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero),
            Request = $"{request.BaseUrl}/$import", BaseUrl = request.BaseUrl, Agreement = work.InForce.Protocol.Hash, By = ImportJob.Who.Of(work.Caller), Parts = parts.Count, Lines = lines,
        };
        var engine = work.Engine;
        return Accepted(id) with
        {
            Units = lines * LineUnits,
            After = () =>
            {
                job.Keep(engine.Store, parts);
                engine.ImportsWaiting.Release();
            },
        };
    }

    public static Answer Status(Exchange asked)
    {
        var work = asked.Work;
        if (ImportJob.Find(work, asked.Request.Id) is not { } job) return Answer.NotHere;
        return job.IsDone ? new Answer(AnswerKind.Ok) { Json = Result(asked.Request, job), Expires = job.Expires }
            : new Answer(AnswerKind.Accepted) { Progress = $"{job.LinesDone} of {job.Lines} lines", RetryAfter = job.Lines < 1000 ? 1 : 5 };
    }

    public static Answer Cancel(Exchange asked)
    {
        if (ImportJob.Find(asked.Work, asked.Request.Id) is not { } job) return Answer.NotHere;
        var store = asked.Work.Engine.Store;
        return new Answer(AnswerKind.Accepted) { After = () => job.Drop(store) };
    }

    private static Answer Accepted(string id) => new(AnswerKind.Accepted) { ContentLocation = $"$import-status/{id}" };

    private static Answer Refuse(string code, string text, string key) => Answer.Refuse(AnswerKind.Malformed, code, text, key: key);

    /// <summary>Lines with their numbers; empty ones are left out.</summary>
    private static (List<string> Parts, int Lines) Parts(ReadOnlySpan<byte> body)
    {
        var (parts, part, inPart, lines, number) = (new List<string>(), new StringBuilder(), 0, 0, 0);
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        foreach (var range in body.Split((byte)'\n'))
        {
            number++;
            var line = body[range].Trim(" \t\r"u8);
            if (line.IsEmpty) continue;
            lines++;
            part.Append(CultureInfo.InvariantCulture, $"{number} {Encoding.UTF8.GetString(line)}\n");
            if (++inPart < PartLines && part.Length < PartLength) continue;
            parts.Add(part.ToString());
            (part, inPart) = (new StringBuilder(), 0);
        }
        if (inPart > 0) parts.Add(part.ToString());
        return (parts, lines);
    }

    private static byte[] Result(FhirRequest request, ImportJob job)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("transactionTime", Instant.Text(job.At));
            json.WriteString("request", job.Request);
            json.WriteBoolean("requiresAccessToken", true);
            File("output", job.LinesDone - job.Refused);
            File("error", job.Refused);
            if (job.Stopped is { } why)
            {
                json.WriteStartObject("extension");
                json.WriteString("stopped", why);
                json.WriteNumber("linesNotDone", job.Lines - job.LinesDone);
                json.WriteEndObject();
            }
            json.WriteEndObject();

            void File(string name, int count)
            {
                json.WriteStartArray(name);
                if (count > 0)
                {
                    json.WriteStartObject();
                    json.WriteString("type", "OperationOutcome");
                    json.WriteNumber("count", count);
                    json.WriteString("url", $"{request.BaseUrl}/$import-file/{job.Id}/{name}");
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        }
        return buffer.WrittenSpan.ToArray();
    }
}
