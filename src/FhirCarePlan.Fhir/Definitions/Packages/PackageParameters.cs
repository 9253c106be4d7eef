using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>The search parameters that a package adds. https://hl7.org/fhir/R4/searchparameter.html</summary>
public static class PackageParameters
{
    public static IReadOnlyList<SearchParameterFact> Of(FhirPackage package, Report report)
    {
        var facts = new List<SearchParameterFact>();
        foreach (var file in package.Files)
        {
            if (file.ResourceType != "SearchParameter") continue;
            using var document = JsonParser.Parse(file.Utf8, report);
            if (document is not null) facts.Add(Read(document.Root));
        }
        return facts;
    }

    private static SearchParameterFact Read(Node parameter) => new(
        parameter.TextOf("url") ?? "",
        parameter.TextOf("code") ?? "",
        parameter.TextOf("type") ?? "",
        [.. parameter.All("base").ToList().Select(b => b.Text ?? "")],
        parameter.TextOf("expression") ?? "",
        [.. parameter.All("target").ToList().Select(t => t.Text ?? "")]);
}
