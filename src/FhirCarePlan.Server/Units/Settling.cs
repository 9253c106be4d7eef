namespace FhirCarePlan.Server.Units;

/// <summary>A reference is hidden with its target. If a resource gets other root labels, everything that refers to it is labelled again in
/// the same change: entries of the same transaction, and resources stored long before. If a required reference is hidden, its own
/// resource's root rises too, and the round continues from there.</summary>
internal static class Settling
{
    /// <summary>Rings of references could pass labels round for ever; nothing real comes near.</summary>
    private const int MostVisits = 16;

    public static void Settle(Staging staging, RootLabels roots)
    {
        var settled = new Dictionary<(string, string), long?>();
        var visits = new Dictionary<(string, string), int>();
        var queue = new Queue<(string Type, string Id)>(staging.All.Select(s => (s.Version.Type, s.Version.Id)));
        while (queue.TryDequeue(out var target))
        {
            var root = roots.Now(target.Type, target.Id);
            if ((settled.TryGetValue(target, out var before) ? before : roots.Before(target.Type, target.Id)) == root) continue;
            settled[target] = root;
            foreach (var referrer in roots.Referrers(target.Type, target.Id).ToList())
            {
                if ((visits[referrer] = visits.GetValueOrDefault(referrer) + 1) > MostVisits) continue;
                roots.LabelAgain(referrer.Type, referrer.Id);
                queue.Enqueue(referrer);
            }
        }
    }
}
