using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Settings;
using Microsoft.Extensions.DependencyInjection;
using WireMock.ResponseBuilders;

namespace FhirCarePlan.Server.Tests.Elsewhere;

/// <summary>What is sent to a terminology server, and what becomes of each way in which it can fail.</summary>
public sealed class TerminologyServerTests : IDisposable
{
    private static readonly CodeQuestion LookUp = CodeQuestion.LookUp(StubTerminology.Snomed, StubTerminology.Depression);

    private readonly StubTerminology stub = new();

    public void Dispose() => stub.Dispose();

    private static TerminologyServer At(string address, TimeSpan? timeout = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        Services.AddTerminology(services, new TerminologySettings(address, TerminologySettings.Usual, timeout ?? TimeSpan.FromSeconds(20), TimeSpan.FromHours(1)));
        return services.BuildServiceProvider().GetRequiredService<TerminologyServer>();
    }

    private static async Task<CodeAnswer> Hear(TerminologyServer server, CodeQuestion question, string whose = "trust")
    {
        var asked = server.For(whose);
        if (asked.Ask(question) is { } known) return known;
        Assert.True(asked.IsWaiting);
        await asked.Fetch(default);
        Assert.False(asked.IsWaiting);
        return asked.Ask(question)!;
    }

    [Fact]
    public async Task An_answer_comes_without_the_servers_own_id_and_notes()
    {
        var answer = await Hear(At(stub.Address), LookUp);
        Assert.Equal((Heard.Answered, "Depressive disorder"), (answer.Heard, CodeQuestions.Said(answer, "display")));
        Assert.StartsWith("""{"resourceType":"Parameters","parameter":[""", System.Text.Encoding.UTF8.GetString(answer.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_does_not_know_is_no_failure() =>
        Assert.Equal(Heard.NotKnown, (await Hear(At(stub.Address), CodeQuestion.LookUp(StubTerminology.Snomed, StubTerminology.Tool))).Heard);

    public static TheoryData<string> Troubles => ["500", "503", "401", "302", "not JSON", "HTML", "another resource", "empty", "endless", "slow", "gone"];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Whatever_goes_wrong_is_no_answer(string trouble)
    {
        stub.Trouble(r => trouble switch
        {
            "302" => r.WithStatusCode(302).WithHeader("Location", stub.Address.Replace("/fhir", "/else", StringComparison.Ordinal)),
            "not JSON" => r.WithBody("{\"resourceType\":\"Parameters\","),
            "HTML" => r.WithBody("<html>Sign in</html>"),
            "another resource" => r.WithBody("""{"resourceType":"Patient"}"""),
            "empty" => r.WithStatusCode(200),
            "endless" => r.WithBody($$"""{"resourceType":"Parameters","parameter":[{"name":"x","valueString":"{{new string('x', TerminologyServer.LargestAnswer)}}"}]}"""),
            "slow" => r.WithDelay(TimeSpan.FromSeconds(30)),
            "gone" => r.WithFault(FaultType.EMPTY_RESPONSE),
            _ => r.WithStatusCode(int.Parse(trouble, System.Globalization.CultureInfo.InvariantCulture)),
        });
        var server = At(stub.Address, trouble == "slow" ? TimeSpan.FromMilliseconds(200) : null);
        if (trouble == "gone") stub.Server.Stop();
        Assert.Equal(Heard.Nothing, (await Hear(server, LookUp)).Heard);
        // A redirect is not followed: somebody else would be asked.
        Assert.DoesNotContain(stub.Asked, e => e.RequestMessage!.Path.Contains("else", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_no_answer()
    {
        using var own = new StubTerminology(hasCertificate: true);
        Assert.StartsWith("https", own.Address, StringComparison.Ordinal);
        Assert.Equal(Heard.Nothing, (await Hear(At(own.Address), LookUp)).Heard);
        Assert.Empty(own.Asked);
    }

    [Fact]
    public async Task Nothing_is_sent_but_the_operation_addresses_and_codes()
    {
        using var activity = new System.Diagnostics.Activity("request of somebody").Start();
        var server = At(stub.Address);
        foreach (var question in new[]
        {
            LookUp, CodeQuestion.IsCode("a b&c=d", "x"), CodeQuestion.IsMember("v|1", "s", "c"), CodeQuestion.Subsumes("s", "a", "b"),
            CodeQuestion.Translate("s", "c", "m", "t", true), CodeQuestion.Expand("v", 5),
        }) await Hear(server, question);
        Assert.Equal(6, stub.Asked.Count);
        Assert.All(stub.Asked, e =>
        {
            Assert.Equal(["Accept", "Host"], e.RequestMessage!.Headers!.Keys.Order());
            Assert.All(e.RequestMessage.Query!.Keys, k => Assert.Contains(k, new[] { "url", "system", "code", "codeA", "codeB", "targetsystem", "reverse", "count" }));
            Assert.True(string.IsNullOrEmpty(e.RequestMessage.Body));
        });
        Assert.Contains(stub.Asked, e => e.RequestMessage!.Query!.TryGetValue("url", out var url) && url.Single() == "a b&c=d");
    }

    [Theory]
    [InlineData(StubTerminology.Snomed, StubTerminology.Depression, true)]
    [InlineData(StubTerminology.Snomed, "9000000009", false)] // an NHS number's form
    [InlineData(StubTerminology.Snomed, "Robin Ashgrove", false)]
    [InlineData("https://dmd.nhs.uk", "not-a-code", false)]
    [InlineData("http://loinc.org", "8480-6", false)] // not of the settings
    [InlineData("https://trust.example/local", "1", false)]
    public void Only_what_can_be_a_code_of_the_settings_systems_is_asked_about(string system, string code, bool isAsked) =>
        Assert.Equal(isAsked, At(stub.Address).For("trust").IsAskable(system, code));

    [Fact]
    public async Task An_answer_is_kept_for_the_party_that_asked_and_for_no_other()
    {
        var server = At(stub.Address);
        await Hear(server, LookUp);
        await Hear(server, LookUp);
        Assert.Single(stub.Asked);
        await Hear(server, LookUp, "practice");
        Assert.Equal(2, stub.Asked.Count);
    }

    [Fact]
    public async Task A_server_that_keeps_failing_is_left_alone()
    {
        var server = At(stub.Address);
        stub.Trouble(r => r.WithStatusCode(503));
        for (var i = 0; i < Circuit.Most + 3; i++) await Hear(server, LookUp);
        Assert.Equal(Circuit.Most, stub.Asked.Count);
    }

    [Fact]
    public async Task One_request_asks_so_much_and_no_more()
    {
        var asked = At(stub.Address).For("trust");
        for (var i = 0; i < CodeQuestions.Most + 20; i++) asked.Ask(CodeQuestion.LookUp(StubTerminology.Snomed, $"{i}"));
        await asked.Fetch(default);
        Assert.Equal(CodeQuestions.Most, stub.Asked.Count);
        Assert.Equal(Heard.Nothing, asked.Ask(CodeQuestion.LookUp(StubTerminology.Snomed, "one more"))!.Heard);
    }

    [Fact]
    public void The_circuit_opens_after_failures_in_a_row_and_one_more_failure_opens_it_again()
    {
        var clock = new HandClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
        var circuit = new Circuit(clock);
        for (var i = 0; i < Circuit.Most - 1; i++) circuit.Failed();
        circuit.Succeeded();
        for (var i = 0; i < Circuit.Most - 1; i++) circuit.Failed();
        Assert.False(circuit.IsOpen);
        circuit.Failed();
        Assert.True(circuit.IsOpen);
        clock.Now += Circuit.Pause;
        Assert.False(circuit.IsOpen);
        circuit.Failed();
        Assert.True(circuit.IsOpen);
        clock.Now += Circuit.Pause;
        circuit.Succeeded();
        circuit.Failed();
        Assert.False(circuit.IsOpen);
    }

    [Fact]
    public void The_cache_forgets_in_time_and_stays_small()
    {
        var clock = new HandClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
        var cache = new AnswerCache(clock, TimeSpan.FromHours(1));
        for (var i = 0; i < AnswerCache.Most + 100; i++) cache.Add("trust", CodeQuestion.IsCode("s", $"{i}"), CodeAnswer.NotKnown);
        Assert.InRange(cache.Count, 1, AnswerCache.Most);
        cache.Add("trust", LookUp, CodeAnswer.NotKnown);
        Assert.NotNull(cache.Find("trust", LookUp));
        clock.Now += TimeSpan.FromHours(1);
        Assert.Null(cache.Find("trust", LookUp));
        cache.Add("trust", LookUp, CodeAnswer.Nothing);
        cache.Add("trust", LookUp, new CodeAnswer(Heard.Answered, new byte[AnswerCache.LargestBody + 1]));
        Assert.Null(cache.Find("trust", LookUp));
    }
}
