namespace FhirCarePlan.Sharing;

/// <summary>Does each category take something of its own, and can anybody read it?</summary>
internal static class ContentChecks
{
    public static void Roots(Protocol protocol, ProtocolReport report)
    {
        var claimed = new Dictionary<(string Type, string Filter), string>();
        foreach (var category in protocol.Categories)
            foreach (var (type, filter) in category.Roots)
                if (!claimed.TryAdd((type, filter), category.Id))
                    report.Warning("same-root", category.Line,
                        $"`{category.Id}` claims {type} by the same filter as `{claimed[(type, filter)]}`.",
                        "Leave the type to one of them, or tell them apart by another filter.", type);
    }

    public static void Opened(Protocol protocol, ProtocolReport report)
    {
        var home = protocol.Parties.SelectMany(p => p.Home).ToList();
        var permits = protocol.Rules.Where(r => r.IsPermit).ToList();
        foreach (var category in protocol.Categories)
            if (!Category.BuiltIn.Contains(category.Id) && !home.Exists(h => h.Data.Contains(category.Id))
                && !permits.Exists(r => r.Data.Contains(category.Id)))
                report.Warning("unopened-category", category.Line, $"No rule opens `{category.Id}` to anybody.",
                    "Open it to those who record it.", category.Id);
        foreach (var sensitivity in protocol.Sensitivities)
            if (!home.Exists(h => h.Clearance.Sensitivities.Contains(sensitivity.Code))
                && !permits.Exists(r => r.Clearance.Sensitivities.Contains(sensitivity.Code)))
                report.Warning("uncleared-sensitivity", sensitivity.Line, $"No rule clears `{sensitivity.Code}`.",
                    "Clear it under `clearance` for those who record it.", "plain");
    }
}
