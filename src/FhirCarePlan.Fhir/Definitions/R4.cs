namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Base R4 4.0.1 as embedded facts, loaded type by type when first asked for. https://hl7.org/fhir/R4/</summary>
public static class R4
{
    /// <summary>A resource, data or backbone type (`CarePlan`, `Period`, `CarePlan.activity`); null when R4 has none of that name.</summary>
    public static TypeInfo? Type(string name) => throw new NotImplementedException();

    /// <summary>All concrete resource types, in alphabetical order.</summary>
    public static IReadOnlyList<string> ResourceTypes => throw new NotImplementedException();

    /// <summary>A value set that R4's terminology can decide or knows of; null when R4 does not define the canonical. A version suffix is ignored.</summary>
    public static ICodes? ValueSet(string canonical) => throw new NotImplementedException();

    public static IReadOnlyList<SearchParameterFact> SearchParameters => throw new NotImplementedException();

    /// <summary>Search parameters that make a resource of the type a member: (`Patient`, `CarePlan`) → `patient`, `performer`. https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
    public static IReadOnlyList<string> Compartment(string compartment, string type) => throw new NotImplementedException();
}

/// <summary>A value set as a membership test.</summary>
public interface ICodes
{
    string Canonical { get; }
    /// <summary>Null when it cannot be decided here (SNOMED, LOINC, filters). A null system asks for the code in any system (a `code` element).</summary>
    bool? Contains(string? system, string code);
    /// <summary>The first few codes allowed, for messages; empty when unknown.</summary>
    IReadOnlyList<string> Some { get; }
}

/// <param name="Type">`token`, `reference`, `date`, `string`, `number`, `quantity`, `uri`, `composite`, `special`.</param>
/// <param name="Expression">FHIRPath as published, for all bases; empty for special parameters.</param>
public sealed record SearchParameterFact(string Url, string Code, string Type, IReadOnlyList<string> Bases, string Expression, IReadOnlyList<string> Targets);
