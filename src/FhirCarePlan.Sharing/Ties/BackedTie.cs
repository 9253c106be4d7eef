namespace FhirCarePlan.Sharing.Ties;

/// <summary>A tie of a party to a person as it counts for what one holder keeps (src/docs/sharing.md#ties).</summary>
/// <param name="Kind">One bit of Relation.</param>
/// <param name="Actor">The only one of the party who has it; null for all.</param>
/// <param name="Regard">The party whose data it opens; `*` for everybody's about this person; `Task/x` for one resource alone.</param>
public sealed record BackedTie(string Party, long Kind, string? Actor, DateTimeOffset From, DateTimeOffset To, string Regard)
{
    public const string Everybody = "*";

    public bool Holds(DateTimeOffset now) => From <= now && now < To;
}
