namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>The expression cannot be compiled, or cannot be evaluated on this input.</summary>
public sealed class FhirPathException(string message) : Exception(message);
