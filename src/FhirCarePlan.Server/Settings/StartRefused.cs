namespace FhirCarePlan.Server.Settings;

/// <summary>Why the server does not start, in a sentence for the operator. It ends the process with exit code 1.</summary>
public sealed class StartRefused(string sentence) : Exception(sentence);
