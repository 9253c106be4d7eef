using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Conformance resources sent over REST are drafts: what is enforced, indexed or decided comes from R4 and the packages, and nobody
/// puts another meaning beside it (sharing.md §12.10).</summary>
public static class Conformance
{
    /// <summary>409 for a canonical, or a search parameter's base and code, that is known already.</summary>
    public static Answer? Clash(Work work, Node resource)
    {
        if (!Sharing.Writing.Rights.IsConformance(resource.Type.Name)) return null;
        if (resource.TextOf("url") is { } url && IsKnown(work.Engine, resource.Type.Name, url.Split('|')[0]))
            return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate, "This canonical is defined by R4 or by a package of this server, and that definition stands; choose another `url`", $"{resource.Type.Name}.url", "known-canonical");
        if (resource.Type.Name == "SearchParameter" && resource.TextOf("code") is { } code)
            foreach (var type in resource.All("base"))
                if (type.Text is { } name && work.Engine.Parameters.Find(name, code) != null)
                    return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate, $"`{name}` is searched by `{name}.{code}` already, and that definition stands; choose another `code`", type.Location, "known-search-parameter");
        return null;
    }

    private static bool IsKnown(Engine engine, string type, string url)
    {
        const string core = "http://hl7.org/fhir/StructureDefinition/";
        foreach (var file in engine.Package.Files)
            if (file.ResourceType == type && file.Url == url) return true;
        return type switch
        {
            "StructureDefinition" => url.StartsWith(core, StringComparison.Ordinal) && R4.Type(url[core.Length..]) != null,
            "ValueSet" => R4.ValueSet(url) != null,
            "CodeSystem" => R4.CodeSystem(url) != null,
            "SearchParameter" => R4.SearchParameters.Any(p => p.Url == url),
            _ => false,
        };
    }
}
