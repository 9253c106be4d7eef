using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Conformance;

/// <summary>A code system agrees with itself: properties are declared once and used as declared, the count is right, supplements say so.
/// https://hl7.org/fhir/R4/codesystem.html#properties</summary>
internal sealed class CodeSystemRule : IRule
{
    private const string Key = "code-system", Concepts = "http://hl7.org/fhir/concept-properties#";

    /// <summary>The properties that FHIR itself defines.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["inactive"] = "boolean", ["deprecated"] = "dateTime", ["notSelectable"] = "boolean", ["parent"] = "code", ["child"] = "code",
        ["deprecationDate"] = "dateTime", ["retirementDate"] = "dateTime", ["effectiveDate"] = "dateTime", ["status"] = "code",
        ["partOf"] = "code", ["synonym"] = "code", ["comment"] = "string", ["itemWeight"] = "decimal",
    };

    public void Check(Node system, Run run)
    {
        CheckContent(system, run);
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        CheckProperties(system, types, run);
        if (types.Count > 0) CheckConcepts(system, types, run);
    }

    private static void CheckContent(Node system, Run run)
    {
        var content = system.TextOf("content");
        var isSupplement = !system["supplements"].IsMissing;
        if (isSupplement && content is not (null or "supplement"))
            run.Error(IssueType.BusinessRule, system, Key, "A code system with `supplements` must have the content `supplement`");
        if (!isSupplement && content == "supplement")
            run.Error(IssueType.BusinessRule, system, Key,
            "A code system with the content `supplement` must name in `supplements` the code system it supplements");
        if (content == "not-present" && !system["concept"].IsMissing)
            run.Error(IssueType.Invalid, system, Key, "A code system with the content `not-present` must have no concepts");
        if (content == "complete" && int.TryParse(system.TextOf("count"), out var stated) && Count(system) is var found && found != stated)
            run.Error(IssueType.Invalid, system["count"], Key, $"`count` is {stated}, but there are {found} concepts");
    }

    private static int Count(Node parent)
    {
        var count = 0;
        foreach (var concept in parent.All("concept")) count += 1 + Count(concept);
        return count;
    }

    private static void CheckProperties(Node system, Dictionary<string, string> types, Run run)
    {
        HashSet<string>? uris = null;
        foreach (var property in system.All("property"))
        {
            string? code = property.TextOf("code"), uri = property.TextOf("uri"), type = property.TextOf("type");
            if (code != null && !types.TryAdd(code, type ?? ""))
                run.Error(IssueType.BusinessRule, property, Key, $"The property `{code}` is declared twice");
            if (uri == null) continue;
            if (!(uris ??= new(StringComparer.Ordinal)).Add(uri))
                run.Error(IssueType.BusinessRule, property, Key, $"The property `{uri}` is declared twice");
            if (!uri.StartsWith(Concepts, StringComparison.Ordinal) || !Known.TryGetValue(uri[Concepts.Length..], out var known)) continue;
            if (type != null && type != known)
                run.Error(IssueType.BusinessRule, property, Key, $"The property `{uri}` is declared as `{type}`; it must be `{known}`");
            if (code != null && code != uri[Concepts.Length..] && Known.ContainsKey(code))
                run.Error(IssueType.BusinessRule, property, Key,
                    $"The property `{uri}` is declared with the code `{code}`, which FHIR gives to another");
        }
    }

    private static void CheckConcepts(Node parent, Dictionary<string, string> types, Run run)
    {
        foreach (var concept in parent.All("concept"))
        {
            foreach (var property in concept.All("property"))
                if (property.TextOf("code") is { } code && types.TryGetValue(code, out var type) && type.Length > 0
                    && property["value"] is { IsMissing: false } value && value.Type.Name != type)
                    run.Error(IssueType.BusinessRule, property, Key,
                        $"The property `{code}` has a `{value.Type.Name}`, but is declared as `{type}`");
            CheckConcepts(concept, types, run);
        }
    }
}
