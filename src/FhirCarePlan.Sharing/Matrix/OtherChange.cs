namespace FhirCarePlan.Sharing.Matrix;

/// <summary>A change that bears on decisions and flips no cell: who can sign in, what belongs to a category, when a basis ends.</summary>
/// <param name="MayWiden">It can open something to somebody.</param>
public sealed record OtherChange(bool MayWiden, string Text)
{
    public static IReadOnlyList<OtherChange> Between(Protocol before, Protocol after)
    {
        var changes = new List<OtherChange>();
        if (before.Url != after.Url || Major(before) != Major(after))
            changes.Add(new(false,
                "The address or the major version changes: people's permits were given under another and count no more; refusals do."));
        if (before.Effective != after.Effective with { Line = before.Effective.Line })
            changes.Add(new(after.Effective.To > before.Effective.To || after.Effective.From < before.Effective.From,
                $"The agreement holds from {after.Effective.From:yyyy-MM-dd} to {after.Effective.To:yyyy-MM-dd}, and held from "
                    + $"{before.Effective.From:yyyy-MM-dd} to {before.Effective.To:yyyy-MM-dd}."));
        Parties(before, after, changes);
        Definitions(before, after, changes);
        foreach (var gateway in after.Gateways)
            if (before.Gateway(gateway.Id) is { } was && gateway with { Line = 0, Plain = "" } != was with { Line = 0, Plain = "" })
                changes.Add(new(gateway.To > was.To
                    || gateway.From < was.From, $"The legal gateway `{gateway.Id}` changes its bases or its dates."));
        foreach (var rule in before.Rules)
            if (after.Rules.FirstOrDefault(r => r.Id == rule.Id) is { } same && !rule.Obligations.Order()
                .SequenceEqual(same.Obligations.Order()))
                changes.Add(new(rule.Obligations.Except(same.Obligations)
                    .Any(), $"`{rule.Id}` asks of those who receive: {Listed(same.Obligations)}; before: {Listed(rule.Obligations)}."));
        Names("override", before.Overrides.Select(o => o.Id), after.Overrides.Select(o => o.Id), changes);
        Names("part of the service with rules of its own", before.Systems.Select(o => o.Id), after.Systems.Select(o => o.Id), changes);
        return changes;
    }

    private static void Parties(Protocol before, Protocol after, List<OtherChange> changes)
    {
        Names("party", before.Parties.Select(p => p.Id), after.Parties.Select(p => p.Id), changes);
        foreach (var party in after.Parties)
        {
            if (before.Party(party.Id) is not { } was) continue;
            Names($"client of `{party.Id}`", was.Clients.Select(c => $"{c.Issuer}/{c.Id}"), party.Clients.Select(c => $"{c.Issuer}/{c.Id}"),
                changes);
            Names($"organisation of `{party.Id}`", was.Organizations, party.Organizations, changes);
            Names($"right of `{party.Id}`", was.Rights.SelectMany(Held), party.Rights.SelectMany(Held), changes);
            if (was.IsSignatory && !party.IsSignatory) changes.Add(new(true, $"`{party.Id}` need not sign any more."));
        }
        if (before.Owner != after.Owner)
            changes.Add(new(true, $"The ledger is overseen by {after.Owner ?? "nobody"}, and was by {before.Owner ?? "nobody"}."));

        static IEnumerable<string> Held(Right right) =>
            right.Roles.IsAll
                ? [$"{right.Name} for all roles"]
                : right.Roles.Listed.Select(role =>
                $"{right.Name} for {role}{(right.Relationship == 0 ? "" : $" ({Relations.Describe(right.Relationship)})")}");
    }

    /// <summary>What belongs to a category decides what its cells open, so a change of it is never taken for harmless.</summary>
    private static void Definitions(Protocol before, Protocol after, List<OtherChange> changes)
    {
        Names("category", before.Categories.Select(c => c.Id), after.Categories.Select(c => c.Id), changes);
        foreach (var category in after.Categories)
            if (before.Category(category.Id) is { } was && Text(category) != Text(was))
                changes.Add(new(true, $"What belongs to the category `{category.Id}` changes, so content moves between categories."));
        foreach (var list in after.Codes)
            if (before.Codes.FirstOrDefault(c => c.Id == list.Id) is { } was && Text(list) != Text(was))
                changes.Add(new(true, $"The code list `{list.Id}` changes, so content moves between categories."));
        Names("code list", before.Codes.Select(c => c.Id), after.Codes.Select(c => c.Id), changes);
        foreach (var label in after.Sensitivities)
            if (before.Sensitivities.FirstOrDefault(s => s.Code == label.Code) is { } was
                && (was.System != label.System || !was.Codes.SequenceEqual(label.Codes)))
                changes.Add(new(true, $"What bears the label `{label.Code}` changes."));

        static string Text(object definition) => definition switch
        {
            Category c =>
                string.Join('\n',
                [c.Within ?? "", Listed(c.Codes), Listed(c.UnlistedOf), .. c.Roots.Select(r => $"{r.Key}={r.Value}").Order(),
                .. c.Elements.Select(e => $"{e.Key}={Listed(e.Value)}").Order(), .. c.RootCodes.Select(r => $"{r.Key}:{Listed(r.Value)}")
                    .Order()]),
            CodeList l =>
                string.Join('\n',
                [Listed([.. l.Words.Order()]), .. l.Systems.Select(s => $"{s.Key}={Listed([.. s.Value.Order()])}").Order()]),
            _ => "",
        };
    }

    private static void Names(string kind, IEnumerable<string> before, IEnumerable<string> after, List<OtherChange> changes)
    {
        var (was, isNow) = (before.ToList(), after.ToList());
        // A list or category that goes may have kept content from somebody, so both ways are looked at.
        foreach (var name in isNow.Except(was)) changes.Add(new(true, $"New {kind}: `{name}`."));
        foreach (var name in was.Except(isNow)) changes.Add(new(kind is "code list" or "category", $"Gone: {kind} `{name}`."));
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);
    private static string Major(Protocol protocol) => protocol.Version.Split('.')[0];
}
