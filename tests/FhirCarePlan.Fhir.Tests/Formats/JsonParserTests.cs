using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Formats;

public class JsonParserTests
{
    private static (Document? Document, IReadOnlyList<Issue> Issues) Parse(string json)
    {
        var report = new Report();
        return (JsonParser.Parse(Encoding.UTF8.GetBytes(json), report), report.Issues);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","nhs":1}""", "unknown-property", "Patient")]
    [InlineData("""{"resourceType":"Patient","active":true,"active":true}""", "duplicate-property", "Patient")]
    [InlineData("""{"resourceType":"Patient","resourceType":"Patient"}""", "duplicate-property", "Patient")]
    [InlineData("""{"resourceType":"Patient","active":"true"}""", "json-type", "Patient")]
    [InlineData("""{"resourceType":"Patient","name":{"family":"A"}}""", "array", "Patient")]
    [InlineData("""{"resourceType":"Patient","gender":["male"]}""", "array", "Patient")]
    [InlineData("""{"resourceType":"Patient","gender":""}""", "empty", "Patient")]
    [InlineData("""{"resourceType":"Patient","name":[]}""", "empty", "Patient")]
    [InlineData("""{"resourceType":"Patient","name":[{}]}""", "empty", "Patient.name[0]")]
    [InlineData("""{"resourceType":"Patient","gender":null}""", "null", "Patient")]
    [InlineData("""{"resourceType":"Patient","gender":"\ud800"}""", "unicode", "Patient")]
    [InlineData("""{"resourceType":"Patient","gender":"\ud83d\ude00\ude00"}""", "unicode", "Patient")]
    [InlineData("""{"\ud800":1,"resourceType":"Patient"}""", "unknown-property", "Patient")]
    [InlineData("""{"resourceType":"Patient","name":[{"\udc00given":["a"]}]}""", "unknown-property", "Patient.name[0]")]
    [InlineData("""{"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":1e-2147483648}]}""", "number-size",
        "RiskAssessment.prediction[0]")]
    [InlineData("""{"resourceType":"Person9"}""", "resource-type", "")]
    [InlineData("""{"id":"a"}""", "resource-type", "")]
    [InlineData("""{"resourceType":"DomainResource"}""", "resource-type", "")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Nothing"}]}""", "resource-type", "Patient")]
    [InlineData("""["Patient"]""", "json", "")]
    public void Refuses_what_is_not_the_shape_of_R4(string json, string key, string expression)
    {
        var (document, issues) = Parse(json);
        Assert.Null(document);
        Assert.Contains(issues, i => i.Key == key && i.Expression == expression && !i.IsMalformed && i.Line == 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"resourceType":"Patient"} {}""")]
    [InlineData("""{"resourceType":"Patient",}""")]
    [InlineData("""{"resourceType":"Patient","gender":'male'}""")]
    public void Refuses_what_is_not_JSON(string json)
    {
        var (document, issues) = Parse(json);
        Assert.Null(document);
        Assert.True(Assert.Single(issues).IsMalformed);
    }

    [Fact]
    public void Refuses_a_byte_order_mark_and_bytes_that_are_not_UTF8()
    {
        foreach (var bytes in new byte[][] { [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], [(byte)'"', 0xC3, 0x28, (byte)'"'] })
        {
            var report = new Report();
            Assert.Null(JsonParser.Parse(bytes, report));
            Assert.True(Assert.Single(report.Issues).IsMalformed);
        }
    }

    [Fact]
    public void Refuses_nesting_beyond_the_limit_without_losing_the_stack()
    {
        var json = new StringBuilder("""{"resourceType":"Patient","extension":[""");
        for (var i = 0; i < 200; i++) json.Append("""{"url":"u","extension":[""");
        json.Append("""{"url":"u"}""");
        for (var i = 0; i < 200; i++) json.Append("]}");
        var (document, issues) = Parse(json.Append("]}").ToString());
        Assert.Null(document);
        Assert.Contains(issues, i => i.Key == "depth");
        Assert.Null(Parse(new string('[', 100_000)).Document);
    }

    [Theory]
    [InlineData("1.50", true)]
    [InlineData("1E400", true)]
    [InlineData("1E401", false)]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234", true)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", false)]
    public void Keeps_numbers_as_written_up_to_the_limit(string number, bool isAllowed)
    {
        var (document, issues) = Parse("""{"resourceType":"Observation","valueQuantity":{"value":""" + number + "}}");
        Assert.Equal(isAllowed, document != null);
        if (isAllowed) Assert.Equal(number, document!.Root["value"]["value"].Text);
        else Assert.Contains(issues, i => i.Key == "number-size");
    }

    [Fact]
    public void Links_siblings_in_definition_order_and_joins_values_with_their_companions()
    {
        var (document,
            _) = Parse("""{"name":[{"_given":[null,{"id":"b"}],"family":"F","given":["A","B"]}],"birthDate":"1970","active":true,"resourceType":"Patient"}""");
        var patient = document!.Root;
        Assert.Equal(["active", "name", "birthDate"], patient.Children.ToList().Select(n => n.Name));
        var name = patient["name"];
        Assert.Equal(["family", "given", "given"], name.Children.ToList().Select(n => n.Name));
        var given = name.All("given").ToList();
        Assert.Equal(["A", "B"], given.Select(n => n.Text));
        Assert.Equal("b", given[1].TextOf("id"));
        Assert.Equal("Patient.name[0].given[1].id", given[1]["id"].Location);
    }

    [Fact]
    public void A_long_array_out_of_order_costs_no_more_than_a_long_array()
    {
        var many = string.Join(",", Enumerable.Repeat("""{"family":"F"}""", 100_000));
        var (document, _) = Parse($$"""{"resourceType":"Patient","birthDate":"1970","name":[{{many}}]}""");
        Assert.Equal(100_000, document!.Root.CountOf("name"));
    }

    [Fact]
    public void A_choice_is_one_element_with_the_type_it_was_given()
    {
        var value = Parse("""{"resourceType":"Observation","valueString":"x"}""").Document!.Root["value"];
        Assert.Equal(("string", "Observation.value"), (value.Type.Name, value.Location));
    }

    [SharedFact]
    public void Every_official_example_goes_in_and_comes_out_the_same()
    {
        var different = new List<string>();
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("data/examples/json")!, "*.json").Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            var report = new Report();
            using var document = JsonParser.Parse(bytes, report);
            if (document is null)
            {
                different.Add($"{Path.GetFileName(file)}: {string.Join("; ", report.Issues)}");
                continue;
            }
            var once = CanonicalJson.Write(document);
            using var again = JsonParser.Parse(once, report);
            if (!CanonicalJson.Write(again!).AsSpan().SequenceEqual(once)) different.Add($"{Path.GetFileName(file)}: not stable");
            using var was = JsonDocument.Parse(bytes);
            using var now = JsonDocument.Parse(once);
            if (!Same(was.RootElement, now.RootElement)) different.Add($"{Path.GetFileName(file)}: content differs");
        }
        Assert.Equal([], different);
    }

    /// <summary>Equal except for the order of properties; numbers digit by digit.</summary>
    private static bool Same(JsonElement a, JsonElement b) => a.ValueKind == b.ValueKind && a.ValueKind switch
    {
        JsonValueKind.Object =>
            a.EnumerateObject().Count() == b.EnumerateObject().Count() && a.EnumerateObject()
            .All(p => b.TryGetProperty(p.Name, out var other) && Same(p.Value, other)),
        JsonValueKind.Array =>
            a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray()).All(p => Same(p.First, p.Second)),
        JsonValueKind.String => a.GetString() == b.GetString(),
        _ => a.GetRawText() == b.GetRawText(),
    };

    [SharedFact]
    public void Json_test_suite_is_read_as_JSON_or_refused_as_it_asks()
    {
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("data/json/JSONTestSuite")!, "*.json"))
        {
            var name = Path.GetFileName(file);
            var report = new Report();
            var document = JsonParser.Parse(File.ReadAllBytes(file), report);
            if (document != null) wrong.Add($"{name}: taken for a resource");
            var isMalformed = report.Issues.Any(i => i.IsMalformed);
            if (name.StartsWith("y_", StringComparison.Ordinal) && isMalformed || name.StartsWith("n_", StringComparison.Ordinal)
                && !isMalformed)
                wrong.Add($"{name}: {(isMalformed ? "refused" : "read")}");
        }
        Assert.Equal([], wrong);
    }
}
