using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using WireMock.ResponseBuilders;

namespace FhirCarePlan.Server.Tests.Elsewhere;

/// <summary>A server with a terminology server beside it: operations and bindings ask about codes that are not loaded, and nobody is refused
/// when it fails.</summary>
public sealed class RemoteCodesTests(RemoteCodesTests.Pair pair) : IClassFixture<RemoteCodesTests.Pair>
{
    private const string Snomed = StubTerminology.Snomed, Depression = StubTerminology.Depression, Tool = StubTerminology.Tool, Finding = StubTerminology.Finding;

    /// <summary>The two servers, and a package whose profile binds to a value set of SNOMED CT that cannot be decided here.</summary>
    public sealed class Pair : IAsyncLifetime
    {
        private const string Profile = """
            {"resourceType":"StructureDefinition","id":"finding","url":"https://terms.example/StructureDefinition/finding","name":"Finding","status":"active","kind":"resource","abstract":false,
            "type":"Condition","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Condition","derivation":"constraint",
            "differential":{"element":[{"id":"Condition.bodySite","path":"Condition.bodySite","binding":{"strength":"required","valueSet":"https://terms.example/ValueSet/findings"}}]}}
            """,
            Members = """
            {"resourceType":"ValueSet","id":"findings","url":"https://terms.example/ValueSet/findings","status":"active",
            "compose":{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"404684003"}]}]}}
            """;

        private readonly string folder = Directory.CreateTempSubdirectory("fcp-packages-").FullName;

        public StubTerminology Stub { get; } = new();
        public ServerProcess Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var package = new FhirPackage("terms.example", "1.0.0", new Dictionary<string, string>(),
                [PackageFile.Peek("profile.json", Encoding.UTF8.GetBytes(Profile))!, PackageFile.Peek("members.json", Encoding.UTF8.GetBytes(Members))!]);
            await File.WriteAllBytesAsync(Path.Combine(folder, "terms.tgz"), PackageWriter.ToTgz(package));
            Server = await ServerProcess.Start(new Dictionary<string, string>
            {
                ["Terminology:Server"] = Stub.Address, ["Validation:Packages"] = folder, ["Samples:Load"] = "true",
            });
        }

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            Stub.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Get(string address, string persona = "psychiatrist")
    {
        using var answer = await (await pair.Server.As(persona)).GetAsync(address);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static string Said(JsonElement parameters, string name) =>
        parameters.GetProperty("parameter").EnumerateArray().Single(p => p.GetProperty("name").GetString() == name).EnumerateObject().Last().Value.ToString();

    [Theory]
    [InlineData($"ValueSet/$validate-code?url={StubTerminology.Findings}&system={Snomed}&code={Depression}", "result", "True")]
    [InlineData($"ValueSet/$validate-code?url={StubTerminology.Findings}&system={Snomed}&code={Depression}", "display", "Depressive disorder")]
    [InlineData($"ValueSet/$validate-code?url={StubTerminology.Findings}&system={Snomed}&code={Tool}", "result", "False")]
    [InlineData($"ValueSet/$validate-code?url=https://elsewhere.example/ValueSet/x&system={Snomed}&code={Depression}", "result", "True")]
    [InlineData($"CodeSystem/$validate-code?url={Snomed}&code={Depression}", "result", "True")]
    [InlineData($"CodeSystem/$validate-code?url={Snomed}&code={Tool}", "result", "False")]
    [InlineData($"CodeSystem/$lookup?system={Snomed}&code={Depression}", "display", "Depressive disorder")]
    [InlineData($"CodeSystem/$subsumes?system={Snomed}&codeA={Finding}&codeB={Depression}", "outcome", "subsumes")]
    [InlineData($"ConceptMap/$translate?system={Snomed}&code={Depression}&targetsystem=http://hl7.org/fhir/sid/icd-10", "result", "True")]
    public async Task An_operation_on_a_code_that_is_not_loaded_is_answered(string address, string name, string value)
    {
        pair.Stub.Usual();
        var (status, body) = await Get(address);
        Assert.Equal((HttpStatusCode.OK, value), (status, Said(body, name)));
    }

    [Fact]
    public async Task An_expansion_is_filtered_and_paged_here()
    {
        pair.Stub.Usual();
        var (_, whole) = await Get($"ValueSet/$expand?url={StubTerminology.Findings}");
        Assert.Equal(2, whole.GetProperty("expansion").GetProperty("total").GetInt32());
        var (_, part) = await Get($"ValueSet/$expand?url={StubTerminology.Findings}&filter=depress&count=1");
        Assert.Equal(Depression, part.GetProperty("expansion").GetProperty("contains")[0].GetProperty("code").GetString());
        Assert.All(pair.Stub.Asked, e => Assert.DoesNotContain("filter", e.RequestMessage!.Query!.Keys));
    }

    private static string Condition(string code) => $$$"""
        {"resourceType":"Condition","meta":{"profile":["https://terms.example/StructureDefinition/finding"]},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
        "verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}]},"code":{"text":"Something"},"bodySite":[{"coding":[{"system":"{{{Snomed}}}","code":"{{{code}}}","display":"Robin Ashgrove's" }] }],"subject":{"reference":"Patient/robin"} }
        """;

    private async Task<(HttpStatusCode Status, string Keys)> Write(string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(pair.Server.Fhir, "Condition")) { Content = new StringContent(Condition(code), Encoding.UTF8, "application/fhir+json") };
        request.Headers.Add("Prefer", "return=OperationOutcome");
        using var answer = await (await pair.Server.As("gp")).SendAsync(request);
        var outcome = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, string.Join(' ', outcome.GetProperty("issue").EnumerateArray().Select(i =>
            i.TryGetProperty("details", out var details) ? $"{i.GetProperty("severity").GetString()}:{details.GetProperty("coding")[0].GetProperty("code").GetString()}" : "")));
    }

    [Fact]
    public async Task A_required_binding_is_decided_by_the_terminology_server()
    {
        pair.Stub.Usual();
        var member = await Write(Depression);
        Assert.True(member.Status == HttpStatusCode.Created, member.Keys);
        Assert.DoesNotContain("binding", member.Keys, StringComparison.Ordinal);
        var other = await Write(Tool);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("error:required-binding", other.Keys, StringComparison.Ordinal);
        Assert.DoesNotContain(pair.Stub.Asked, e => e.RequestMessage!.Url.Contains("Robin", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task When_it_fails_a_write_is_stored_with_a_warning_and_a_question_is_answered_as_without_it()
    {
        // A code that nobody has asked about, so that no answer is kept.
        const string fresh = "73211009";
        pair.Stub.Trouble(r => r.WithStatusCode(503));
        try
        {
            var (status, keys) = await Write(fresh);
            Assert.True(status == HttpStatusCode.Created, keys);
            Assert.Contains("warning:unchecked-binding", keys, StringComparison.Ordinal);
            foreach (var (address, without) in new[]
            {
                ($"CodeSystem/$lookup?system={Snomed}&code={fresh}", HttpStatusCode.NotFound), ($"CodeSystem/$subsumes?system={Snomed}&codeA={fresh}&codeB={Finding}", HttpStatusCode.NotFound),
                ($"ValueSet/$validate-code?url={StubTerminology.Findings}&system={Snomed}&code={fresh}", HttpStatusCode.UnprocessableEntity),
                ("ValueSet/$expand?url=https://elsewhere.example/ValueSet/y", HttpStatusCode.NotFound),
            })
            {
                var (found, outcome) = await Get(address);
                Assert.Equal(without, found);
                Assert.Contains(outcome.GetProperty("issue").EnumerateArray(), i => i.GetProperty("severity").GetString() == "warning"
                    && i.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString() == "terminology-server");
            }
            var (translated, none) = await Get($"ConceptMap/$translate?system={Snomed}&code={fresh}");
            Assert.Equal((HttpStatusCode.OK, "False"), (translated, Said(none, "result")));
        }
        finally
        {
            pair.Stub.Usual();
        }
    }

    [Fact]
    public async Task What_is_loaded_is_never_asked()
    {
        var before = pair.Stub.Asked.Count;
        await Get("CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=male");
        await Get("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender");
        await Get("CodeSystem/$lookup?system=http://loinc.org&code=8480-6");
        await Get("CarePlan/robin-plan");
        Assert.Equal(before, pair.Stub.Asked.Count);
    }

    [Theory]
    [InlineData("Terminology:Server", "not an address", "Setting Terminology:Server is `not an address`; it must be the https address of a FHIR base")]
    [InlineData("Terminology:Timeout", "00:00:09", "Setting Terminology:Timeout is `00:00:09`; it must be at most `00:00:04`")]
    public async Task A_setting_that_cannot_be_is_a_refusal_to_start(string name, string value, string sentence)
    {
        var (exit, _, error) = await ServerProcess.RunToEnd(new Dictionary<string, string> { ["Terminology:Server"] = "https://terms.example/fhir", [name] = value, ["urls"] = ServerProcess.AnyPort }, "Development");
        Assert.Equal(1, exit);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }
}
