namespace FhirCarePlan.Sharing;

/// <summary>A rule, or a home rule, made ready for one party, purpose, action and type: masks instead of names.</summary>
internal sealed class Offer
{
    public required string Id { get; init; }
    public required string Plain { get; init; }
    public required long Data { get; init; }
    public required bool HoldsRole { get; init; }
    public required long Relationship { get; init; }
    /// <summary>Label bits the rule clears.</summary>
    public required long Clearance { get; init; }
    /// <summary>What the party holds itself: an access level narrows what others show, not this.</summary>
    public bool IsHome { get; init; }
    public Gateway? Gateway { get; init; }
    public ConsentNeed Consent { get; init; } = ConsentNeed.None;
    /// <summary>The protocol's default if no Consent applies.</summary>
    public bool PermittedByDefault { get; init; }
    public IReadOnlyList<string> Obligations { get; init; } = [];
}

/// <summary>All that a protocol says to one party, role, purpose, action and type: found once, then only masks are weighed.</summary>
internal sealed class Applicable
{
    public required IReadOnlyList<Offer> Offers { get; init; }
    public required IReadOnlyList<Rule> Forbids { get; init; }
    public required long Forbidden { get; init; }
    public required IReadOnlyList<Bar> Bars { get; init; }
    public required long Barred { get; init; }

    /// <summary>The most that the rules for this role could open: independent of date, relationship and consent. A label must be cleared
    /// for all of it, so that losing something else never clears a label.</summary>
    public long Offered { get; private init; }
    /// <summary>The part of it that needs no tie to the person.</summary>
    public long OfferedWithoutTie { get; private init; }
    public bool AsksTies { get; private init; }
    public bool AsksConsent { get; private init; }
    public bool ClearsLabels { get; private init; }

    /// <summary>Only what opens a person's record to themselves.</summary>
    public Applicable ToThemselves()
    {
        var offers = Offers.Where(o => (o.Relationship & Relation.Self) != 0).ToList();
        return new()
        {
            Offers = offers, Forbids = Forbids, Forbidden = Forbidden, Bars = Bars, Barred = Barred,
            Offered = Offered, OfferedWithoutTie = OfferedWithoutTie, AsksTies = AsksTies, AsksConsent = AsksConsent, ClearsLabels = ClearsLabels,
        };
    }

    public static Applicable AtHome(Protocol protocol, ProtocolBits bits, Party party, Caller caller, string action, string type)
    {
        var offers = new List<Offer>();
        var rules = caller.Issuer == SystemActor.Issuer
            ? protocol.Systems.Where(s => s.Id == caller.Client && s.Parties.Contains(party.Id)).Select(s => s.Home)
            : party.Home;
        foreach (var home in rules)
            if (home.Purposes.Contains(caller.Purpose) && home.Actions.Contains(action) && home.Types.Contains(type))
                offers.Add(new Offer
                {
                    Id = home.Id,
                    Plain = home.Plain,
                    Data = MaskOf(bits, home.Data),
                    HoldsRole = caller.Issuer == SystemActor.Issuer || home.Roles.Contains(caller.Role),
                    Relationship = home.Relationship,
                    Clearance = ClearanceOf(bits, home.Clearance),
                    IsHome = true,
                });
        return Of(protocol, bits, party, caller, offers, [], isHome: true);
    }

    public static Applicable Disclosing(Protocol protocol, ProtocolBits bits, Party party, Caller caller, string action, string type, bool hasPerson)
    {
        var offers = new List<Offer>();
        var forbids = new List<Rule>();
        // Of resources about nobody, others see the directory and conformance resources; the rest is for the holder alone.
        var scope = hasPerson ? -1L : bits.Of(Category.Directory) | bits.Of(Category.Conformance);
        // The service's own actors have no rules but those of home.
        if (caller.Issuer == SystemActor.Issuer) return Of(protocol, bits, party, caller, [], []);
        foreach (var rule in protocol.Rules)
        {
            if (!rule.To.Contains(party.Id) || !rule.Purposes.Contains(caller.Purpose) || !rule.Actions.Contains(action) || !rule.Types.Contains(type)) continue;
            if (!rule.IsPermit)
            {
                // A caller who states no role may hold the one that is forbidden.
                if (caller.Role is null || rule.Roles.Contains(caller.Role)) forbids.Add(rule);
                continue;
            }
            offers.Add(new Offer
            {
                Id = rule.Id,
                Plain = rule.Plain,
                Data = MaskOf(bits, rule.Data) & scope,
                HoldsRole = rule.Roles.Contains(caller.Role),
                Relationship = rule.Relationship,
                Clearance = ClearanceOf(bits, rule.Clearance),
                Gateway = protocol.Gateway(rule.Gateway),
                Consent = rule.Consent,
                PermittedByDefault = IsPermittedByDefault(protocol, party, caller.Purpose),
                Obligations = rule.Obligations,
            });
        }
        return Of(protocol, bits, party, caller, offers, forbids);
    }

    private static Applicable Of(Protocol protocol, ProtocolBits bits, Party party, Caller caller, List<Offer> offers, List<Rule> forbids, bool isHome = false)
    {
        var bars = protocol.Bars.Where(b => (b.AtHome || !isHome) && b.To.Contains(party.Id) && (caller.Role is null || b.Roles.Contains(caller.Role))).ToList();
        var held = offers.Where(o => o.HoldsRole).ToList();
        return new Applicable
        {
            Offers = offers,
            Forbids = forbids,
            Forbidden = forbids.Aggregate(0L, (mask, rule) => mask | MaskOf(bits, rule.Data)),
            Bars = bars,
            Barred = bars.Aggregate(0L, (mask, bar) => mask | MaskOf(bits, bar.Data)),
            Offered = held.Aggregate(0L, (mask, offer) => mask | offer.Data),
            OfferedWithoutTie = held.Where(o => o.Relationship == 0).Aggregate(0L, (mask, offer) => mask | offer.Data),
            AsksTies = held.Exists(o => o.Relationship != 0),
            AsksConsent = held.Exists(o => o.Consent != ConsentNeed.None),
            ClearsLabels = held.Exists(o => o.Clearance != 0),
        };
    }

    /// <summary>Where two defaults speak, the one that denies.</summary>
    private static bool IsPermittedByDefault(Protocol protocol, Party party, string? purpose)
    {
        var isPermitted = false;
        foreach (var said in protocol.ConsentDefaults)
            if (said.Parties.Contains(party.Id) && said.Purposes.Contains(purpose))
            {
                if (!said.IsPermit) return false;
                isPermitted = true;
            }
        return isPermitted;
    }

    public static long MaskOf(ProtocolBits bits, Names data) => data.IsAll ? bits.Categories : bits.Of(data.Listed) & bits.Categories;

    private static long ClearanceOf(ProtocolBits bits, Clearance clearance) =>
        (clearance.Confidentiality == "V" ? bits.R | bits.V : clearance.Confidentiality == "R" ? bits.R : 0)
        | (clearance.Sensitivities.IsAll ? bits.Sensitivities : bits.Of(clearance.Sensitivities.Listed) & bits.Sensitivities)
        | (clearance.UnknownLabels ? bits.Unknown : 0);
}
