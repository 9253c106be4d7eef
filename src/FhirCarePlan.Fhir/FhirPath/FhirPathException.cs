namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>An expression cannot be compiled, or not be evaluated on this input.</summary>
public class FhirPathException(string message) : Exception(message);

/// <summary>An evaluation would take more work, or more memory, than it is allowed.</summary>
public sealed class FhirPathLimitException(string message) : FhirPathException(message);
