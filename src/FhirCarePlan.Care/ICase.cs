using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>The questions a rule of care may ask: the resources around those that one request writes, as the request leaves them and as the
/// writer sees them. A rule does not see what the writer may not see, so its answer cannot tell (src/docs/sharing.md#statuses).</summary>
public interface ICase
{
    DateTimeOffset Now { get; }
    /// <summary>Where days begin and end.</summary>
    TimeZoneInfo Zone { get; }
    DateOnly Today { get; }

    /// <summary>The service itself writes, so nothing need be kept from the writer.</summary>
    bool IsSystem { get; }
    /// <summary>The post the writer acts in, `PractitionerRole/x`; null for none.</summary>
    string? Post { get; }
    /// <summary>True for a reference to a party of the sharing agreement other than the writer's.</summary>
    bool IsOfAnotherParty(Node reference);

    /// <summary>Everything the request writes or deletes.</summary>
    IReadOnlyList<Written> AllWritten { get; }

    /// <summary>Reads, in one question, those of these (`CareTeam/x`) that were not read yet.</summary>
    void Fetch(IEnumerable<string?> references);

    /// <summary>Null when there is nothing, or nothing that the writer may see.</summary>
    Recorded? Find(string? reference);

    /// <summary>True when the reference leads to something about another person that the writer may see. Costs no parsing.</summary>
    bool IsAboutAnother(Node reference, string person);

    /// <summary>Everything of a type about a person, or what of it has a code.</summary>
    IEnumerable<Recorded> All(string? person, string type, string? code = null);

    /// <summary>Those that refer to this resource (`CareTeam/x`); the others are not read.</summary>
    IEnumerable<Recorded> Naming(string reference, string? person, string type);
}

/// <summary>A resource on record.</summary>
/// <param name="Person">Key of the person it is about; null for the directory.</param>
/// <param name="IsOurs">The writer's party holds it, and so can mend it in the same transaction.</param>
public sealed record Recorded(string Type, string Id, string? Person, Document Document, bool IsOurs);

public static class Cases
{
    public static Recorded? Find(this ICase around, Node reference) => around.Find(Reference.Of(reference).Local);
}
