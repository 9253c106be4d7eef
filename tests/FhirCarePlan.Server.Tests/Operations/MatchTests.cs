using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>Who is this? In the view of whoever asks. https://hl7.org/fhir/R4/patient-operation-match.html</summary>
public class MatchTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Robin = "\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9994127004\"}]", Name = "\"name\":[{\"family\":\"Ashgrove\",\"given\":[\"Robin\"]}]";

    private async Task<Heard> Ask(string persona, string patient, string rest = "") => await (await samples.Process.As(persona)).Post("Patient/$match",
        $$$"""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient",{{{patient}}} }}{{{rest}}}]}""");

    /// <summary>`robin certain 1`, one after the other.</summary>
    private static string Found(Heard answer)
    {
        Assert.True((int)answer.Status == 200, answer.Body);
        Assert.Equal(answer.Entries.Count, answer.Total);
        return string.Join(", ", answer.Entries.Select(e => $"{e["resource"]!["id"]} {e["search"]!["extension"]![0]!["valueCode"]} {e["search"]!["score"]}"));
    }

    [Theory]
    [InlineData(Robin + "," + Name + ",\"birthDate\":\"1984-03-17\"", "robin certain 1.00")]
    [InlineData(Robin, "robin certain 1.00")]
    [InlineData("\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"999 412 7004\"}]", "robin certain 1.00")]
    // The number of one person with the name and birth date of another.
    [InlineData(Robin + ",\"name\":[{\"family\":\"Smith\",\"given\":[\"John\"]}],\"birthDate\":\"1950-01-01\"", "robin possible 0.5")]
    // Two numbers are two persons, however alike.
    [InlineData("\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9990000000\"}]," + Name + ",\"birthDate\":\"1984-03-17\"", "")]
    [InlineData(Name + ",\"birthDate\":\"1984-03-17\",\"address\":[{\"postalCode\":\"zz993vz\"}]", "robin probable 1")]
    [InlineData(Name + ",\"birthDate\":\"1984-03-17\"", "robin probable 0.93")]
    [InlineData("\"name\":[{\"family\":\"ashgrove\",\"given\":[\"R\"]}],\"birthDate\":\"1984-03-17\"", "robin possible 0.81")]
    [InlineData(Name, "robin possible 0.56")]
    [InlineData("\"name\":[{\"family\":\"Ashgrove\"}],\"birthDate\":\"1990-01-01\"", "")]
    [InlineData("\"name\":[{\"family\":\"Nobody\",\"given\":[\"Robin\"]}]", "")]
    public async Task Grades_by_what_agrees(string patient, string expected) => Assert.Equal(expected, Found(await Ask("care-coordinator", patient)));

    [Theory]
    [InlineData(Robin, ",{\"name\":\"onlyCertainMatches\",\"valueBoolean\":true}", "robin certain 1.00")]
    [InlineData(Name + ",\"birthDate\":\"1984-03-17\"", ",{\"name\":\"onlyCertainMatches\",\"valueBoolean\":true}", "")]
    [InlineData(Name + ",\"birthDate\":\"1984-03-17\"", ",{\"name\":\"count\",\"valueInteger\":1}", "robin probable 0.93")]
    public async Task Answers_no_more_than_was_asked(string patient, string rest, string expected) => Assert.Equal(expected, Found(await Ask("care-coordinator", patient, rest)));

    /// <summary>On a server of its own, since it makes two of one person.</summary>
    [Fact]
    public async Task Two_are_never_certain_however_few_are_asked_for()
    {
        await using var server = await ServerProcess.Start();
        var gp = await server.As("gp");
        const string two = """{"resourceType":"Patient","identifier":[{"system":"https://meadow.example/local","value":"77"}],"name":[{"family":"Twofold","given":["Pat"]}],"birthDate":"1970-01-01","extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberUnavailableReason","valueCodeableConcept":{"text":"Not known"}}]}""";
        for (var n = 0; n < 2; n++) Assert.Equal(201, (int)(await gp.Post("Patient", two)).Status);
        foreach (var count in (string[])["", ",{\"name\":\"count\",\"valueInteger\":1}"])
        {
            var answer = await gp.Post("Patient/$match", $$"""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{{two}}},{"name":"onlyCertainMatches","valueBoolean":true}{{count}}]}""");
            Assert.Equal((200, 0), ((int)answer.Status, answer.Total));
        }
    }

    [Fact]
    public async Task More_than_can_be_looked_up_is_refused()
    {
        var many = string.Join(',', Enumerable.Range(0, 60).Select(n => $$"""{"system":"https://x.example","value":"{{n}}"}"""));
        Assert.Equal(422, (int)(await Ask("gp", $"\"identifier\":[{many}]")).Status);
    }

    [Fact]
    public async Task A_hidden_match_is_none()
    {
        const string lee = "\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9996730107\"}]";
        Assert.StartsWith("lee certain", Found(await Ask("gp", lee)), StringComparison.Ordinal);
        var (hidden, absent) = (await Ask("care-coordinator", lee), await Ask("care-coordinator", lee.Replace("9996730107", "9990000000", StringComparison.Ordinal)));
        Assert.Equal(absent.Whole, hidden.Whole);
        Assert.Equal("", Found(await Ask("outsider", Robin)));
    }

    [Theory]
    [InlineData("\"gender\":\"male\"", "", 422)]
    [InlineData("\"name\":[{\"family\":\"Ashgrove\"}]", "", 422)]
    [InlineData(Robin, ",{\"name\":\"count\",\"valueInteger\":0}", 400)]
    [InlineData(Robin, ",{\"name\":\"nonsense\",\"valueInteger\":1}", 400)]
    [InlineData(Robin, ",{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Goal\"}}", 400)]
    public async Task Says_what_is_wrong_with_the_question(string patient, string rest, int status)
    {
        var refused = await Ask("care-coordinator", patient, rest);
        Assert.True((int)refused.Status == status, refused.Body);
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("a|b$c\\\\d")]
    [InlineData("%")]
    [InlineData("*")]
    public async Task A_name_means_no_more_than_itself(string family) =>
        Assert.Equal("", Found(await Ask("care-coordinator", $"\"name\":[{{\"family\":\"{family}\",\"given\":[\"{family}\"]}}]")));

    [Fact]
    public async Task A_Patient_alone_is_a_question_too() =>
        Assert.StartsWith("robin certain", Found(await (await samples.Process.As("care-coordinator")).Post("Patient/$match", $$"""{"resourceType":"Patient",{{Robin}} }""")), StringComparison.Ordinal);
}
