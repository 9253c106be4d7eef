using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>Whether a code is in a value set, or in a code system. What cannot be decided from the definitions here is refused: `false`
/// would be a lie. https://hl7.org/fhir/R4/valueset-operation-validate-code.html
/// https://hl7.org/fhir/R4/codesystem-operation-validate-code.html</summary>
public static class ValidateCode
{
    private static readonly string[]
        OfValueSet = ["url", "valueSet", "valueSetVersion", "code", "system", "systemVersion", "display", "coding", "codeableConcept", "abstract", "displayLanguage"],
        OfCodeSystem = ["url", "codeSystem", "code", "version", "display", "coding", "codeableConcept", "abstract", "displayLanguage"];

    public static Answer InValueSet(Exchange asked)
    {
        if (OperationParameters.Read(asked, OfValueSet, out var refusal) is not { } parameters) return refusal!;
        var sent = parameters.Value("valueSet");
        var url = Known.Url(asked, parameters, "ValueSet");
        if (asked.Request.Id.Length > 0 && url == null) return Answer.NotHere;
        if (AskedCode.Read(parameters, null, out refusal) is not { } codes) return refusal!;
        if (url == null == sent.IsMissing) return OperationParameters.Refuse(IssueType.Required, "Ask with one of `url` and `valueSet`");
        var definitions = asked.Work.Engine.Definitions.All;
        if (!sent.IsMissing && sent.Type.Name != "ValueSet") return OperationParameters.Refuse(IssueType.Invalid, "`valueSet` must be a ValueSet");
        var members = url != null ? definitions.ValueSet(Known.Plain(url)) : definitions.Members(sent);
        var canonical = url ?? sent.TextOf("url");
        CodeQuestion? Elsewhere(AskedCode code) => canonical != null && CodeQuestion.MayBeAddress(canonical) && Known.IsAskable(asked, code.System, code.Code)
            ? CodeQuestion.IsMember(Known.Plain(canonical), code.System!, code.Code) : null;
        if (members == null && !codes.Any(c => Elsewhere(c) != null)) return Known.NotHere("ValueSet", url!);
        return Say(asked, codes, c => members == null ? null : Contains(members, c), Elsewhere, $"`{canonical}`");
    }

    public static Answer InCodeSystem(Exchange asked)
    {
        if (OperationParameters.Read(asked, OfCodeSystem, out var refusal) is not { } parameters) return refusal!;
        var url = Known.Url(asked, parameters, "CodeSystem");
        if (asked.Request.Id.Length > 0 && url == null) return Answer.NotHere;
        if (AskedCode.Read(parameters, url == null ? null : Known.Plain(url), out refusal) is not { } codes) return refusal!;
        if (parameters.Has("codeSystem")) return OperationParameters.Refuse(IssueType.NotSupported, "`codeSystem` is not supported; ask about one that this server holds, by `url`");
        if ((url ?? codes[0].System) is not { } system) return OperationParameters.Refuse(IssueType.Required, "Ask with the `url` of the code system");
        var definitions = asked.Work.Engine.Definitions.All;
        CodeQuestion? Elsewhere(AskedCode code) => code.System == Known.Plain(system) && Known.IsAskable(asked, code.System, code.Code) ? CodeQuestion.IsCode(code.System, code.Code) : null;
        var members = Members(Known.Plain(system), definitions);
        if (members == null && !codes.Any(c => Elsewhere(c) != null)) return Known.NotHere("CodeSystem", system);
        if (Known.OtherVersion(parameters.Text("version"), definitions.Concepts(Known.Plain(system))?.Version ?? "", system) is { } other) return other;
        return Say(asked, codes, c => c.System == Known.Plain(system) ? members?.Contains(c.System, c.Code) : false, Elsewhere, $"`{system}`");
    }

    private static ICodes? Members(string system, DefinitionSet definitions) => (ICodes?)definitions.CodeSystem(system) ?? R4.CodeSystem(system);

    /// <summary>A code without a system may be of any, as where an element is a `code`.</summary>
    private static bool? Contains(ICodes members, AskedCode code) => members.Contains(code.System, code.Code);

    /// <param name="contains">By what is held here.</param>
    /// <param name="elsewhere">What to ask the terminology server of the settings; null for a code that it is not asked about.</param>
    private static Answer Say(Exchange asked, IReadOnlyList<AskedCode> codes, Func<AskedCode, bool?> contains, Func<AskedCode, CodeQuestion?> elsewhere, string what)
    {
        AskedCode? found = null;
        string? display = null;
        foreach (var code in codes)
            switch (contains(code) ?? (elsewhere(code) is { } question ? asked.Work.Codes!.Truth(question) : null))
            {
                case true:
                    found ??= code;
                    if (ReferenceEquals(found, code)) display = elsewhere(code) is { } put && contains(code) is null ? CodeQuestions.Said(asked.Work.Codes!.Ask(put)!, "display") : null;
                    break;
                case null when found == null:
                    var undecided = Known.Undecided($"Whether `{code.System}|{code.Code}` is in {what} cannot be decided here: its codes are not all known");
                    return elsewhere(code) is { } failed && asked.Work.Codes!.Ask(failed) is { Heard: Heard.Nothing } ? Known.WithoutAnswer(undecided) : undecided;
            }
        if (found == null)
            return new ParametersJson().Truth("result", false)
                .Text("message", "valueString", $"{string.Join(", ", codes.Select(c => $"`{c.System}|{c.Code}`"))} {(codes.Count == 1 ? "is" : "are")} not in {what}").Done();
        var concept = found.System == null ? null : Known.Concepts(asked, found.System)?.Find(found.Code);
        display = concept?.Display ?? display;
        var isWrong = found.Display != null && concept is { Display.Length: > 0 } && !concept.IsCalled(found.Display);
        return new ParametersJson().Truth("result", !isWrong)
            .Text("message", "valueString", isWrong ? $"The code is in {what}; its display is `{concept!.Display}`" : null)
            .Text("display", "valueString", display).Done();
    }
}
