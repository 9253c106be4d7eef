using System.Collections;

namespace FhirCarePlan.Sharing;

/// <summary>The reasons of a decision, put into words when somebody reads them: most callers only ask for the mask.</summary>
internal sealed class LazyReasons(Protocol protocol, ProtocolBits bits, Question question, Weighing weighing, DateTimeOffset now)
    : IReadOnlyList<CategoryReason>
{
    private IReadOnlyList<CategoryReason>? words;

    private IReadOnlyList<CategoryReason> Words => words ??= Reasons.Of(protocol, bits, question, weighing, now);

    public int Count => protocol.Categories.Count;
    public CategoryReason this[int index] => Words[index];
    public IEnumerator<CategoryReason> GetEnumerator() => Words.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
