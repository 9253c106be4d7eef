using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>`%name`: the standard ones, then those of the context. https://hl7.org/fhir/R4/fhirpath.html#vars</summary>
internal static class Constants
{
    public static Code Compile(string name) => name switch
    {
        "sct" => Code.OfConstant("http://snomed.info/sct"),
        "loinc" => Code.OfConstant("http://loinc.org"),
        "ucum" => Code.OfConstant(SystemValue.UcumSystem),
        "context" => Code.Of(e => e.Push(e.Focus)),
        "resource" => Code.Of(e => e.Push(e.Resource)),
        "rootResource" => Code.Of(e =>
        {
            if (e.Resource is { IsMissing: false } resource) e.Push(Evaluation.RootResource(resource));
        }),
        _ when name.StartsWith("vs-", StringComparison.Ordinal) => Code.OfConstant($"http://hl7.org/fhir/ValueSet/{name[3..]}"),
        _ when name.StartsWith("ext-", StringComparison.Ordinal) => Code.OfConstant($"http://hl7.org/fhir/StructureDefinition/{name[4..]}"),
        _ => Code.Of(e =>
        {
            if (e.Context.Variables is { } nodes && nodes.TryGetValue(name, out var node)) e.Push(node);
            else if (e.Context.Values is { } values && values.TryGetValue(name, out var value))
            {
                foreach (var item in value) e.Push(item);
            }
            else throw new FhirPathException($"`%{name}` is not defined");
        })
    };
}
