using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>Finds what an operation is asked about among R4, the packages and our own definitions. They are the same for every caller, so
/// an answer may say that one is not there.</summary>
internal static class Known
{
    /// <summary>The canonical in `url`, or of the definition that the address names; null when neither is given.</summary>
    /// <param name="type">`ValueSet`, `CodeSystem`.</param>
    public static string? Url(Exchange asked, OperationParameters parameters, string type) =>
        asked.Request.Id.Length > 0 ? asked.Work.Engine.Definitions.Catalogue.ById(type, asked.Request.Id)?.Url : parameters.Text("url");

    public static ConceptTable? Concepts(Exchange asked, string system) => asked.Work.Engine.Definitions.All.Concepts(Plain(system));

    public static Answer NotHere(string type, string canonical) =>
        Answer.Refuse(AnswerKind.NotFound, IssueType.NotFound, $"This server holds no {type} `{canonical}`", key: "unknown-definition");

    public static Answer NoSuchCode(ConceptTable table, string code) =>
        Answer.Refuse(AnswerKind.NotFound, IssueType.NotFound,
            $"`{code}` is not a code of `{table.Url}`{(table.IsComplete ? "" : ", as far as its codes are known here")}", key: "unknown-code");

    public static Answer Undecided(string text) =>
        Answer.Refuse(AnswerKind.Unprocessable, IssueType.NotSupported, text, key: "undecided");

    /// <summary>The key of a warning that the terminology server of the settings gave no answer.</summary>
    public const string NoAnswerKey = "terminology-server";

    /// <summary>What the terminology server of the settings says; the refusal where there is none, or it does not know either. While it has not
    /// been asked yet, what is returned is thrown away.</summary>
    /// <param name="question">Null for one that is not sent there.</param>
    public static Answer Elsewhere(Exchange asked, CodeQuestion? question, Answer refusal) =>
        asked.Work.Codes is not { } codes || question is not { } put ? refusal : codes.Ask(put) switch
        {
            { Heard: Heard.Answered, Body: var body } => new Answer(AnswerKind.Ok) { Body = body },
            { Heard: Heard.Nothing } => WithoutAnswer(refusal),
            _ => refusal,
        };

    public static Answer WithoutAnswer(Answer refusal) => refusal with
    {
        Issues = [.. refusal.Issues, new Issue(IssueSeverity.Warning, IssueType.Transient, "", "The terminology server that may know gives no answer. Ask again later") { Key = NoAnswerKey }],
    };

    /// <summary>True where the terminology server may be asked about this code.</summary>
    public static bool IsAskable(Exchange asked, string? system, string code) => system != null && asked.Work.Codes?.IsAskable(system, code) == true;

    /// <summary>Null when the version asked for is the one at hand, or none was asked for.</summary>
    public static Answer? OtherVersion(string? asked, string have, string what) =>
        asked == null || have.Length == 0 || asked == have ? null
            : Answer.Refuse(AnswerKind.NotFound, IssueType.NotFound, $"This server holds version `{have}` of `{what}`", key: "unknown-definition");

    /// <summary>Without the version.</summary>
    public static string Plain(string canonical) => DefinitionSet.Plain(canonical);
}
