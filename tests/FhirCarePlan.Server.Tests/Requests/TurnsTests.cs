using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Tests.Requests;

public class TurnsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task One_after_the_other_and_each_place_for_itself()
    {
        var turns = new Turns();
        Assert.False(turns.IsTaken("Goal/a"));
        var first = await turns.Take("Goal/a", Soon, default);
        using (await turns.Take("Goal/b", Soon, default)) Assert.True(turns.IsTaken("Goal/b"));
        var second = turns.Take("Goal/a", Soon, default).AsTask();
        Assert.False(second.IsCompleted);
        first!.Dispose();
        using (await second) Assert.True(turns.IsTaken("Goal/a"));
        Assert.False(turns.IsTaken("Goal/a") || turns.IsTaken("Goal/b"));
    }

    [Fact]
    public async Task Who_gives_up_leaves_nothing_behind()
    {
        var turns = new Turns();
        var first = await turns.Take("Goal/a", Soon, default);
        Assert.Null(await turns.Take("Goal/a", TimeSpan.Zero, default));
        using var cancel = new CancellationTokenSource();
        var second = turns.Take("Goal/a", Soon, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first!.Dispose();
        Assert.False(turns.IsTaken("Goal/a"));
    }
}
