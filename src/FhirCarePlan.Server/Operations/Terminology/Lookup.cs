using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>What a code means: display, definition, designations, properties, and the codes above and below it.
/// https://hl7.org/fhir/R4/codesystem-operation-lookup.html</summary>
public static class Lookup
{
    private static readonly string[] Allowed = ["code", "system", "version", "coding", "date", "displayLanguage", "property"];

    public static Answer Perform(Exchange asked)
    {
        if (OperationParameters.Read(asked, Allowed, out var refusal) is not { } parameters) return refusal!;
        if (parameters.Has("date")) return OperationParameters.Refuse(IssueType.NotSupported, "`date` is not supported: this server holds one version of a code system");
        if (AskedCode.Read(parameters, null, out refusal) is not { } codes) return refusal!;
        var code = codes[0];
        if (code.System == null) return OperationParameters.Refuse(IssueType.Required, "Ask with the `system` of the code");
        CodeQuestion? elsewhere = Known.IsAskable(asked, code.System, code.Code) ? CodeQuestion.LookUp(code.System, code.Code) : null;
        if (Known.Concepts(asked, code.System) is not { } table) return Known.Elsewhere(asked, elsewhere, Known.NotHere("CodeSystem", code.System));
        if (Known.OtherVersion(parameters.Text("version"), table.Version, table.Url) is { } other) return other;
        if (table.Find(code.Code) is not { } concept)
            return Known.Elsewhere(asked, table.IsComplete ? null : elsewhere, Known.NoSuchCode(table, code.Code));
        return Write(table, concept, [.. parameters.Texts("property")]);
    }

    private static Answer Write(ConceptTable table, Concept concept, string[] asked)
    {
        var answer = new ParametersJson().Text("name", "valueString", table.Name.Length > 0 ? table.Name : table.Url)
            .Text("version", "valueString", table.Version)
            .Text("display", "valueString", concept.Display.Length > 0 ? concept.Display : concept.Code);
        if (Wants("designation"))
            foreach (var designation in concept.Source.All("designation"))
                answer.Parts("designation", part => part.Text("language", "valueCode", designation.TextOf("language")).Text("value", "valueString", designation.TextOf("value")));
        if (Wants("definition") && concept.Definition is { } definition) Property("definition", "valueString", definition);
        if (Wants("abstract") && concept.IsAbstract) answer.Parts("property", part => part.Text("code", "valueCode", "abstract").Truth("value", true));
        if (Wants("inactive") && concept.IsInactive) answer.Parts("property", part => part.Text("code", "valueCode", "inactive").Truth("value", true));
        if (Wants("parent"))
            foreach (var parent in concept.Parents) Property("parent", "valueCode", parent);
        if (Wants("child"))
            foreach (var child in table.Concepts.Where(c => c.Parents.Contains(concept.Code))) Property("child", "valueCode", child.Code);
        foreach (var stated in concept.Source.All("property"))
            if (stated.TextOf("code") is { } name && Wants(name) && name is not ("parent" or "child") && stated["value"] is { IsMissing: false } value)
                if (value.Type.Name == "Coding") answer.Parts("property", part => part.Text("code", "valueCode", name).Coding("value", value.TextOf("system"), value.TextOf("code") ?? "", value.TextOf("display")));
                else Property(name, value.Type.Name == "code" ? "valueCode" : "valueString", value.Text!);
        return answer.Done();

        bool Wants(string name) => asked.Length == 0 || asked.Contains(name);
        void Property(string name, string kind, string value) => answer.Parts("property", part => part.Text("code", "valueCode", name).Text("value", kind, value));
    }
}
