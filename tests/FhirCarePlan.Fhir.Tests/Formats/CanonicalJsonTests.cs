using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Formats;

public class CanonicalJsonTests
{
    private static string Write(string json, WriteOptions? options = null)
    {
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), new Report())!;
        return Encoding.UTF8.GetString(CanonicalJson.Write(document, options));
    }

    [Theory]
    [InlineData("""{ "gender" : "male", "id":"a", "resourceType":"Patient" }""", """{"resourceType":"Patient","id":"a","gender":"male"}""")]
    [InlineData("""{"resourceType":"Patient","name":[{"text":"\u00e9\/\"\u0001\n"}]}""",
        """{"resourceType":"Patient","name":[{"text":"é/\"\u0001\n"}]}""")]
    [InlineData("""{"resourceType":"Patient","_birthDate":{"id":"x"},"birthDate":"1970"}""",
        """{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"x"}}""")]
    [InlineData("""{"resourceType":"Patient","name":[{"_given":[null,{"id":"x"}],"given":["a",null]}]}""",
        """{"resourceType":"Patient","name":[{"given":["a",null],"_given":[null,{"id":"x"}]}]}""")]
    public void There_is_one_written_form(string json, string expected) => Assert.Equal(expected, Write(json));

    [Theory]
    [InlineData(10)]
    [InlineData(4_096)]
    [InlineData(1 << 20)]
    public void Bytes_that_are_held_are_the_same_bytes(int length)
    {
        var json = """{"resourceType":"Basic","code":{"text":"TEXT"}}""".Replace("TEXT", new string('x', length));
        Assert.Equal(json, Write(json));
        Assert.Equal(json, Write(json, new() { IsHeld = true }));
    }

    [Fact]
    public void Identity_is_replaced_where_it_stands() => Assert.Equal(
        """{"resourceType":"Patient","id":"new","meta":{"versionId":"1"},"active":true}""",
        Write("""{"resourceType":"Patient","active":true,"id":"old","meta":{"tag":[{"code":"x"}]}}""",
            new() { Id = "new", Meta = """{"versionId":"1"}"""u8.ToArray() }));

    [Fact]
    public void What_is_hidden_leaves_nothing_empty_behind()
    {
        const string json =
            """{"resourceType":"Patient","name":[{"family":"F","given":["a","b"]}],"contact":[{"name":{"text":"t"}}],"active":true}""";
        string Hide(params string[] names) => Write(json, new() { Skip = n => names.Contains(n.Name) });
        Assert.Equal("""{"resourceType":"Patient","active":true,"name":[{"family":"F"}],"contact":[{"name":{"text":"t"}}]}""",
            Hide("given"));
        Assert.Equal("""{"resourceType":"Patient","active":true,"name":[{"family":"F","given":["a","b"]}]}""", Hide("text"));
        Assert.Equal("""{"resourceType":"Patient","active":true}""", Hide("family", "given", "text"));
    }

    [Fact]
    public void References_are_replaced_by_what_a_transaction_assigned() => Assert.Equal(
        """{"resourceType":"Observation","subject":{"reference":"Patient/1"}}""",
        Write("""{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"}}""",
            new() { Replace = n => n.Text == "urn:uuid:1" ? "Patient/1" : null }));

    /// <summary>A large body is counted first and then written into an array of that length.</summary>
    [Theory]
    [InlineData("""{"resourceType":"Patient","name":[{"text":"\u00e9\/\"\u0001\n😀"}],"birthDate":"1970"}""")]
    [InlineData("""{"resourceType":"Patient","active":true,"contact":[{"name":{"text":"t"}},{"gender":"male"}]}""")]
    [InlineData("""{"resourceType":"Patient","_birthDate":{"id":"x"},"name":[{"_given":[null,{"id":"x"}],"given":["a",null]}]}""")]
    public void A_large_body_is_written_as_a_small_one_is(string json)
    {
        var large = json + new string(' ', 2 << 20);
        Assert.Equal(Write(json), Write(large));
        // Also where the end was written and taken back.
        foreach (var name in (string[])["text", "gender", "name", "given", "birthDate"])
            Assert.Equal(Write(json, new() { Skip = n => n.Name == name }), Write(large, new() { Skip = n => n.Name == name }));
        Assert.Equal(Write(json, new() { Id = "new", Meta = "{}"u8.ToArray(), Replace = n => n.Text + "é" }), Write(large, new() { Id = "new", Meta = "{}"u8.ToArray(), Replace = n => n.Text + "é" }));
    }
}
