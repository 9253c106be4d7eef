using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>A code that an operation is asked about, in one of the ways R4 allows: `code` with `system`, a `coding`, or the codings of a
/// `codeableConcept`.</summary>
/// <param name="System">Null when it was not given.</param>
internal sealed record AskedCode(string? System, string Code, string? Display)
{
    /// <summary>Null, with a refusal, when none or more than one way was used.</summary>
    public static IReadOnlyList<AskedCode>? Read(OperationParameters parameters, string? defaultSystem, out Answer? refusal)
    {
        refusal = null;
        var ways = new[] { "code", "coding", "codeableConcept" }.Where(parameters.Has).ToList();
        List<AskedCode> codes = [];
        if (ways is ["code"] && parameters.Text("code") is { } code)
            codes.Add(new(parameters.Text("system") ?? defaultSystem, code, parameters.Text("display")));
        else if (ways is ["coding"]) Add(parameters.Value("coding"), "Coding");
        else if (ways is ["codeableConcept"])
            foreach (var coding in parameters.Value("codeableConcept").All("coding")) Add(coding, "Coding");
        if (codes.Count > 0) return codes;
        refusal = OperationParameters.Refuse(ways.Count == 0 ? IssueType.Required : IssueType.Invalid,
            "Ask with one of `code` (and `system`), `coding` or `codeableConcept`; a coding needs its `code`");
        return null;

        void Add(Node coding, string type)
        {
            if (!coding.IsMissing && coding.Type.Name == type && coding.TextOf("code") is { } found)
                codes.Add(new(coding.TextOf("system") ?? defaultSystem, found, coding.TextOf("display") ?? parameters.Text("display")));
        }
    }
}
