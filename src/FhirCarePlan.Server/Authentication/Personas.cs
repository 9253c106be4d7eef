using System.Text.Json;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Authentication;

/// <summary>A person of the sample partnership whom a developer can be. References are `Type/id`, or null.</summary>
/// <param name="Party">Of the protocol in force; null for an organisation that is not one of its parties.</param>
/// <param name="Purposes">Ids of the protocol's purposes; a token gets the first when its request names none.</param>
public sealed record Persona(string Id, string Name, string Plain, string? Party, string? Organization, string? PractitionerRole,
    string? Patient,
    string? RelatedPerson, string Role, IReadOnlyList<string> Purposes)
{
    public string DefaultPurpose => Purposes[0];
}

/// <summary>The cast of the samples (personas.json), as the protocol in force knows them, and beside them those that the protocol gives by
/// itself.</summary>
public sealed class Personas
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private readonly Protocol protocol;

    public Personas(Protocol protocol)
    {
        this.protocol = protocol;
        Shipped = [.. Cast().Select(Known)];
        All = [.. Shipped, .. AgreementPersonas.Of(protocol, Shipped)];
    }

    public IReadOnlyList<Persona> Shipped { get; }
    public IReadOnlyList<Persona> All { get; }

    public Persona? Find(string? id) => All.FirstOrDefault(p => p.Id == id);

    /// <summary>The persona's purpose of this id or code; the first when none is stated; null when it is not one of the
    /// persona's.</summary>
    public string? PurposeOf(Persona persona, string? stated)
    {
        if (string.IsNullOrEmpty(stated)) return persona.DefaultPurpose;
        if (persona.Purposes.Contains(stated)) return stated;
        var coded = persona.Purposes.Where(id => protocol.Purpose(id)?.Code == stated).ToList();
        return coded is [var only] ? only : null;
    }

    public static IReadOnlyList<Persona> Cast()
    {
        using var file = typeof(Personas).Assembly.GetManifestResourceStream("personas.json")!;
        return JsonSerializer.Deserialize<List<Persona>>(file, Options)!;
    }

    /// <summary>Under a protocol that has other purposes a persona has those of its party.</summary>
    private Persona Known(Persona persona)
    {
        if (protocol.PartyOf(DevIssuer.Issuer, persona.Id) is not { } party) return persona;
        var theirs = protocol.Purposes.Where(p => p.Parties.Contains(party.Id)).Select(p => p.Id).ToList();
        var kept = persona.Purposes.Where(theirs.Contains).ToList();
        return persona with
        {
            Party = party.Id,
            Organization = persona.Organization is { } own && party.Organizations.Contains(own)
                ? own : party.Organizations.FirstOrDefault(),
            Purposes = kept.Count > 0 ? kept : theirs.Count > 0 ? theirs : persona.Purposes,
        };
    }
}
