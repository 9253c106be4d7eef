namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>A boolean of FHIRPath's three-valued logic. http://hl7.org/fhirpath/N1/#boolean-logic</summary>
internal enum Truth : byte { False, True, Empty }
