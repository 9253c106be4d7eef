using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Substance misuse, self-harm, convictions, abuse, HIV and sexual health are kept from whom the agreement keeps them, as whatever type and in
/// whatever element the recorder files them (src/docs/sharing.md#leaks, row 47).</summary>
public class SensitiveByCodeTests(SensitiveByCodeTests.Open open) : IClassFixture<SensitiveByCodeTests.Open>
{
    /// <summary>The partnership with every type served; what a profile demands besides is no matter here.</summary>
    public sealed class Open : IAsyncLifetime
    {
        public ServerProcess Process { get; private set; } = null!;
        public async Task InitializeAsync() =>
            Process = await ServerProcess.Start(new Dictionary<string, string> { ["Fhir:Types"] = "*", ["Validation:Profiles"] = "Declared" });
        public async Task DisposeAsync() => await Process.DisposeAsync();
    }

    private const string Sct = "http://snomed.info/sct", Icd = "http://hl7.org/fhir/sid/icd-10", Icd9 = "http://hl7.org/fhir/sid/icd-9-cm", Icd11 = "http://id.who.int/icd/release/11/mms";
    private static readonly string[] Readers = ["gp", "social-worker", "housing-officer"];

    /// <summary>What it is → its codings, and who of those who may see the type may see this.</summary>
    private static readonly (string What, string[] Codings, string[] Seen)[] families =
    [
        ("nothing sensitive", [Coding(Sct, "248152002"), Coding(Icd, "Z73.3"), Coding(null, "248152002"), Coding(Sct, "439708006")], Readers),
        ("what no list names", [Coding(Sct, "248536006"), Coding(Icd, "X59"), Coding(null, "248536006"), Coding("http://www.nlm.nih.gov/research/umls/rxnorm", "313782")], ["gp", "social-worker"]),
        ("an illness", [Coding(Sct, "58214004"), Coding(Icd, "F20.0"), Coding(Icd, "E11.9"), Coding(null, "44054006")], ["gp"]),
        ("alcohol or drugs", [Coding(Sct, "66590003"), Coding(Icd, "F10.2"), Coding(Icd, "F19"), Coding(null, "66590003"), Coding("https://x.example", "F11.20"), Coding(Icd11, "6C40.2"), Coding(Icd9, "303.90"), Coding("https://snomed.info/sct/", "66590003"), $"{Coding(Sct, "248152002")},{Coding(Icd, "F12.1")}"], ["gp"]),
        ("self-harm", [Coding(Sct, "248062006"), Coding(Icd, "X78.0"), Coding(Icd11, "MB26.A"), Coding(Icd11, "PD3Z")], ["gp", "social-worker"]),
        ("convictions", [Coding(Sct, "266948004"), Coding(Icd, "Z65.1"), Coding(null, "105568001"), Coding(Icd11, "QE40"), Coding(Icd, "Y35.0"), """{"display":"Convicted of theft","code":"local-77-q"}"""], []),
        ("abuse in the home", [Coding(Sct, "706893006"), Coding(Icd, "T74.1"), Coding(null, "412732008"), Coding(Icd11, "PJ20"), Coding(Icd11, "QE51.1"), Coding(Icd + "-cm", "Z69.11"), Coding(Icd + "-cm", "T76.11XA")], []),
        ("HIV", [Coding(Sct, "86406008"), Coding(Icd, "B23.0"), Coding(Icd, "Z21"), Coding(null, "B24"), Coding(Icd9, "042")], ["gp"]),
        ("sexual health", [Coding(Sct, "76272004"), Coding(Icd, "A56.0"), Coding(Icd11, "1A61"), Coding(Icd11, "HA60")], ["gp"]),
    ];

    /// <summary>Body with {0} for the concept, and who may see a resource of the type with nothing sensitive in it.</summary>
    private static readonly (string Body, string[] Seen)[] places =
    [
        ("""{"resourceType":"Condition","code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"Condition","category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ConditionCategory","code":"secondary-diagnosis"}]}],"code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"Condition","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item"}]}],"code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"Condition","category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ConditionCategory","code":"physical-comorbidity"}]}],"code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"Goal","lifecycleStatus":"active","description":{0},"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Goal","lifecycleStatus":"active","category":[{0}],"description":{"text":"x"},"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"ServiceRequest","status":"active","intent":"order","code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"type":[{0}],"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Flag","status":"active","code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Communication","status":"completed","topic":{0},"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"RiskAssessment","status":"final","code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Task","status":"requested","intent":"order","code":{0},"for":{"reference":"Patient/robin"}}""", Readers),
        ("""{"resourceType":"MedicationStatement","status":"active","medicationCodeableConcept":{0},"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{0},"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"AllergyIntolerance","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"code":{0},"patient":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"Observation","status":"final","category":[{"coding":[{"code":"exam"}]}],"code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"Observation","status":"final","category":[{"coding":[{"code":"exam"}]}],"code":{"text":"x"},"valueCodeableConcept":{0},"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"DocumentReference","status":"current","type":{"coding":[{"system":"http://snomed.info/sct","code":"2181441000000107"}]},"context":{"event":[{0}]},"content":[{"attachment":{"url":"http://x.example/d"}}],"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Procedure","status":"completed","code":{0},"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Composition","status":"final","type":{"coding":[{"system":"http://snomed.info/sct","code":"824331000000106"}]},"event":[{"code":[{0}]}],"date":"2024-03-11","author":[{"reference":"PractitionerRole/psychiatrist"}],"title":"x","subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
    ];

    /// <summary>As above, where only a part goes: the answer is there and lacks the codes.</summary>
    private static readonly (string Body, string[] Seen)[] parts =
    [
        ("""{"resourceType":"Procedure","status":"completed","code":{"text":"x"},"reasonCode":[{0}],"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"Composition","status":"final","type":{"coding":[{"system":"http://snomed.info/sct","code":"824331000000106"}]},"section":[{"title":"x","code":{0},"entry":[{"display":"x"}]}],"date":"2024-03-11","author":[{"reference":"PractitionerRole/psychiatrist"}],"title":"x","subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"ServiceRequest","status":"active","intent":"order","reasonCode":[{0}],"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"x"},"reasonCode":[{0}],"subject":{"reference":"Patient/robin"}}""", ["gp"]),
        ("""{"resourceType":"Task","status":"requested","intent":"order","input":[{"type":{"text":"x"},"valueCodeableConcept":{0}}],"for":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"RiskAssessment","status":"final","prediction":[{"outcome":{0}},{"outcome":{"text":"x"}}],"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"target":[{"measure":{0}}],"subject":{"reference":"Patient/robin"}}""", ["gp", "social-worker"]),
        ("""{"resourceType":"Communication","contained":[{"resourceType":"Condition","id":"c","code":{0},"subject":{"reference":"Patient/robin"}}],"status":"completed","about":[{"reference":"#c"}],"subject":{"reference":"Patient/robin"}}""", ["gp"]),
    ];

    public static TheoryData<string> Families => [.. families.Select(f => f.What)];

    [Theory]
    [MemberData(nameof(Families))]
    public async Task It_is_kept_from_the_same_readers_however_it_is_filed(string what)
    {
        var (_, codings, seen) = families.First(f => f.What == what);
        var writer = await open.Process.As("psychiatrist");
        foreach (var (body, readers) in places)
            foreach (var coding in codings)
            {
                var url = await Filed(writer, body, coding);
                foreach (var who in Readers.Append("care-coordinator").Append("person"))
                {
                    var isSeen = who is "care-coordinator" or "person" || readers.Contains(who) && seen.Contains(who);
                    var reader = await open.Process.As(who);
                    var (type, id) = (url.Split('/')[0], url.Split('/')[1]);
                    Assert.Equal((who, body, coding, isSeen ? HttpStatusCode.OK : HttpStatusCode.NotFound), (who, body, coding, (await reader.Get(url)).Status));
                    Assert.Equal(isSeen ? 1 : 0, (await reader.Get($"{type}?_id={id}")).Total);
                }
            }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Where_a_part_says_it_the_part_is_kept(string what)
    {
        var (_, codings, seen) = families.First(f => f.What == what);
        var writer = await open.Process.As("psychiatrist");
        foreach (var (body, readers) in parts)
            foreach (var coding in codings)
            {
                var url = await Filed(writer, body, coding);
                var code = (string)JsonNode.Parse($"[{coding}]")!.AsArray()[^1]!["code"]!;
                foreach (var who in Readers)
                {
                    var answer = await (await open.Process.As(who)).Get(url);
                    if (readers.Contains(who)) Assert.Equal((body, HttpStatusCode.OK), (body, answer.Status));
                    Assert.Equal((who, body, code, readers.Contains(who) && seen.Contains(who)), (who, body, code, answer.Status == HttpStatusCode.OK && answer.Body.Contains($"\"{code}\"")));
                }
            }
    }

    [Fact]
    public async Task A_search_by_the_code_finds_nothing_for_whom_it_is_kept_from()
    {
        var writer = await open.Process.As("psychiatrist");
        var id = (await Filed(writer, places[0].Body, Coding(Icd, "Z65.0"))).Split('/')[1];
        foreach (var question in (string[])["Condition?code=Z65.0", $"Condition?code={Icd}|Z65.0", "Condition?code:not=E11.9&_count=500"])
        {
            Assert.Contains(id, (await writer.Get(question)).Ids);
            Assert.DoesNotContain(id, (await (await open.Process.As("gp")).Get(question)).Ids);
        }
    }

    [Fact]
    public async Task What_points_at_it_does_not_tell()
    {
        var writer = await open.Process.As("psychiatrist");
        var condition = await Filed(writer, places[0].Body, Coding(Sct, "266948004"));
        var request = await writer.Post("ServiceRequest", $$"""{"resourceType":"ServiceRequest","status":"active","intent":"order","reasonReference":[{"reference":"{{condition}}"}],"subject":{"reference":"Patient/robin"} }""");
        Assert.Equal(HttpStatusCode.Created, request.Status);
        var gp = await open.Process.As("gp");
        Assert.DoesNotContain(condition, (await gp.Get($"ServiceRequest/{request.Id}")).Body);
        Assert.Empty((await gp.Get($"ServiceRequest?_id={request.Id}&reason-reference={condition}")).Entries);
    }

    [Fact]
    public async Task A_code_that_comes_later_takes_it_away()
    {
        var (writer, gp) = (await open.Process.As("psychiatrist"), await open.Process.As("gp"));
        var url = await Filed(writer, places[0].Body, Coding(Sct, "248152002"));
        Assert.Equal(HttpStatusCode.OK, (await gp.Get(url)).Status);
        Assert.Equal(HttpStatusCode.OK, (await writer.Change(url, c => c["code"] = JsonNode.Parse($$"""{"coding":[{{Coding(Sct, "266948004")}}]}"""))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await gp.Get(url)).Status);
    }

    private static string Coding(string? system, string code) => system is null ? $$"""{"code":"{{code}}"}""" : $$"""{"system":"{{system}}","code":"{{code}}"}""";

    private static async Task<string> Filed(HttpClient writer, string body, string codings)
    {
        var json = body.Replace("{0}", $$"""{"coding":[{{codings}}],"text":"x"}""");
        var type = (string)JsonNode.Parse(json)!["resourceType"]!;
        var filed = await writer.Post(type, json);
        Assert.True(filed.Status == HttpStatusCode.Created, $"{json}: {filed.Body}");
        return $"{type}/{filed.Id}";
    }
}
