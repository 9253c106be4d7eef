namespace FhirCarePlan.Sharing;

/// <summary>Says for every category which gate decided and why, from the masks of a weighing. The words depend on the caller and the
/// protocol, never on the record or on which Consents exist: a refused caller learns how to ask, not what was said.</summary>
internal static class Reasons
{
    public static IReadOnlyList<CategoryReason> Of(Protocol protocol, ProtocolBits bits, Question question, in Weighing weighing, DateTimeOffset now)
    {
        var reasons = new CategoryReason[protocol.Categories.Count];
        for (var i = 0; i < reasons.Length; i++)
        {
            var category = protocol.Categories[i].Id;
            reasons[i] = weighing.StoppedAt is { } gate
                ? Denied(category, gate, [], weighing.WhyStopped!)
                : Of(protocol, bits, question, weighing, now, category, bits.Of(category));
        }
        return reasons;
    }

    public static Decision Error(Protocol protocol) =>
        new(0, [.. protocol.Categories.Select(c => Denied(c.Id, "error", [], "The decision could not be made, so nothing is shown. It has been recorded."))]);

    /// <summary>What the token's scopes do not cover: said of all categories alike.</summary>
    public static Decision OutOfScope(Protocol protocol) =>
        new(0, [.. protocol.Categories.Select(c => Denied(c.Id, Smart.Scopes.Gate, [], "The scopes of your token do not cover this. Ask for a token with wider scopes."))]);

    private static CategoryReason Of(Protocol protocol, ProtocolBits bits, Question question, in Weighing weighing, DateTimeOffset now, string category, long bit)
    {
        if (weighing.Lapsed is { } lapsed && (weighing.Open & bit) == 0) return Denied(category, "G1", [], lapsed);
        var applicable = weighing.Applicable!;
        var kinds = question.HasPerson ? question.Kinds : 0;
        var listing = applicable.Offers.Where(o => (o.Data & bit) != 0).ToList();
        var forbids = applicable.Forbids.Where(f => (Applicable.MaskOf(bits, f.Data) & bit) != 0).ToList();
        if (listing.Count == 0 && forbids.Count > 0) return Denied(category, "G8", [.. forbids.Select(f => f.Id)], forbids[0].Plain);
        if (listing.Count == 0)
            return Denied(category, "G8", [], question.IsHome ? "Your organisation's own rules open this category to nobody for this purpose." : "The sharing agreement does not open this category to your organisation for this purpose.");

        var lawful = listing.FindAll(o => Weighing.IsLawful(o, now));
        if ((weighing.Lawful & bit) == 0)
            return Denied(category, "G4", Ids(listing), $"The legal basis for sharing this category is not in date. {listing[0].Plain}", listing[0].Gateway?.Id);
        var held = lawful.FindAll(o => o.HoldsRole);
        if ((weighing.RoleHeld & bit) == 0) return Denied(category, "G5", Ids(lawful), $"This category is not open to your role. {lawful[0].Plain}");
        var related = held.FindAll(o => Weighing.IsRelated(o, kinds));
        if ((weighing.Related & bit) == 0)
            return Denied(category, "G6", Ids(held), $"This needs a relationship with the person: {Relations.Describe(held.Aggregate(0L, (all, o) => all | o.Relationship))}. {held[0].Plain}");
        if ((weighing.WithinCeiling & bit) == 0) return Denied(category, "G8", Ids(related), "Your level of access in the care team does not reach this category. Ask the care co-ordinator.");
        if ((weighing.NotForbidden & bit) == 0) return Denied(category, "G8", [.. forbids.Select(f => f.Id)], forbids[0].Plain);
        var consents = Consents(protocol, bits, question, applicable, kinds, bit);
        var within = related.FindAll(o => (o.Data & bit & Weighing.CeilingOf(bits, o, kinds)) != 0);
        if ((weighing.Agreed & bit) == 0)
            return Denied(category, "G10", Ids(within), $"This needs the person's agreement, and no agreement in force covers it. Ask the care co-ordinator. {within[0].Plain}") with { Consents = consents };
        if ((weighing.Open & bit) == 0)
        {
            var bars = applicable.Bars.Where(b => (Applicable.MaskOf(bits, b.Data) & bit) != 0).ToList();
            return Denied(category, "G11", [.. bars.Select(b => b.Id)], bars[0].Plain);
        }
        var answer = weighing.Consent;
        var opening = within.FindAll(o => (Weighing.AgreedTo(o, answer) & bit) != 0);
        return new CategoryReason(category, true, question.IsHome ? "home" : "G11", Ids(opening), consents, opening[0].Gateway?.Id,
            [.. opening.SelectMany(o => o.Obligations).Distinct()], opening[0].Plain);
    }

    /// <summary>The Consents that bear on a category, where the state knows their ids.</summary>
    private static IReadOnlyList<string> Consents(Protocol protocol, ProtocolBits bits, Question question, Applicable applicable, long kinds, long bit)
    {
        if (question.IsHome || !applicable.AsksConsent || question.Consent.Sources.Count == 0) return [];
        var coverage = new ConsentCoverage(protocol, bits, new(question.Caller, protocol.Party(question.Caller.Party)!, protocol.Purpose(question.Caller.Purpose)!.Code, question.Type, kinds));
        var consents = new List<string>();
        foreach (var (consent, statement) in question.Consent.Sources)
        {
            var categories = statement.IsPermit ? coverage.Granted(statement) : coverage.Refused(statement, applicable.Offered).Categories;
            if ((categories & bit) != 0 && !consents.Contains(consent)) consents.Add(consent);
        }
        return consents;
    }

    private static CategoryReason Denied(string category, string gate, IReadOnlyList<string> rules, string plain, string? gateway = null) =>
        new(category, false, gate, rules, [], gateway, [], plain);

    private static IReadOnlyList<string> Ids(List<Offer> offers) => [.. offers.Select(o => o.Id).Distinct()];
}
