using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Operations.Matching;

/// <summary>The question of a `$match`: Parameters, or the Patient alone.</summary>
internal sealed record MatchQuestion(Node Patient, bool OnlyCertain, int? Count)
{
    public static MatchQuestion? Read(Node body, out Answer? refusal)
    {
        refusal = null;
        if (body.Type.Name == "Patient") return new(body, false, null);
        var question = new MatchQuestion(Node.Missing, false, null);
        if (body.Type.Name != "Parameters") refusal = Refuse("The body of $match is Parameters with a `resource`, or a Patient");
        else
            foreach (var parameter in body.All("parameter"))
                if (question.Take(parameter) is { } taken) question = taken;
                else return Refused(parameter, out refusal);
        if (refusal is null && question.Patient.IsMissing) refusal = Refuse("$match needs the parameter `resource` with a Patient");
        return refusal is null ? question : null;
    }

    private MatchQuestion? Take(Node parameter) => parameter.TextOf("name") switch
    {
        "resource" when parameter["resource"] is { IsMissing: false, Type.Name: "Patient" } patient && Patient.IsMissing => this with { Patient = patient },
        "onlyCertainMatches" when parameter.TextOf("value") is "true" or "false" => this with { OnlyCertain = parameter.TextOf("value") == "true" },
        "count" when int.TryParse(parameter.TextOf("value"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 => this with { Count = Math.Min(count, 100) },
        _ => null,
    };

    private static MatchQuestion? Refused(Node parameter, out Answer? refusal)
    {
        refusal = Refuse("$match takes `resource` (one Patient), `onlyCertainMatches` (true or false) and `count` (from 1)", parameter.Location);
        return null;
    }

    private static Answer Refuse(string text, string at = "") => Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, text, at, "parameter");
}
