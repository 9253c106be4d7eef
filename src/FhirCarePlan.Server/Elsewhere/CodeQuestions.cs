using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Formats;

namespace FhirCarePlan.Server.Elsewhere;

/// <summary>What one request asks the terminology server. A question without an answer is noted; when the unit of work has run, its snapshot is
/// closed, the questions are asked, and the unit runs again with the answers.</summary>
public sealed class CodeQuestions(TerminologyServer server, string whose)
{
    /// <summary>More than these of one request are not asked.</summary>
    public const int Most = 50;
    private const int MostRounds = 3;

    private readonly Dictionary<CodeQuestion, CodeAnswer> answers = [];
    private readonly HashSet<CodeQuestion> open = [];
    private int rounds;

    public bool IsWaiting => open.Count > 0;

    /// <summary>True where the terminology server is asked about codes of this system, and this can be one of them.</summary>
    public bool IsAskable(string system, string code) => server.IsAskedAbout(system) && CodeQuestion.MayBeCode(system, code);

    /// <summary>Null while there is no answer yet: then what is made of it is thrown away.</summary>
    public CodeAnswer? Ask(CodeQuestion question)
    {
        if (answers.TryGetValue(question, out var known)) return known;
        if (server.Known(whose, question) is { } kept) return answers[question] = kept;
        if (rounds >= MostRounds || answers.Count + open.Count >= Most) return CodeAnswer.Nothing;
        open.Add(question);
        return null;
    }

    /// <summary>Asks all that is open.</summary>
    public async Task Fetch(CancellationToken cancel)
    {
        rounds++;
        CodeQuestion[] asked = [.. open];
        open.Clear();
        var heard = await server.Ask(whose, asked, cancel);
        for (var i = 0; i < asked.Length; i++) answers[asked[i]] = heard[i];
    }

    /// <summary>Whether a code is in a value set; null when that cannot be found out.</summary>
    public bool? Contains(string valueSet, string system, string code) =>
        IsAskable(system, code) && CodeQuestion.MayBeAddress(valueSet) ? Truth(CodeQuestion.IsMember(valueSet, system, code)) : null;

    /// <summary>The `result` of the answer.</summary>
    public bool? Truth(CodeQuestion question) => Ask(question) is { Heard: Heard.Answered } answer ? Said(answer, "result") switch { "true" => true, "false" => false, _ => null } : null;

    /// <summary>A parameter of an answer; null when it has none.</summary>
    public static string? Said(CodeAnswer answer, string name)
    {
        if (answer.Body.IsEmpty) return null;
        using var document = JsonParser.Parse(answer.Body, new Report());
        if (document is null) return null;
        foreach (var parameter in document.Root.All("parameter"))
            if (parameter.TextOf("name") == name) return parameter["value"].Text;
        return null;
    }
}
