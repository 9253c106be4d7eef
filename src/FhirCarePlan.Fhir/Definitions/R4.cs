using System.Text;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Base R4 4.0.1 as embedded facts, loaded type by type when first asked for. https://hl7.org/fhir/R4/</summary>
public static class R4
{
    private static readonly Lazy<string[]> resourceTypes = new(() => Names("{\"resource\""u8, except: ["Resource", "DomainResource"]));
    private static readonly Lazy<string[]> dataTypes = new(() => [.. Names("{\"complex\""u8, except: []), .. Names("{\"primitive\""u8, except: [])]);
    private static readonly Lazy<SearchParameterFact[]> searchParameters =
        new(() => [.. FactsFile.Lines(FactKind.SearchParameters).Values.Select(SearchParameterFact.Read)]);

    /// <summary>A resource, data or backbone type (`CarePlan`, `Period`, `CarePlan.activity`); null when R4 has none of that name.</summary>
    public static TypeInfo? Type(string name) => TypeTable.Find(name);

    /// <summary>The same without making a string of the name.</summary>
    public static TypeInfo? Type(ReadOnlySpan<byte> utf8Name) => TypeTable.Find(utf8Name);

    /// <summary>All concrete resource types, in alphabetical order.</summary>
    public static IReadOnlyList<string> ResourceTypes => resourceTypes.Value;

    /// <summary>All data types, complex ones first, then primitive ones, each in alphabetical order; `Element` and `BackboneElement` among them.</summary>
    public static IReadOnlyList<string> DataTypes => dataTypes.Value;

    /// <summary>A value set that R4's terminology can decide or knows of; null when R4 does not define the canonical. A version suffix is
    /// ignored.</summary>
    public static ICodes? ValueSet(string canonical) => TerminologyTable.ValueSet(canonical);

    /// <summary>A code system whose codes R4 lists; null for all others (SNOMED CT, LOINC, UCUM, languages …).</summary>
    public static ICodes? CodeSystem(string url) => TerminologyTable.CodeSystem(url);

    /// <summary>Canonicals of all value sets of R4, in alphabetical order.</summary>
    public static IEnumerable<string> ValueSets => FactsFile.Lines(FactKind.ValueSets).Keys;

    /// <summary>Addresses of all code systems whose codes R4 lists, in alphabetical order.</summary>
    public static IEnumerable<string> CodeSystems => FactsFile.Lines(FactKind.CodeSystems).Keys;

    /// <summary>Those of base R4, ordered by url; the common ones (`_id`, `_lastUpdated` …) have the base `Resource` or
    /// `DomainResource`.</summary>
    public static IReadOnlyList<SearchParameterFact> SearchParameters => searchParameters.Value;

    /// <summary>Search parameters that make a resource of the type a member: (`Patient`, `CarePlan`) → `patient`, `performer`.
    /// The resource that the compartment is of (`Patient/1`) is a member without any. https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
    public static IReadOnlyList<string> Compartment(string compartment, string type) => CompartmentTable.Parameters(compartment, type);

    private static string[] Names(ReadOnlySpan<byte> kind, string[] except)
    {
        var names = new List<string>();
        foreach (var (name, line) in FactsFile.Lines(FactKind.Types))
            if (line.Text.StartsWith(kind) && !except.Contains(name)) names.Add(name);
        return [.. names.Order(StringComparer.Ordinal)];
    }
}

/// <summary>A value set as a membership test.</summary>
public interface ICodes
{
    string Canonical { get; }
    /// <summary>Null when this server cannot decide it (SNOMED, LOINC, filters). A null system asks for the code in any system (a `code`
    /// element).</summary>
    bool? Contains(string? system, string code);
    /// <summary>The same without making strings; an empty system asks for any.</summary>
    bool? Contains(ReadOnlySpan<byte> system, ReadOnlySpan<byte> code) =>
        Contains(system.IsEmpty ? null : Encoding.UTF8.GetString(system), Encoding.UTF8.GetString(code));
    /// <summary>The first few codes allowed, for messages; empty when unknown.</summary>
    IReadOnlyList<string> Some { get; }
    /// <summary>Every code allowed; null where not all are known.</summary>
    IReadOnlyList<string>? All => null;
    /// <summary>The system of every code in it; null when there are several, or when that is not known.</summary>
    string? OnlySystem => null;
}
