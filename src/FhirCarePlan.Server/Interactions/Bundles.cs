using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Batch and transaction. Every entry goes the way of a request alone; a batch's entries get a unit of work each, a
/// transaction's share one. https://hl7.org/fhir/R4/http.html#transaction</summary>
public static class Bundles
{
    public static async Task<Answer> Perform(Pipeline pipeline, Engine engine, FhirRequest request, CancellationToken cancel)
    {
        var report = new Report();
        using var bundle = ResourceReader.Read(request.Body, request.BodyFormat, report);
        if (bundle is null) return await Refuse(engine, request, Answer.Invalid(report.Issues), cancel);
        var type = bundle.Type.Name == "Bundle" ? bundle.Root.TextOf("type") : null;
        if (type is not ("batch" or "transaction"))
            return await Refuse(engine, request, Answer.Refuse(AnswerKind.Unprocessable, IssueType.Invalid, "What is posted to the base is a Bundle of type `batch` or `transaction`", "Bundle.type", "bundle-type"), cancel);
        if (bundle.Root.CountOf("entry") > engine.Limits.BundleEntries)
            return await Refuse(engine, request, Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, $"A bundle may have {engine.Limits.BundleEntries} entries", "Bundle.entry", "bundle-size"), cancel);

        var entries = new BundleEntries(engine, request, bundle.Root, type == "transaction");
        return type == "batch" ? await Batch(pipeline, entries, cancel) : await Transaction(pipeline, engine, request, entries, cancel);
    }

    private static async Task<Answer> Batch(Pipeline pipeline, BundleEntries entries, CancellationToken cancel)
    {
        var answers = new Answer[entries.All.Count];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = entries.All[i] is { Request: { } request } ? await pipeline.Answer(request, cancel) : entries.All[i].Refusal!;
        return Response("batch-response", entries, answers);
    }

    private static async Task<Answer> Transaction(Pipeline pipeline, Engine engine, FhirRequest request, BundleEntries entries, CancellationToken cancel)
    {
        if (entries.Clash() is { } clash) return await Refuse(engine, request, clash, cancel);
        await Consents.Refresh(engine, cancel);
        for (var attempt = 1; ; attempt++)
        {
            using var work = new Work(engine, request.Caller, engine.Store.Read());
            var (answers, failure) = Perform(work, entries);
            if (work.Sight.IsOutdated)
            {
                if (attempt == Pipeline.Attempts) return Pipeline.Unavailable;
                await Consents.Refresh(engine, cancel);
                continue;
            }
            var answer = failure ?? Response("transaction-response", entries, answers);
            if (failure != null) work.ForgetPermits(); // what is rolled back was not done, and what was read does not leave
            Trail.Other(work, request with { Interaction = Interaction.Transaction, Type = "Bundle" }, failure is null, reason: failure is null ? null : "entry");
            switch (await pipeline.Commit(work, answer, null, cancel))
            {
                case CommitResult.Done: return answer;
                case CommitResult.Stale when attempt < Pipeline.Attempts: continue;
                default: return Pipeline.Unavailable;
            }
        }
    }

    private static (Answer[] Answers, Answer? Failure) Perform(Work work, BundleEntries entries)
    {
        var answers = new Answer[entries.All.Count];
        foreach (var i in entries.InOrder())
        {
            var entry = entries.All[i];
            answers[i] = entry.Request is { } request ? Pipeline.Perform(work, request) : entry.Refusal!;
            // A read inside a transaction may find nothing without failing the rest only in a batch; here all or nothing.
            if (!answers[i].IsSuccess) return (answers, Placed(answers[i], i));
        }
        return (answers, CareRules.CareCheck.Of(work, entries, answers));
    }

    /// <summary>The failing entry's issues, with their expressions under that entry.</summary>
    private static Answer Placed(Answer answer, int entry) => answer with { Location = null, Issues = [.. answer.Issues.Select(i => Placed(i, entry))] };

    public static Issue Placed(Issue issue, int entry) => issue with
    {
        Expression = issue.Expression is "" ? $"Bundle.entry[{entry}]" : $"Bundle.entry[{entry}].resource{(issue.Expression.IndexOf('.') is >= 0 and var dot ? issue.Expression[dot..] : "")}",
        Line = 0,
        Column = 0,
    };

    private static Answer Response(string type, BundleEntries entries, Answer[] answers)
    {
        var bundle = new BundleWriter(type);
        for (var i = 0; i < answers.Length; i++)
        {
            var answer = answers[i];
            var isWrite = entries.All[i].Request?.Interaction is Interaction.Create or Interaction.Update or Interaction.Delete;
            bundle.Entry(null, answer.IsSuccess && !isWrite ? answer.Body : default,
                status: ResponseWriter.Status(answer.Kind).ToString(System.Globalization.CultureInfo.InvariantCulture),
                location: answer.Location,
                etag: answer.VersionId is { } version ? ResponseWriter.ETag(version) : null,
                lastModified: answer.LastModified,
                outcome: answer.Issues.Count > 0 ? OutcomeJson.Write(answer.Issues) : default);
        }
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static async Task<Answer> Refuse(Engine engine, FhirRequest request, Answer answer, CancellationToken cancel)
    {
        using var work = new Work(engine, request.Caller, engine.Store.Read());
        Trail.Other(work, request with { Type = "Bundle" }, false, reason: "invalid");
        return await engine.Store.Commit(new Change(), work.AuditEntries, cancel) == CommitResult.Done ? answer : Pipeline.Unavailable;
    }
}
