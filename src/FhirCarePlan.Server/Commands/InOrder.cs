namespace FhirCarePlan.Server.Commands;

/// <summary>Works on many inputs on all cores and hands the results over in the order of the inputs, with a bounded number under
/// way.</summary>
internal static class InOrder
{
    private const int MostAhead = 256;
    private const long MostBytesAhead = 64 << 20;

    /// <param name="size">Bytes of an input, so that few large ones are under way at once.</param>
    public static void Run<TInput, TResult>(IEnumerable<TInput> inputs, Func<TInput, long> size, Func<TInput, TResult> work,
        Action<TResult> take)
    {
        var underWay = new Queue<(Task<TResult> Task, long Size)>();
        long ahead = 0;
        foreach (var input in inputs)
        {
            underWay.Enqueue((Task.Run(() => work(input)), size(input)));
            ahead += size(input);
            while (underWay.Count > 0 && (underWay.Count > MostAhead || ahead > MostBytesAhead || underWay.Peek().Task.IsCompleted)) Next();
        }
        while (underWay.Count > 0) Next();

        void Next()
        {
            var (task, bytes) = underWay.Dequeue();
            take(task.GetAwaiter().GetResult());
            ahead -= bytes;
        }
    }
}
