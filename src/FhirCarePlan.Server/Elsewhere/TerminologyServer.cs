using System.Net;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Elsewhere;

/// <summary>The terminology server of the settings. Whatever goes wrong with it (it is away, slow, answers with an error or something else, has a
/// wrong certificate) is no answer; nobody's request fails for it. https://hl7.org/fhir/R4/terminology-service.html</summary>
public sealed class TerminologyServer(TerminologySettings settings, Func<HttpClient> http, TimeProvider clock, ILogger<TerminologyServer> log)
{
    /// <summary>Questions under way at a time, of all callers together.</summary>
    private const int AtOnce = 16;
    public const int LargestAnswer = 1 << 20;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turns = new(AtOnce);
    private readonly Circuit circuit = new(clock);
    private readonly AnswerCache cache = new(clock, settings.Keep);
    private long? said;

    /// <summary>The questions of one request.</summary>
    /// <param name="whose">The party that asks.</param>
    public CodeQuestions For(string whose) => new(this, whose);

    public bool IsAskedAbout(string system) => settings.Systems.Contains(system);

    internal CodeAnswer? Known(string whose, CodeQuestion question) => cache.Find(whose, question);

    /// <summary>All at once, within the time that one request may wait.</summary>
    internal async Task<IReadOnlyList<CodeAnswer>> Ask(string whose, IReadOnlyList<CodeQuestion> questions, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(settings.Timeout);
        var answers = await Task.WhenAll(questions.Select(q => Ask(q, limit.Token, cancel)));
        cancel.ThrowIfCancellationRequested();
        for (var i = 0; i < answers.Length; i++) cache.Add(whose, questions[i], answers[i]);
        return answers;
    }

    /// <param name="cancel">The caller went away.</param>
    private async Task<CodeAnswer> Ask(CodeQuestion question, CancellationToken limit, CancellationToken cancel)
    {
        if (circuit.IsOpen) return CodeAnswer.Nothing;
        try
        {
            await turns.WaitAsync(limit);
        }
        catch (OperationCanceledException)
        {
            // Others wait, too; that is no failure of the server.
            return CodeAnswer.Nothing;
        }
        try
        {
            var answer = await Send(question, limit);
            circuit.Succeeded();
            return answer;
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // Whoever hangs up says nothing about the terminology server.
            return CodeAnswer.Nothing;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or InvalidDataException or IOException)
        {
            circuit.Failed();
            Say(failure);
            return CodeAnswer.Nothing;
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task<CodeAnswer> Send(CodeQuestion question, CancellationToken limit)
    {
        using var client = http();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{settings.Address}/{question.Path}");
        request.Headers.Accept.Add(new("application/fhir+json"));
        using var answer = await client.SendAsync(request, limit);
        // What it does not know is 404, or 422 with some; both are answers.
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest) return CodeAnswer.NotKnown;
        if (answer.StatusCode != HttpStatusCode.OK) throw new HttpRequestException("not 200", null, answer.StatusCode);
        using var document = JsonParser.Parse(await answer.Content.ReadAsByteArrayAsync(limit), new Report());
        if (document is null || document.Root.Type.Name != question.Expects) throw new InvalidDataException($"not a resource of type {question.Expects}");
        return new CodeAnswer(Heard.Answered, CanonicalJson.Write(document, new WriteOptions { Skip = IsAside }));
    }

    /// <summary>The server's own id, notes and texts are nothing that was asked for.</summary>
    private static bool IsAside(Node node) => node.Parent.IsRoot && node.Name is "id" or "meta" or "text";

    /// <summary>With the kind of failure, and nothing of the question.</summary>
    private void Say(Exception failure)
    {
        if (said is { } last && clock.GetElapsedTime(last) < Quiet) return;
        said = clock.GetTimestamp();
        log.NoAnswer(failure is HttpRequestException { StatusCode: { } status } ? ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture) : failure.GetType().Name);
    }
}

internal static partial class TerminologyLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The terminology server gives no answer ({Kind}). Codes that only it knows are stored unchecked, with a warning")]
    public static partial void NoAnswer(this ILogger log, string kind);
}
