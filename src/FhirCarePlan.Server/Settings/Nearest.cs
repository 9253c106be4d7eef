namespace FhirCarePlan.Server.Settings;

/// <summary>The word that somebody most likely meant.</summary>
public static class Nearest
{
    /// <summary>Null when none is near: about one slip in four letters, whatever the case.</summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        string? best = null;
        var least = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            var most = Math.Max(2, Math.Min(word.Length, candidate.Length) / 4);
            if (distance < least && distance <= most && distance < candidate.Length) (best, least) = (candidate, distance);
        }
        return best;
    }

    /// <summary>`; did you mean X?`, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Of(word, known) is { } meant ? $"; did you mean `{meant}`?" : "";

    /// <summary>Letters put in, left out, replaced, or two of them swapped.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        return rows[a.Length, b.Length];
    }
}
