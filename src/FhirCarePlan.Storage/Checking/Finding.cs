namespace FhirCarePlan.Storage.Checking;

/// <summary>Something that a check of the store found. Rows are numbers of the database's own; no finding names a person, an id or content.</summary>
/// <param name="What">What is wrong, and in which rows.</param>
/// <param name="ToDo">What the operator can do about it.</param>
public sealed record Finding(string What, string ToDo);
