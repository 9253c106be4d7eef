using FhirCarePlan.Fhir.Definitions.Packages;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>Value sets that a grammar defines, not a list. A value that breaks the grammar is wrong; reporting at every attachment that the
/// other codes are not listed would drown what matters. https://hl7.org/fhir/R4/terminologies-systems.html</summary>
internal static class GrammarCodes
{
    public const string Languages = "http://hl7.org/fhir/ValueSet/languages", AllLanguages = "http://hl7.org/fhir/ValueSet/all-languages";

    public static bool Is(string valueSet) => DefinitionSet.Plain(valueSet) is
        "http://hl7.org/fhir/ValueSet/mimetypes" or "http://hl7.org/fhir/ValueSet/languages" or "http://hl7.org/fhir/ValueSet/all-languages"
        or "http://hl7.org/fhir/ValueSet/ucum-units" or "http://hl7.org/fhir/ValueSet/currencies";
}
