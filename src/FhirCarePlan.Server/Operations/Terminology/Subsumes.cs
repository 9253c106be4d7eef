using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>How two codes of one code system stand to each other. https://hl7.org/fhir/R4/codesystem-operation-subsumes.html</summary>
public static class Subsumes
{
    private static readonly string[] Allowed = ["codeA", "codeB", "system", "version", "codingA", "codingB"];

    public static Answer Perform(Exchange asked)
    {
        if (OperationParameters.Read(asked, Allowed, out var refusal) is not { } parameters) return refusal!;
        string? CodeOf(string letter) => parameters.Text("code" + letter) ?? parameters.Value("coding" + letter).TextOf("code");
        var systems = new[] { parameters.Text("system"), parameters.Value("codingA").TextOf("system"), parameters.Value("codingB").TextOf("system") }
            .OfType<string>().Distinct().ToList();
        if (CodeOf("A") is not { } a || CodeOf("B") is not { } b || systems.Count == 0)
            return OperationParameters.Refuse(IssueType.Required, "Ask with `codeA`, `codeB` and `system`, or with `codingA` and `codingB`");
        if (systems.Count > 1) return OperationParameters.Refuse(IssueType.Invalid, "Both codes must be of one code system");
        CodeQuestion? elsewhere = Known.IsAskable(asked, systems[0], a) && Known.IsAskable(asked, systems[0], b) ? CodeQuestion.Subsumes(systems[0], a, b) : null;
        if (Known.Concepts(asked, systems[0]) is not { } table) return Known.Elsewhere(asked, elsewhere, Known.NotHere("CodeSystem", systems[0]));
        if (Known.OtherVersion(parameters.Text("version"), table.Version, table.Url) is { } other) return other;
        foreach (var code in new[] { a, b })
            if (table.Find(code) == null)
                return Known.Elsewhere(asked, table.IsComplete ? null : elsewhere, Known.NoSuchCode(table, code));
        var outcome = table.Find(a) == table.Find(b) ? "equivalent" : table.IsBelow(b, a) ? "subsumes" : table.IsBelow(a, b) ? "subsumed-by" : "not-subsumed";
        return new ParametersJson().Text("outcome", "valueCode", outcome).Done();
    }
}
