using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FhirCarePlan.Server.Http.Limits;

namespace FhirCarePlan.Server.Tests.Http.Limits;

public class YieldingThreadsTests
{
    /// <summary>Also after what it waited for.</summary>
    [Fact]
    public async Task Work_stays_on_threads_that_yield()
    {
        using var threads = new YieldingThreads(1);
        var seen = new ConcurrentQueue<(string? Name, int Nice)>();
        var answer = await threads.Run(async () =>
        {
            seen.Enqueue(Here());
            await Task.Delay(1);
            seen.Enqueue(Here());
            await Task.Run(() => { });
            seen.Enqueue(Here());
            return 7;
        });
        Assert.Equal(7, answer);
        Assert.All(seen, s => Assert.Equal(("heavy requests", OperatingSystem.IsLinux() ? 10 : 0), s));
        Assert.NotEqual("heavy requests", Thread.CurrentThread.Name);
    }

    [Fact]
    public async Task What_fails_there_fails_here_and_the_thread_goes_on()
    {
        using var threads = new YieldingThreads(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.Run<int>(() => throw new InvalidOperationException()));
        Assert.Equal(1, await threads.Run(() => Task.FromResult(1)));
    }

    [Fact]
    public async Task What_waited_at_the_end_is_not_lost()
    {
        var threads = new YieldingThreads(1);
        var held = new TaskCompletionSource();
        var work = threads.Run(async () =>
        {
            await held.Task;
            return 1;
        });
        threads.Dispose();
        held.SetResult();
        Assert.Equal(1, await work);
    }

    private static (string?, int) Here() => (Thread.CurrentThread.Name, OperatingSystem.IsLinux() ? GetPriority(0, 0) : 0);

    [DllImport("libc", EntryPoint = "getpriority")]
    private static extern int GetPriority(int which, int who);
}
