using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Batch and transaction. Every entry goes the way of a request alone; a batch's entries get a unit of work each, a
/// transaction's share one. https://hl7.org/fhir/R4/http.html#transaction</summary>
public static class Bundles
{
    public static async Task<Answer> Perform(Pipeline pipeline, FhirRequest request, CancellationToken cancel)
    {
        var report = new Report();
        using var bundle = ResourceReader.Read(request.Body, request.BodyFormat, report);
        if (bundle is null) return Answer.Invalid(report.Issues);
        var type = bundle.Type.Name == "Bundle" ? bundle.Root.TextOf("type") : null;
        if (type is not ("batch" or "transaction"))
            return Answer.Refuse(AnswerKind.Unprocessable, IssueType.Invalid, $"The base takes only a Bundle of type `batch` or `transaction`{Hints.ForBase(bundle.Root, request)}", "Bundle.type", "bundle-type");
        request.Event.Interaction = type;
        request.Event.Target = "Bundle";
        var most = pipeline.Engine.Limits.BundleEntries;
        if (bundle.Root.CountOf("entry") > most)
            return Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, $"A bundle may have at most {most} entries", "Bundle.entry", "bundle-size");

        var (isBatch, units) = (type == "batch", 0);
        // What its criteria find, and so which resources its entries are, is known only within the unit of work.
        if (!isBatch && EntryConditions.Any(bundle.Root))
            return await pipeline.InOneUnit(request, work =>
            {
                var decided = new BundleEntries(pipeline, request, bundle.Root, true, new EntryConditions(work));
                units = Units(decided);
                return decided.Clash() ?? Perform(pipeline, work, decided);
            }, cancel) with
            { Units = units };
        var entries = new BundleEntries(pipeline, request, bundle.Root, !isBatch);
        var answer = isBatch ? await Batch(pipeline, entries, cancel)
            : entries.Clash() ?? await pipeline.InOneUnit(request, work => Perform(pipeline, work, entries), cancel);
        return answer with { Units = Units(entries) };
    }

    /// <summary>A write is validated, labelled, indexed and stored; it counts for as many reads.</summary>
    private const int WriteUnits = 5;

    private static int Units(BundleEntries entries) => entries.All.Sum(e => e.Request is { Interaction.Writes: true } ? WriteUnits : 1);

    private static async Task<Answer> Batch(Pipeline pipeline, BundleEntries entries, CancellationToken cancel)
    {
        // Each is written when it is done, so that no more than one is held beside the answer.
        var bundle = new BundleWriter("batch-response");
        foreach (var entry in entries.All)
        {
            // Begin nothing that would not fit into the answer; report what was done.
            var answer = bundle.Length > pipeline.Engine.Limits.Answer ? Answer.TooCostly(pipeline.Engine.Limits.Answer)
                : entry.Request is { } request ? await pipeline.Guard(request.Event, () => pipeline.Answer(request with { IsEntry = true }, cancel))
                : entry.Refusal!;
            Write(bundle, entry, answer);
        }
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static Answer Perform(Pipeline pipeline, Work work, BundleEntries entries)
    {
        var transaction = new Transaction(pipeline, work, entries.All, entries.Conditions);
        return transaction.Perform() ?? Response(entries, transaction.Answers);
    }

    private static Answer Response(BundleEntries entries, Answer[] answers)
    {
        var bundle = new BundleWriter("transaction-response");
        for (var i = 0; i < answers.Length; i++) Write(bundle, entries.All[i], answers[i]);
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }

    private static void Write(BundleWriter bundle, BundleEntries.Entry entry, Answer answer) =>
        bundle.Entry(null, entry.HasBody(answer) ? answer.Body : default,
            status: HttpStatus.Of(answer.Kind).ToString(System.Globalization.CultureInfo.InvariantCulture),
            location: answer.Location,
            etag: answer.VersionId is { } version ? HttpStatus.ETag(version) : null,
            lastModified: answer.LastModified,
            outcome: answer.Issues.Count > 0 ? OutcomeJson.Write(answer.Issues) : default);
}
