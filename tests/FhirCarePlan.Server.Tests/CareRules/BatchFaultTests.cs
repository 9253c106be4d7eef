using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>A batch's entries fail alone, even by a bug. https://hl7.org/fhir/R4/http.html#transaction</summary>
[Collection("ward")]
public sealed class BatchFaultTests(Ward ward)
{
    [Theory]
    [InlineData(1, true, "503 201 200 201")]
    [InlineData(2, true, "201 503 200 201")]
    [InlineData(3, true, "201 201 200 503")]
    [InlineData(2, false, "201 201 200 201")] // stale once: decided again
    public async Task An_entry_that_breaks_keeps_the_others(int commit, bool breaks, string statuses)
    {
        var ash = await ward.Arrives();
        var store = new FaultyStore(ward.Engine.Store, commit, breaks);
        var answer = await new Pipeline(With(store), Table.All, NullLogger<Pipeline>.Instance).Answer(Batch(ash["Patient/ash"]), default);
        Assert.True(answer.IsSuccess);
        var entries = JsonNode.Parse(answer.Body.Span)!["entry"]!.AsArray();
        Assert.Equal(statuses, string.Join(' ', entries.Select(e => (string)e!["response"]!["status"]!)));
        foreach (var entry in entries)
        {
            if ((string)entry!["response"]!["status"]! != "201") continue;
            var id = ((string)entry["response"]!["location"]!).Split('/')[^3];
            Assert.Equal("entry", (string)(await ward.Read(Ash.Coordinator, "Goal", id))["description"]!["text"]!);
        }
    }

    /// <summary>A snapshot that is open keeps the database's log from being emptied, and the writer may be busy for long.</summary>
    [Fact]
    public async Task Nobody_waits_for_the_writer_with_a_snapshot_open()
    {
        var ash = await ward.Arrives();
        var store = new FaultyStore(ward.Engine.Store, commit: 2, breaks: false) { Watches = true };
        var answer = await new Pipeline(With(store), Table.All, NullLogger<Pipeline>.Instance).Answer(Batch(ash["Patient/ash"]), default);
        Assert.True(answer.IsSuccess);
        Assert.True(store.Opened.Count > 3);
        Assert.Equal(0, store.OpenWhileCommitting);
        Assert.All(store.Opened, snapshot => Assert.True(snapshot.IsClosed));
    }

    /// <summary>The entries are stored, and the event that closes the batch is not: "nothing was changed" would be untrue.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_that_cannot_be_closed_says_that_entries_were_stored(bool breaks)
    {
        var ash = await ward.Arrives();
        async Task<int> Goals() => (int)JsonNode.Parse((await ward.Ask(Ash.Coordinator, Table.Search, "Goal", query: $"patient={ash["Patient/ash"]}&_summary=count")).Body.Span)!["total"]!;
        var before = await Goals();
        var store = new FaultyStore(ward.Engine.Store, 1, breaks) { FailsAtTheEnd = true };
        var answer = await new Pipeline(With(store), Table.All, NullLogger<Pipeline>.Instance).Run(new Given(Batch(ash["Patient/ash"])), default);
        Assert.Equal(AnswerKind.Unavailable, answer.Kind);
        Assert.Contains("were stored", answer.Issues[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was changed", answer.Issues[0].Text, StringComparison.Ordinal);
        Assert.Equal(before + 3, await Goals());
    }

    private FhirRequest Batch(string patient)
    {
        JsonObject Write() => new()
        {
            ["resource"] = new JsonObject
            {
                ["resourceType"] = "Goal", ["lifecycleStatus"] = "active", ["description"] = new JsonObject { ["text"] = "entry" }, ["subject"] = new JsonObject { ["reference"] = patient },
            },
            ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Goal" },
        };
        var read = new JsonObject { ["request"] = new JsonObject { ["method"] = "GET", ["url"] = patient } };
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "batch", ["entry"] = new JsonArray(Write(), Write(), read, Write()) };
        var caller = ward.As(Ash.Coordinator);
        return new FhirRequest
        {
            Interaction = Table.Batch,
            Caller = caller,
            Event = new LedgerEvent("test", ward.Engine.Clock.GetUtcNow()) { Caller = caller, Interaction = "batch" },
            BaseUrl = "http://ward",
            Body = System.Text.Encoding.UTF8.GetBytes(bundle.ToJsonString()),
        };
    }

    private Engine With(IStore store) => With(ward.Engine, store);

    internal static Engine With(Engine engine, IStore store)
    {
        return new Engine
        {
            Store = store, InForce = engine.InForce, Agreement = engine.Agreement, Validation = engine.Validation, Rules = engine.Rules, Extractor = engine.Extractor, Queries = engine.Queries, Own = engine.Own,
            Parameters = engine.Parameters, Definitions = engine.Definitions, CatalogueSearch = engine.CatalogueSearch, Types = engine.Types, Clock = engine.Clock,
            Limits = engine.Limits, Pages = engine.Pages, Restrictions = engine.Restrictions, NumberKey = engine.NumberKey, Capabilities = engine.Capabilities,
        };
    }

    /// <summary>One commit fails, or another write came first.</summary>
    private sealed class FaultyStore(IStore inner, int commit, bool breaks) : IStore
    {
        private int commits;

        /// <summary>Only the record of the request fails, not the change.</summary>
        public bool FailsAtTheEnd { get; init; }

        public bool Watches { get; init; }
        public List<CountingSnapshot> Opened { get; } = [];
        public int OpenWhileCommitting { get; private set; }

        public Task<CommitResult> Commit(Change change, IReadOnlyList<AuditEntry> audit, CancellationToken cancel)
        {
            OpenWhileCommitting += Opened.Count(snapshot => !snapshot.IsClosed);
            if (FailsAtTheEnd) return !change.IsEmpty ? inner.Commit(change, audit, cancel) : breaks ? throw new InvalidOperationException("a bug") : Task.FromResult(CommitResult.Unavailable);
            if (change.IsEmpty || ++commits != commit) return inner.Commit(change, audit, cancel);
            return breaks ? throw new InvalidOperationException("a bug") : Task.FromResult(CommitResult.Stale);
        }

        public ISnapshot Read(CancellationToken cancel, Expected? expected)
        {
            if (!Watches) return inner.Read(cancel, expected);
            Opened.Add(new CountingSnapshot(inner.Read(cancel, expected)));
            return Opened[^1];
        }

        public CommitResult Suppose(Change change, Action<ISnapshot> question) => inner.Suppose(change, question);
        public IReadOnlyDictionary<string, int> CategoryBits(IReadOnlyList<string> categories) => inner.CategoryBits(categories);
        public string? GetSetting(string name) => inner.GetSetting(name);
        public void SetSetting(string name, string value) => inner.SetSetting(name, value);
        public void RemoveSetting(string name) => inner.RemoveSetting(name);
        public IReadOnlyList<(string Name, string Value)> Settings(string prefix) => inner.Settings(prefix);
        public LedgerProof VerifyLedger(LedgerReceipt? receipt) => inner.VerifyLedger(receipt);
        public LedgerReceipt Receipt(DateTimeOffset now) => inner.Receipt(now);
        public int EraseAudit(DateTimeOffset before, AuditEntry order) => inner.EraseAudit(before, order);
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
