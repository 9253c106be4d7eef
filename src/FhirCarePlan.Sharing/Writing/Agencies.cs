using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Ties;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>The party of a reference: an Organization as the protocol lists it; a post by its organization, if the party that keeps the
/// post in its directory is the same one (src/docs/sharing.md#who-is-who).</summary>
public static class Agencies
{
    public static string? PartyOf(this Protocol protocol, Node reference, IWorld world) => Reference.Of(reference) switch
    {
        ("Organization", { } id) => protocol.PartyOfOrganization($"Organization/{id}")?.Id,
        ("PractitionerRole", { } id) => world.Find("PractitionerRole", id) is { } post
            && protocol.PartyOfOrganization(Reference.Of(post.Document.Root["organization"]).Local)?.Id is { } party && party == post.Holder
                ? party : null,
        _ => null,
    };

    /// <summary>The asserter of this party's tie: the caller's party, or everybody if the protocol lets the caller confirm. Nobody confirms
    /// themselves.</summary>
    public static string Asserter(this Protocol protocol, Caller caller, string party) =>
        party != caller.Party && protocol.HasRight(caller, Rights.Confirm) ? BackedTie.Everybody : caller.Party!;

    /// <summary>The tie that this write renews, if there is one: it keeps its beginning.</summary>
    public static Tie? Standing(this IWorld world, Write write, string person, string party, long kind, string? actor = null)
    {
        foreach (var tie in world.Ties(person))
            if (tie.Cause == write.Reference && tie.Party == party && tie.Kind == kind && tie.Actor == actor) return tie;
        return null;
    }

    /// <summary>The resources that the writer may look up: a hidden resource counts as absent. The service's own actors see all.</summary>
    public static Known? FindInView(this IWorld world, Caller caller, string type, string id) =>
        caller.Issuer == SystemActor.Issuer || world.IsInView(type, id) ? world.Find(type, id) : null;
}
