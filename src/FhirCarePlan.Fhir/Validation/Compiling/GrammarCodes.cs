using FhirCarePlan.Fhir.Definitions.Packages;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>Value sets that a grammar defines, not a list: nothing here can enumerate them, and to say so at every attachment would
/// drown what matters. https://hl7.org/fhir/R4/terminologies-systems.html</summary>
internal static class GrammarCodes
{
    public static bool Is(string valueSet) => DefinitionSet.Plain(valueSet) is
        "http://hl7.org/fhir/ValueSet/mimetypes" or "http://hl7.org/fhir/ValueSet/languages" or "http://hl7.org/fhir/ValueSet/all-languages"
        or "http://hl7.org/fhir/ValueSet/ucum-units" or "http://hl7.org/fhir/ValueSet/currencies";
}
