namespace FhirCarePlan.Sharing;

/// <summary>Codes by which content says what it is about, whoever filed it and wherever it stands. A list is part of the agreement: it is
/// signed and hashed with it. Where codes show their family (ICD-10, ATC), a code that ends in `*` stands for all that begin so, and
/// `F20 to F29` for all from the one to the other. SNOMED CT has no such codes and is listed one by one.
/// https://hl7.org/fhir/R4/terminologies-systems.html</summary>
/// <param name="Systems">Code system → codes.</param>
/// <param name="Words">Words by which a display, or a text in place of a code, says the same. One that ends in `*` stands for all that begin
/// so.</param>
public sealed record CodeList(string Id, string Plain, IReadOnlyDictionary<string, IReadOnlyList<string>> Systems, IReadOnlyList<string> Words,
    int Line)
{
    public const string Snomed = "http://snomed.info/sct";

    /// <summary>Between the first and the last code of a family.</summary>
    public const string To = " to ";

    /// <summary>As many as a set of lists has bits beside the one for codes that no list names.</summary>
    public const int Limit = 62;
}
