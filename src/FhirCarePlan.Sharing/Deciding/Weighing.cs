namespace FhirCarePlan.Sharing;

/// <summary>How far each category got: after each gate the categories that some rule carried through it. The last mask is the answer,
/// and the first that a category is missing from names the gate that denied it.</summary>
internal struct Weighing
{
    /// <summary>Set when a gate denied everything at once.</summary>
    public string? StoppedAt;
    public string? WhyStopped;
    /// <summary>Why gate 1 left open no more than the person's own rules; null when it is open.</summary>
    public string? Lapsed;
    public Applicable? Applicable;
    public ConsentAnswer Consent;

    public long Listed, Lawful, RoleHeld, Related, WithinCeiling, NotForbidden, Agreed, Open;
    /// <summary>Label bits cleared (gates 9 and 10).</summary>
    public long Cleared;

    public readonly long Permitted => Open == 0 ? 0 : Open | Cleared;

    public Weighing Stop(string gate, string why)
    {
        (StoppedAt, WhyStopped) = (gate, why);
        return this;
    }

    public Weighing Weigh(ProtocolBits bits, Applicable applicable, long kinds, ConsentAnswer consent, DateTimeOffset now)
    {
        Applicable = applicable;
        Consent = consent;
        foreach (var offer in applicable.Offers)
        {
            Listed |= offer.Data;
            if (!IsLawful(offer, now)) continue;
            Lawful |= offer.Data;
            if (!offer.HoldsRole) continue;
            RoleHeld |= offer.Data;
            if (!IsRelated(offer, kinds)) continue;
            Related |= offer.Data;
            var data = offer.Data & CeilingOf(bits, offer, kinds);
            WithinCeiling |= data;
            data &= ~applicable.Forbidden;
            NotForbidden |= data;
            data &= AgreedTo(offer, consent);
            Agreed |= data;
            Open |= data & ~applicable.Barred;
        }
        if (Open != 0 && applicable.ClearsLabels) Cleared = LabelsCleared(bits, applicable, kinds, consent, now);
        return this;
    }

    public static bool IsLawful(Offer offer, DateTimeOffset now) => offer.Gateway is null || offer.Gateway.IsInDate(now);

    public static bool IsRelated(Offer offer, long kinds) => offer.Relationship == 0 || (offer.Relationship & kinds) != 0;

    public static long CeilingOf(ProtocolBits bits, Offer offer, long kinds) =>
        !offer.IsHome && Relations.Ceiling(offer.Relationship & kinds) is { } names ? bits.WithParts(names) : -1;

    /// <summary>Gate 10 for unlabelled content: the part of a rule that the person's Consents leave.</summary>
    public static long AgreedTo(Offer offer, ConsentAnswer consent) => offer.Consent switch
    {
        ConsentNeed.None => -1,
        ConsentNeed.Explicit => consent.Granted & ~consent.Refused,
        _ => (offer.PermittedByDefault ? -1 : consent.Granted) & ~consent.Refused,
    };

    /// <summary>A label is cleared if, for everything the rules could open to this role, a rule that has passed clears it: one mask holds
    /// for all categories, so the narrowest clearance decides.</summary>
    private static long LabelsCleared(ProtocolBits bits, Applicable applicable, long kinds, ConsentAnswer consent, DateTimeOffset now)
    {
        var cleared = 0L;
        for (var rest = bits.Labels; rest != 0; rest &= rest - 1)
        {
            var label = rest & -rest;
            var carried = 0L;
            foreach (var offer in applicable.Offers)
                if ((offer.Clearance & label) != 0 && offer.HoldsRole && IsLawful(offer, now) && IsRelated(offer, kinds))
                    carried |= offer.Data & (offer.Consent == ConsentNeed.None || offer.Consent == ConsentNeed.ObjectionHonoured && offer.PermittedByDefault ? -1 : consent.GrantedUnder(label));
            if ((applicable.Offered & ~carried) == 0) cleared |= label;
        }
        return applicable.AsksConsent ? cleared & ~consent.RefusedLabels : cleared;
    }
}
