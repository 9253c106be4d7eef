namespace FhirCarePlan.Sharing;

/// <summary>Parties of tokens, the purposes they may state and the rights they have, from the protocol and the token alone.</summary>
public sealed partial record Protocol
{
    /// <summary>The party that a token's issuer and client speak for; null for an organisation that is not a party.</summary>
    public Party? PartyOf(string issuer, string client)
    {
        foreach (var party in Parties)
            foreach (var known in party.Clients)
                if (known.Id == client && known.Issuer == issuer) return party;
        return null;
    }

    /// <summary>The party an Organization belongs to; null for none.</summary>
    public Party? PartyOfOrganization(string? reference) => reference is null ? null : Parties.FirstOrDefault(p => p.Organizations.Contains(reference));

    /// <summary>The party of those whom the record is about: it works with what is theirs. Null where there is none.</summary>
    public Party? PartyOfPeople => Parties.FirstOrDefault(p => p.Home.Any(h => (h.Relationship & Relation.Self) != 0));

    /// <summary>The party of those who care for them, where it is one of its own: what a carer writes is then not the person's, nor the other way
    /// round. Else that of the people.</summary>
    public Party? PartyOfCarers => Parties.FirstOrDefault(p => p.Home.Any(h => (h.Relationship & Relation.Carer) != 0)) ?? PartyOfPeople;

    /// <summary>One organisation's own server: a sole party that chooses ids. There is no other party to write in the name of, to claim a
    /// person from or to take a relationship from, so it may write whatever R4 allows (src/docs/sharing.md#leaks, 17).</summary>
    public bool IsSoleParty => Parties is [{ ClientIds: true }];

    /// <summary>The kind of agency a party is, a code of CPA-AgencyType; null for none, and where one organisation is all kinds at once.</summary>
    public string? KindOf(string? party) => IsSoleParty ? null : Party(party)?.Sector;

    /// <summary>The purpose that a party may state by this id or code; null when it is unknown, another party's, or (by code)
    /// ambiguous.</summary>
    public Purpose? PurposeOf(string? party, string? codeOrId)
    {
        if (party is null || codeOrId is null) return null;
        Purpose? byCode = null;
        foreach (var purpose in Purposes)
        {
            if (!purpose.Parties.Contains(party)) continue;
            if (purpose.Id == codeOrId) return purpose;
            if (purpose.Code != codeOrId) continue;
            if (byCode is not null) return null;
            byCode = purpose;
        }
        return byCode;
    }

    /// <summary>True when the caller's party and role have the right, with these ties to the person. A suspended party has none.</summary>
    public bool HasRight(Caller caller, string right, long kinds = 0)
    {
        if (Party(caller.Party) is not { Status: PartyStatus.Joined } party) return false;
        if (caller.Issuer == SystemActor.Issuer)
            return Systems.Any(s => s.Id == caller.Client && s.Parties.Contains(party.Id) && s.Rights.Contains(right));
        foreach (var granted in party.Rights)
            if (granted.Name == right && granted.Roles.Contains(caller.Role) && (granted.Relationship == 0 || (granted.Relationship & kinds) != 0)) return true;
        return false;
    }

    /// <summary>As above for a role of a party, whatever the person; rights that need a tie do not count.</summary>
    public bool HasRight(string? party, string? role, string right) =>
        HasRight(new Caller { Issuer = "", Client = "", Subject = "", Party = party, Role = role }, right);

    /// <summary>Every category that content of a type may carry: those that concern it, those that go by code, and `other`.</summary>
    public IReadOnlyList<string> CategoriesOf(string type)
    {
        var isCoded = MayBearCodes(type);
        return [.. Categories.Where(c => c.Id == Sharing.Category.Other || c.Concerns(type) || isCoded && c.GoesByCode).Select(c => c.Id)];
    }

    /// <summary>False for a type whose codes say nothing of any person: who works where, definitions, the trail, and the decisions about sharing,
    /// which name what they are about and are read whole by who has to follow them.</summary>
    public bool MayBearCodes(string type) => !TypesWithoutCodes().Contains(type);

    internal IEnumerable<string> TypesWithoutCodes() =>
        Categories.SelectMany(c => c.Roots.Keys).Distinct()
            .Where(type => Categories.All(c => !c.Roots.ContainsKey(type) || c.Id is Sharing.Category.Directory or Sharing.Category.Conformance or Sharing.Category.Consent or Sharing.Category.Audit));
}
