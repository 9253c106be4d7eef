using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FhirCarePlan.Server.Http.Limits;

/// <summary>Threads for the heavy requests, as many as may work at a time. On Linux they yield the processor to all other threads, so that a
/// short request does not wait until a long one has had its turn. What a heavy request awaits goes on here too.</summary>
internal sealed class YieldingThreads : TaskScheduler, IDisposable
{
    /// <summary>The nice value, from 0 (like all others) to 19: about a tenth of the processor when others want it.
    /// https://man7.org/linux/man-pages/man2/setpriority.2.html</summary>
    private const int Nice = 10, OfThisThread = 0;

    private readonly BlockingCollection<Task> tasks = [];

    public YieldingThreads(int count)
    {
        MaximumConcurrencyLevel = count;
        for (var i = 0; i < count; i++) new Thread(Work) { IsBackground = true, Name = "heavy requests" }.Start();
    }

    public override int MaximumConcurrencyLevel { get; }

    public Task<T> Run<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public void Dispose() => tasks.CompleteAdding();

    protected override void QueueTask(Task task)
    {
        try
        {
            tasks.Add(task);
        }
        catch (InvalidOperationException)
        {
            // The server has ended, and a request that was cut off says so.
            ThreadPool.QueueUserWorkItem(_ => TryExecuteTask(task));
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => Current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => tasks;

    private void Work()
    {
        // A thread that may not be made to yield works as well.
        if (OperatingSystem.IsLinux()) _ = SetPriority(0, OfThisThread, Nice);
        foreach (var task in tasks.GetConsumingEnumerable()) TryExecuteTask(task);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, int who, int nice);
}
