using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>The codes that the concept maps of the packages give for another: of one map, or of all whose sources fit.
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
        if (url != null && maps.Count == 0) return Known.NotHere("ConceptMap", url);
        if (url == null && codes.Any(c => c.System == null)) return OperationParameters.Refuse(IssueType.Required, "Ask with the `system` of the code, or with the `url` of one map");
        var found = codes.SelectMany(c => maps.SelectMany(m => Translation.Of(m, c.System, c.Code, parameters.Text("targetsystem"), parameters.IsTrue("reverse")))).Distinct().ToList();
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

    private static IEnumerable<Node> Maps(Exchange asked, string? url, string? version, OperationParameters parameters)
    {
        var definitions = asked.Work.Engine.Definitions.All;
        foreach (var canonical in definitions.All("ConceptMap").Select(f => f.Url).OfType<string>().Distinct())
        {
            if (url != null && Known.Plain(url) != canonical) continue;
            var map = definitions.Resource("ConceptMap", version == null ? canonical : $"{canonical}|{version}");
            if (!map.IsMissing && Fits(map, "source", parameters.Text("source")) && Fits(map, "target", parameters.Text("target"))) yield return map;
        }
    }

    /// <param name="valueSet">Null for any.</param>
    private static bool Fits(Node map, string end, string? valueSet) => valueSet == null || map.TextOf(end) is { } stated && Known.Plain(stated) == Known.Plain(valueSet);
}
