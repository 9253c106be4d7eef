namespace FhirCarePlan.Sharing.Smart;

/// <summary>Whose data a scope is about.</summary>
public enum ScopeContext
{
    /// <summary>`patient/`: the one person of the launch context.</summary>
    Patient,
    /// <summary>`user/`: what the user may see. The agreement says what that is.</summary>
    User,
    /// <summary>`system/`: what the client may see without a user. The agreement says what that is.</summary>
    System,
}

/// <summary>One scope that could be read. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html</summary>
/// <param name="Type">A resource type, or `*`.</param>
/// <param name="Letters">Some of `cruds`, in this order.</param>
/// <param name="Restriction">The search that a resource must meet, as written: `category=laboratory`. Null for none.</param>
public sealed record ScopeGrant(ScopeContext Context, string Type, string Letters, string? Restriction)
{
    public const string AnyType = "*";

    /// <param name="letter">`c`, `r`, `u`, `d` or `s`.</param>
    public bool Covers(char letter, string type) => (Type == AnyType || Type == type) && Letters.Contains(letter);

    public override string ToString() =>
        $"{Context switch { ScopeContext.Patient => "patient", ScopeContext.User => "user", _ => "system" }}/{Type}.{Letters}{(Restriction is null ? "" : $"?{Restriction}")}";
}
