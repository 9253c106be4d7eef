using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>The codes that the concept maps of the packages and of R4 give for another: of one map, or of all whose sources fit.
/// https://hl7.org/fhir/R4/conceptmap-operation-translate.html</summary>
public static class Translate
{
    private static readonly string[] Allowed =
        ["url", "conceptMapVersion", "code", "system", "version", "source", "coding", "codeableConcept", "target", "targetsystem", "reverse"];

    public static Answer Perform(Exchange asked)
    {
        if (OperationParameters.Read(asked, Allowed, out var refusal) is not { } parameters) return refusal!;
        if (AskedCode.Read(parameters, null, out refusal) is not { } codes) return refusal!;
        var url = parameters.Text("url");
        var maps = Maps(asked, url, parameters.Text("conceptMapVersion"), parameters).ToList();
        var elsewhere = Elsewhere(codes, url, parameters.Text("targetsystem"), parameters.IsTrue("reverse"), asked);
        if (url != null && maps.Count == 0) return Known.Elsewhere(asked, elsewhere, Known.NotHere("ConceptMap", url));
        if (url == null && codes.Any(c => c.System == null)) return OperationParameters.Refuse(IssueType.Required, "Ask with the `system` of the code, or with the `url` of one map");
        var found = codes.SelectMany(c => maps.SelectMany(m => Translation.Of(m, c.System, c.Code, parameters.Text("targetsystem"), parameters.IsTrue("reverse"), asked.Work.Engine.Definitions.All.ValueSet))).Distinct().ToList();
        if (found.Count == 0 && elsewhere is { } question && asked.Work.Codes!.Ask(question) is { Heard: Heard.Answered, Body: var body }) return new Answer(AnswerKind.Ok) { Body = body };
        var answer = new ParametersJson().Truth("result", found.Exists(t => t.IsMatch));
        if (found.Count == 0) answer.Text("message", "valueString", maps.Count == 0 ? "No concept map here has such sources and targets" : "The concept maps here do not translate this code");
        foreach (var match in found)
            answer.Parts("match", part =>
            {
                part.Text("equivalence", "valueCode", match.Equivalence);
                if (match.Code != null) part.Coding("concept", match.System, match.Code, match.Display);
                part.Text("source", "valueUri", match.Map);
            });
        return answer.Done();
    }

    /// <summary>Null for what is not asked elsewhere: several codes, systems that are not of the settings, what cannot be an address.</summary>
    private static CodeQuestion? Elsewhere(IReadOnlyList<AskedCode> codes, string? url, string? targetSystem, bool isReverse, Exchange asked) =>
        codes is [{ System: { } system, Code: var code }] && Known.IsAskable(asked, system, code)
        && (url == null || CodeQuestion.MayBeAddress(url)) && (targetSystem == null || CodeQuestion.MayBeAddress(targetSystem))
        ? CodeQuestion.Translate(system, code, url, targetSystem, isReverse) : null;

    private static IEnumerable<Node> Maps(Exchange asked, string? url, string? version, OperationParameters parameters)
    {
        var definitions = asked.Work.Engine.Definitions.All;
        foreach (var canonical in definitions.All("ConceptMap").Concat(DefinitionSet.Base.Package.Files.Where(f => f.ResourceType == "ConceptMap")).Select(f => f.Url).OfType<string>().Distinct())
        {
            if (url != null && Known.Plain(url) != canonical) continue;
            var map = definitions.Resource("ConceptMap", version == null ? canonical : $"{canonical}|{version}");
            if (!map.IsMissing && Fits(map, "source", parameters.Text("source")) && Fits(map, "target", parameters.Text("target"))) yield return map;
        }
    }

    /// <param name="valueSet">Null for any.</param>
    private static bool Fits(Node map, string end, string? valueSet) => valueSet == null || map.TextOf(end) is { } stated && Known.Plain(stated) == Known.Plain(valueSet);
}
