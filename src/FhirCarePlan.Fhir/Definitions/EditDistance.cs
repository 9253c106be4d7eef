namespace FhirCarePlan.Fhir.Definitions;

/// <summary>How far apart two words are: for "did you mean".</summary>
public static class EditDistance
{
    /// <summary>Letters to change, take out, put in or swap with their neighbour; null when that are more than the limit.</summary>
    public static int? Of(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit) return null;
        // Addresses begin alike, and what is alike costs nothing.
        var alike = a.AsSpan().CommonPrefixLength(b);
        (a, b) = (a[alike..], b[alike..]);
        int[] older = new int[b.Length + 1], before = [.. Enumerable.Range(0, b.Length + 1)], now = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(now[j - 1] + 1, before[j] + 1), before[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = Math.Min(now[j], older[j - 2] + 1);
                least = Math.Min(least, now[j]);
            }
            if (least > limit) return null;
            (older, before, now) = (before, now, older);
        }
        return before[b.Length] <= limit ? before[b.Length] : null;
    }
}
