using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Commands;

public class FhirPathCommandTests
{
    private const string Patient =
        """{"resourceType":"Patient","name":[{"given":["Ada","B"],"family":"C"}],"birthDate":"1974-12","multipleBirthInteger":2,"extension":[{"url":"u","valueDecimal":1.50},{"url":"q","valueQuantity":{"value":2.0,"unit":"mg"}}]}""";

    [Theory]
    [InlineData("name.given", """["Ada","B"]""")]
    [InlineData("name", """[{"family":"C","given":["Ada","B"]}]""")]
    [InlineData("birthDate | @2020-02-03T10:00Z", """["1974-12","2020-02-03T10:00Z"]""")]
    [InlineData("@T10:30", """["10:30"]""")]
    [InlineData("extension[0].value", "[1.50]")]
    [InlineData("1.10 + 2", "[3.10]")]
    [InlineData("multipleBirth", "[2]")]
    [InlineData("extension[1].value", """[{"value":2.0,"unit":"mg"}]""")]
    [InlineData("5 'mg'", """[{"value":5,"code":"mg","system":"http://unitsofmeasure.org"}]""")]
    [InlineData("4 days", """[{"value":4,"code":"day","system":"http://hl7.org/fhirpath/CodeSystem/calendar-units"}]""")]
    [InlineData("name.exists() | 1.type()", """[true,{"namespace":"System","name":"Integer"}]""")]
    [InlineData("contact", "[]")]
    [InlineData("%text & '!' | %number + 1", """["a!",3.5]""")]
    [InlineData("%flag | %other.name.family", """[true,"D"]""")]
    [InlineData("%dose > 1 'g'", "[true]")]
    [InlineData("%nothing", "[]")]
    [InlineData("%several.count() | %several.first()", "[3,1]")]
    [InlineData("conformsTo('https://fhir.cpa.example/StructureDefinition/CPA-Patient') | conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "[false,true]")]
    public async Task Answers_with_values_as_JSON(string expression, string result)
    {
        var line = new JsonObject
        {
            ["id"] = "x",
            ["expression"] = expression,
            ["resource"] = "RESOURCE",
            ["variables"] =
                JsonNode.Parse("""{"text":"a","number":2.5,"flag":true,"nothing":null,"several":[1,"two",3.0],"dose":{"value":2,"code":"g"},"%other":{"resourceType":"Patient","name":[{"family":"D"}]}}"""),
        };
        var shell = await Shell.Run(line.ToJsonString().Replace("\"RESOURCE\"", Patient), "fhirpath");
        Assert.Equal((0, "", $$"""{"id":"x","result":{{result}}}"""), (shell.ExitCode, shell.Error, Assert.Single(shell.Lines)));
    }

    [Fact]
    public async Task Whatever_a_line_holds_the_next_one_is_answered()
    {
        var shell = await Shell.Run("""
            nonsense
            {"id":7}
            {"id":"a","expression":"(1"}
            {"id":"b","expression":"name","resource":{"resourceType":"Nobody"}}
            {"id":"c","expression":"name","resource":17}
            {"id":"d","expression":"%x","variables":[1]}
            {"id":"e","expression":"\ud800"}
            {"id":{"f":1},"expression":"1 div 0"}
            []
            {"id":"g","expression":"repeat($this | 1) | (1|2|3).select($this | $this)","resource":null}
            {"id":"h","expression":"1 + 1"}
            """, "fhirpath");
        Assert.Equal((0, ""), (shell.ExitCode, shell.Error));
        var answers = shell.Lines.Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(["null", "7", "\"a\"", "\"b\"", "\"c\"", "\"d\"", "\"e\"", "{\"f\":1}", "null", "\"g\"", "\"h\""],
            answers.Select(a => a["id"]?.ToJsonString() ?? "null"));
        Assert.All(answers.Take(7), a => Assert.NotEmpty((string)a["error"]!));
        Assert.Equal("""{"id":"h","result":[2]}""", shell.Lines[^1]);
    }

    [Fact]
    public async Task Each_answer_comes_before_the_next_question()
    {
        using var process = Shell.Start("fhirpath");
        for (var i = 0; i < 3; i++)
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { id = i, expression = $"{i} + 1" }));
            await process.StandardInput.FlushAsync();
            Assert.Equal($$"""{"id":{{i}},"result":[{{i + 1}}]}""", await process.StandardOutput.ReadLineAsync()
                .WaitAsync(TimeSpan.FromSeconds(60)));
        }
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Arguments_are_refused() => Assert.Equal(2, (await Shell.Run("", "fhirpath", "name")).ExitCode);
}
