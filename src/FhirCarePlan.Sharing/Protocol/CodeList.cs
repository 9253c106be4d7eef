namespace FhirCarePlan.Sharing;

/// <summary>Codes by which content says what it is about, whoever filed it and wherever it stands. A list is part of the agreement: it is
/// signed and hashed with it. Where codes show their family (ICD-10, ATC), a code that ends in `*` stands for all that begin so. SNOMED CT
/// has no such codes and is listed one by one. https://hl7.org/fhir/R4/terminologies-systems.html</summary>
/// <param name="Systems">Code system → codes.</param>
public sealed record CodeList(string Id, string Plain, IReadOnlyDictionary<string, IReadOnlyList<string>> Systems, int Line)
{
    public const string Snomed = "http://snomed.info/sct";

    /// <summary>As many as a set of lists has bits.</summary>
    public const int Limit = 63;
}
