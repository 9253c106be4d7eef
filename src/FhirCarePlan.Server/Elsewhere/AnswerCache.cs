using System.Collections.Concurrent;

namespace FhirCarePlan.Server.Elsewhere;

/// <summary>Answers that were given not long ago. Each party has its own: how fast an answer comes tells nobody which codes others have
/// asked about.</summary>
public sealed class AnswerCache(TimeProvider clock, TimeSpan keep)
{
    /// <summary>Both together bound its memory to some 16 MB.</summary>
    public const int Most = 2_000, LargestBody = 8 << 10;

    private readonly ConcurrentDictionary<(string Whose, CodeQuestion Question), (CodeAnswer Answer, DateTimeOffset Until)> known = [];

    public int Count => known.Count;

    public CodeAnswer? Find(string whose, CodeQuestion question) =>
        known.TryGetValue((whose, question), out var kept) && kept.Until > clock.GetUtcNow() ? kept.Answer : null;

    public void Add(string whose, CodeQuestion question, CodeAnswer answer)
    {
        if (answer.Heard == Heard.Nothing || answer.Body.Length > LargestBody) return;
        // Rare, and asking again is cheap: no order of use is kept.
        if (known.Count >= Most) known.Clear();
        known[(whose, question)] = (answer, clock.GetUtcNow() + keep);
    }
}
