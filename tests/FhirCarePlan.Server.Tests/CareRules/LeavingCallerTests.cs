using System.Reflection;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>The caller goes away while the answer is being made: the store hears it.</summary>
[Collection("ward")]
public sealed class LeavingCallerTests(Ward ward)
{
    [Theory]
    [InlineData("read")]
    [InlineData("search-type")]
    [InlineData("history-type")]
    public async Task A_request_whose_caller_has_gone_asks_nothing_more(string code)
    {
        var ash = await ward.Arrives();
        using var leaves = new CancellationTokenSource();
        var store = DispatchProxy.Create<IStore, WatchedStore>();
        var watched = (WatchedStore)(object)store;
        (watched.Inner, watched.Leaves) = (ward.Engine.Store, leaves);
        var (caller, interaction) = (ward.As(Ash.Coordinator), code == "read" ? Table.Read : code == "search-type" ? Table.Search : Table.HistoryOfType);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new Pipeline(BatchFaultTests.With(ward.Engine, store), Table.All, NullLogger<Pipeline>.Instance).Run(new Given(new FhirRequest
            {
                Interaction = interaction, Caller = caller, BaseUrl = "http://ward", Type = "Patient", Id = code == "read" ? ash["Patient/ash"].Split('/')[1] : "",
                Event = new LedgerEvent("test", ward.Engine.Clock.GetUtcNow()) { Caller = caller, Interaction = interaction.Code },
            }), leaves.Token));
        Assert.Equal(0, watched.Commits);
        Assert.True(watched.HasOpened);
    }

    public class WatchedStore : DispatchProxy
    {
        public IStore Inner { get; set; } = null!;
        public CancellationTokenSource Leaves { get; set; } = null!;
        public int Commits { get; private set; }
        public bool HasOpened { get; private set; }

        protected override object? Invoke(MethodInfo? method, object?[]? arguments)
        {
            if (method!.Name == nameof(IStore.Commit)) Commits++;
            var result = method.Invoke(Inner, arguments);
            if (method.Name == nameof(IStore.Read)) (HasOpened, _) = (true, Leaves.CancelAsync());
            return result;
        }
    }
}
