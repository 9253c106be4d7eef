using System.Globalization;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions.Bulk.Importing;

/// <summary>Works through an import, part by part. Lines of one type that follow each other are written several at a time, so that they share the
/// wait for the disk; the next type begins when they are done.</summary>
public sealed class ImportRun(Pipeline pipeline, string worker, TimeProvider clock)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly IStore store = pipeline.Engine.Store;

    private sealed record Line(int Number, ReadOnlyMemory<byte> Text);

    /// <exception cref="IOException">The database cannot be written to; the job can go on later.</exception>
    public async Task Run(ImportJob job, CancellationToken cancel)
    {
        (job = job with { Worker = worker, Seen = clock.GetUtcNow() }).Keep(store);
        while (!job.IsDone)
        {
            cancel.ThrowIfCancellationRequested();
            // Cancelled: what was written of the job meanwhile goes as well.
            if (!job.IsThere(store) || job.Part(store, job.PartsDone) is not { } part)
            {
                job.Drop(store);
                return;
            }
            if (pipeline.Engine.InForce.Protocol.Hash != job.Agreement)
            {
                (job with { Stopped = "The sharing agreement has changed. Send the rest again" }).Keep(store);
                return;
            }
            if (await Part(job, Lines(part), cancel) is not { } done)
            {
                job.Drop(store);
                return;
            }
            job = done;
        }
    }

    private static List<Line> Lines(string part) => [.. part.Split('\n')[..^1].Select(line =>
        new Line(int.Parse(line.AsSpan(0, line.IndexOf(' ')), CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(line[(line.IndexOf(' ') + 1)..])))];

    /// <summary>Null: it was cancelled.</summary>
    private async Task<ImportJob?> Part(ImportJob job, List<Line> lines, CancellationToken cancel)
    {
        var (output, error, refused) = (new StringBuilder(), new StringBuilder(), 0);
        for (var from = 0; from < lines.Count;)
        {
            var together = lines.GetRange(from, Together(lines, from));
            var answers = await Task.WhenAll(together.Select(line => pipeline.Run(new ImportLine(Opened(job), job, line.Text), cancel)));
            for (var i = 0; i < answers.Length; i++)
            {
                // The database failed, not the line. The job does this part again later and passes over the lines that it has stored.
                if (answers[i].Kind == AnswerKind.Unavailable) throw new IOException("the database cannot be written to just now");
                (answers[i].IsSuccess ? output : error).Append(Outcome(together[i].Number, answers[i])).Append('\n');
                if (!answers[i].IsSuccess) refused++;
            }
            from += together.Count;
            if (!job.IsThere(store)) return null;
            if (clock.GetUtcNow() - job.Seen > Beat) (job = job with { Seen = clock.GetUtcNow() }).Keep(store);
        }
        return (job with { Seen = clock.GetUtcNow() }).Done(store, lines.Count, (output.ToString(), error.ToString()), refused);
    }

    private LedgerEvent Opened(ImportJob job)
    {
        var caller = job.By.Caller();
        return new LedgerEvent(job.Id, pipeline.Engine.Clock.GetUtcNow()) { Caller = caller, Purpose = pipeline.Engine.InForce.Protocol.Purpose(caller.Purpose)?.Code, Interaction = "import-line" };
    }

    /// <summary>How many lines from here on are of one type and write different resources.</summary>
    private static int Together(List<Line> lines, int from)
    {
        var (first, ids, count) = (Named(lines[from].Text.Span), new HashSet<string>(StringComparer.Ordinal), 0);
        for (var i = from; i < lines.Count && count < AtOnce; i++, count++)
        {
            var (type, id) = Named(lines[i].Text.Span);
            if (count > 0 && (type.Length == 0 || type != first.Type) || !ids.Add(id.Length > 0 ? id : Encoding.UTF8.GetString(lines[i].Text.Span))) break;
            if (type.Length == 0) return count + 1;
        }
        return count;
    }

    /// <summary>Empty if the line names none, or is not JSON.</summary>
    private static (string Type, string Id) Named(ReadOnlySpan<byte> line)
    {
        var (type, id) = ("", "");
        try
        {
            var json = new Utf8JsonReader(line);
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
                var isType = json.ValueTextEquals("resourceType"u8);
                if (!isType && !json.ValueTextEquals("id"u8)) continue;
                if (!json.Read() || json.TokenType != JsonTokenType.String) continue;
                if (isType) type = json.GetString()!;
                else id = json.GetString()!;
                if (type.Length > 0 && id.Length > 0) break;
            }
        }
        catch (JsonException)
        {
            // The reader of resources says what is wrong with it.
        }
        return (type, id);
    }

    /// <summary>An OperationOutcome whose id and places are the number of the line.</summary>
    private static string Outcome(int line, Answer answer)
    {
        IReadOnlyList<Issue> issues = answer.IsSuccess
            ? [new Issue(IssueSeverity.Information, IssueType.Informational, "", answer.Kind == AnswerKind.Created || answer.VersionId != null ? $"Stored as {answer.Location}" : $"Stored before as {answer.Location}"), .. answer.Notes]
            : answer.Issues;
        var outcome = Encoding.UTF8.GetString(OutcomeJson.Write([.. issues.Select(issue => issue with { Line = line, Column = Math.Max(issue.Column, 1) })]));
        const string Begin = "{\"resourceType\":\"OperationOutcome\",";
        return $"{Begin}\"id\":\"line-{line}\",{outcome[Begin.Length..]}";
    }
}
