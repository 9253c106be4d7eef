
namespace FhirCarePlan.Storage.Auditing;

/// <summary>The newest rows, which no block covers yet, indexed in memory as questions come: each row is read once.</summary>
internal sealed class LedgerTail(LedgerKey key)
{
    private const int MostBlocks = 4;

    private readonly Lock guard = new();
    private readonly SortedDictionary<long, (FacetBlock Block, long Through)> blocks = [];

    /// <summary>Runs a question on an unfinished block as far as the reader's snapshot goes.</summary>
    public T Ask<T>(LedgerReader reader, long block, long through, Func<FacetBlock, T> question)
    {
        lock (guard)
        {
            var (facets, done) = blocks.TryGetValue(block, out var known) ? known : (new FacetBlock(key), LedgerBlocks.FirstOf(block) - 1);
            if (done < through)
            {
                foreach (var (seq, entry) in reader.Events(done + 1, through)) facets.Add((int)(seq - LedgerBlocks.FirstOf(block)), entry);
                blocks[block] = (facets, through);
                while (blocks.Count > MostBlocks) blocks.Remove(blocks.Keys.First());
            }
            return question(facets);
        }
    }

    public void Forget()
    {
        lock (guard) blocks.Clear();
    }
}
