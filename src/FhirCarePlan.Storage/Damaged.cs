namespace FhirCarePlan.Storage;

/// <summary>Somebody asked for the content of a stored version that is not as it was written. Its row is a number that nothing outside the
/// database knows.</summary>
public sealed class DamagedException(string type, long row) : IOException($"The stored version in row {row}, a {type}, is not as it was written")
{
    public string Type => type;
    public long Row => row;
}
