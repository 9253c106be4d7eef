using FhirCarePlan.Fhir.Definitions;

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
            var most = Math.Max(2, Math.Min(word.Length, candidate.Length) / 4);
            if (EditDistance.Of(word.ToLowerInvariant(), candidate.ToLowerInvariant(), most) is { } distance
                && distance < least && distance < candidate.Length) (best, least) = (candidate, distance);
        }
        return best;
    }

    /// <summary>`; did you mean X?`, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Of(word, known) is { } meant ? $"; did you mean `{meant}`?" : "";
}
