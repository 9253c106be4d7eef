namespace FhirCarePlan.Storage;

/// <summary>The store cannot be opened; the message is the one sentence that its operator needs.</summary>
public sealed class StoreRefusedException(string message) : IOException(message);
