using System.Reflection;
using System.Text;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>The database went away while a change was being stored, and stays away: nobody knows whether it is there, and nobody is told that
/// it is not.</summary>
[Collection("ward")]
public sealed class LostCommitTests(Ward ward)
{
    [Fact]
    public async Task A_write_hears_that_it_is_not_known()
    {
        var answer = await Ask(Table.Create, Encoding.UTF8.GetBytes($$$"""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Sleep"},"subject":{"reference":"{{{(await ward.Arrives())["Patient/ash"]}}}"}}"""));
        Assert.Equal((AnswerKind.Unavailable, true), (answer.Kind, answer.RetryAfter != null));
        Assert.DoesNotContain("nothing was changed", answer.Issues[0].Text, StringComparison.Ordinal);
        Assert.Contains("may be stored or not", answer.Issues[0].Text, StringComparison.Ordinal);
    }

    /// <summary>Only its event may be there.</summary>
    [Fact]
    public async Task A_search_hears_that_nothing_was_changed()
    {
        var answer = await Ask(Table.Search, []);
        Assert.Equal(AnswerKind.Unavailable, answer.Kind);
        Assert.Contains("nothing was changed", answer.Issues[0].Text, StringComparison.Ordinal);
    }

    private async Task<Answer> Ask(Interaction interaction, byte[] body)
    {
        await ward.Arrives();
        var store = DispatchProxy.Create<IStore, LostStore>();
        ((LostStore)(object)store).Inner = ward.Engine.Store;
        var caller = ward.As(Ash.Coordinator);
        return await new Pipeline(BatchFaultTests.With(ward.Engine, store), Table.All, NullLogger<Pipeline>.Instance).Run(new Given(new FhirRequest
        {
            Interaction = interaction, Caller = caller, BaseUrl = "http://ward", Type = "Goal", Body = body,
            Event = new LedgerEvent("test", ward.Engine.Clock.GetUtcNow()) { Caller = caller, Interaction = interaction.Code },
        }), default);
    }

    public class LostStore : DispatchProxy
    {
        public IStore Inner { get; set; } = null!;

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) =>
            method!.Name == nameof(IStore.Commit) ? Task.FromResult(CommitResult.Uncertain) : method.Invoke(Inner, arguments);
    }
}
