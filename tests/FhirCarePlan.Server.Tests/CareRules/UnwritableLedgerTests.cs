using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>No answer leaves without its event: where the ledger cannot be written, the answer is 503, nothing was changed, and no event is
/// there. README names it among the requests that leave none.</summary>
[Collection("ward")]
public sealed class UnwritableLedgerTests(Ward ward)
{
    private static readonly IReadOnlyDictionary<string, Interaction> Asked = new Dictionary<string, Interaction>
    {
        ["read"] = Table.Read, ["search"] = Table.Search, ["create"] = Table.Create, ["update"] = Table.Update, ["delete"] = Table.Delete,
        ["validate"] = Table.ValidateType, ["transaction"] = Table.Batch, ["absent"] = Table.Read, ["refused"] = Table.Create,
    };

    public static TheoryData<string> Names => [.. Asked.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_answers_503_and_leaves_no_event(string name)
    {
        var ash = await ward.Arrives();
        var patient = ash["Patient/ash"];
        var goal = await Stored(patient);
        Assert.Equal(AnswerKind.Ok, (await ward.Ask(Ash.Coordinator, Table.Read, "Goal", goal)).Kind);
        var (before, goals) = (await Events(), await Goals(patient));

        var broken = await new Pipeline(BatchFaultTests.With(ward.Engine, Full(ward.Engine.Store)), Table.All, NullLogger<Pipeline>.Instance)
            .Run(new Given(Request(name, patient, goal)), default);
        Assert.Equal(AnswerKind.Unavailable, broken.Kind);
        Assert.Contains("nothing was changed", broken.Issues[0].Text, StringComparison.Ordinal);
        // Between the two counts lie the first count's own event and the count of the goals, and none of the request that failed.
        Assert.Equal(before + 2, await Events());
        Assert.Equal(goals, await Goals(patient));

        // The same request on a ledger that can be written is answered, and its event is there.
        var whole = await new Pipeline(ward.Engine, Table.All, NullLogger<Pipeline>.Instance).Run(new Given(Request(name, patient, goal)), default);
        Assert.NotEqual(AnswerKind.Unavailable, whole.Kind);
        Assert.Equal(before + 5, await Events());
    }

    private async Task<int> Events() => await Count("ig-lead", "AuditEvent", "");
    private async Task<int> Goals(string patient) => await Count(Ash.Coordinator, "Goal", $"patient={patient}&");

    private async Task<int> Count(string persona, string type, string query) =>
        (int)JsonNode.Parse((await ward.Ask(persona, Table.Search, type, query: $"{query}_summary=count")).Body.Span)!["total"]!;

    private async Task<string> Stored(string patient)
    {
        var made = await ward.Write(Ash.Coordinator, Table.Create, "Goal", body: Goal(patient));
        Assert.Equal(AnswerKind.Created, made.Kind);
        return made.Id!;
    }

    private static JsonObject Goal(string patient, string id = "") => JsonNode.Parse($$$"""
        {"resourceType":"Goal",{{{(id.Length > 0 ? $"\"id\":\"{id}\"," : "")}}}"lifecycleStatus":"active","description":{"text":"Sleep"},"subject":{"reference":"{{{patient}}}"}}
        """)!.AsObject();

    private FhirRequest Request(string name, string patient, string goal)
    {
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle", ["type"] = "transaction",
            ["entry"] = new JsonArray(new JsonObject { ["resource"] = Goal(patient), ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Goal" } }),
        };
        var (id, query, body) = name switch
        {
            "read" or "delete" => (goal, "", null),
            "absent" => ("never-was-one", "", null),
            "search" => ("", $"patient={patient}", null),
            "update" => (goal, "", Goal(patient, goal)),
            "transaction" => ("", "", bundle),
            "refused" => ("", "", JsonNode.Parse("""{"resourceType":"Goal"}""")!.AsObject()),
            _ => ("", "", Goal(patient)),
        };
        var caller = ward.As(Ash.Coordinator);
        return new FhirRequest
        {
            Interaction = Asked[name], Caller = caller, BaseUrl = "http://ward", Type = name == "transaction" ? "" : "Goal", Id = id, Query = query,
            Body = body is null ? default : Encoding.UTF8.GetBytes(body.ToJsonString()),
            Event = new LedgerEvent("test", ward.Engine.Clock.GetUtcNow()) { Caller = caller, Interaction = Asked[name].Code },
        };
    }

    private static IStore Full(IStore inner)
    {
        var store = DispatchProxy.Create<IStore, FullStore>();
        ((FullStore)(object)store).Inner = inner;
        return store;
    }

    /// <summary>Nothing can be written.</summary>
    public class FullStore : DispatchProxy
    {
        public IStore Inner { get; set; } = null!;

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) =>
            method!.Name == nameof(IStore.Commit) ? Task.FromResult(CommitResult.Unavailable) : method.Invoke(Inner, arguments);
    }
}
