using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Patching;

namespace FhirCarePlan.Fhir.Tests.Patching;

/// <summary>https://www.rfc-editor.org/rfc/rfc6902</summary>
public class JsonPatchTests
{
    private static (string? Result, string? Fault, bool IsMalformed) Patch(string document, string patch, long units = 64 << 20)
    {
        var node = JsonPatch.Read(Encoding.UTF8.GetBytes(document));
        var fault = JsonPatch.Apply(ref node, Encoding.UTF8.GetBytes(patch), new PatchBudget(units));
        return (fault is null ? node?.ToJsonString() ?? "null" : null, fault?.Text, fault?.IsMalformed == true);
    }

    [Theory]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/-","value":3}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/2","value":3}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/a","value":null}]""", """{"a":null}""")]
    [InlineData("""{"a":1.50}""", """[{"op":"add","path":"/b","value":2.10}]""", """{"a":1.50,"b":2.10}""")]
    [InlineData("""{"a":1.50}""", """[{"op":"test","path":"/a","value":1.5}]""", """{"a":1.50}""")]
    [InlineData("""{"a":1.50}""", """[{"op":"copy","from":"/a","path":"/b"}]""", """{"a":1.50,"b":1.50}""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """[{"op":"test","path":"/a","value":{"c":2,"b":1}}]""", """{"a":{"b":1,"c":2}}""")]
    [InlineData("""{"a~/b":1}""", """[{"op":"replace","path":"/a~0~1b","value":2}]""", """{"a~/b":2}""")]
    [InlineData("""{"":1}""", """[{"op":"replace","path":"/","value":2}]""", """{"":2}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"move","from":"/a/0","path":"/a/2"}]""", """{"a":[2,3,1]}""")]
    [InlineData("""{"a":1}""", """[{"op":"move","from":"/a","path":"/a"}]""", """{"a":1}""")]
    [InlineData("""{"a":{"b":1}}""", """[{"op":"move","from":"/a/b","path":"/a"}]""", """{"a":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":1,"note":"passed over"}]""", """{"a":1}""")]
    [InlineData("""{"a":1}""", "[]", """{"a":1}""")]
    public void Does(string document, string patch, string result) => Assert.Equal((result, null, false), Patch(document, patch));

    [Theory]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/2","value":3}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/01","value":3}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"replace","path":"/a/-","value":3}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"remove","path":"/a/1"}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"remove","path":"/a/-1"}]""")]
    [InlineData("""{"a":[1]}""", """[{"op":"remove","path":"/a/1e0"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/b","value":3}]""")]
    [InlineData("""{"a":1}""", """[{"op":"remove","path":"/b"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"remove","path":""}]""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/a/b","value":1}]""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":2}]""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":"1"}]""")]
    [InlineData("""{"a":null}""", """[{"op":"test","path":"/a/b","value":null}]""")]
    [InlineData("""{"a":1}""", """[{"op":"copy","from":"/b","path":"/c"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":2},{"op":"test","path":"/a","value":2}]""")]
    public void Does_not_fit(string document, string patch)
    {
        var (_, fault, isMalformed) = Patch(document, patch);
        Assert.NotNull(fault);
        Assert.False(isMalformed, fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"add","value":1}]""")]
    [InlineData("""[{"op":"spam","path":"/a","value":1}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/~2","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a~","value":1}]""")]
    [InlineData("""[{"op":1,"path":"/a","value":1}]""")]
    [InlineData("""[{"op":"move","path":"/a"}]""")]
    [InlineData("""[{"op":"move","from":"/a","path":"/a/b"}]""")]
    [InlineData("""[{"op":"add","op":"remove","path":"/a","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a","value":"\ud800"}]""")]
    [InlineData("""[{"op":"add","path":"/a","value":1}] x""")]
    public void Is_no_patch(string patch) => Assert.True(Patch("""{"a":1}""", patch).IsMalformed);

    [Fact]
    public void A_text_that_is_doubled_again_and_again_stops()
    {
        var patch = $"[{string.Join(",", Enumerable.Range(0, 60).Select(n => """{"op":"copy","from":"","path":"/x"}""").Select((o, n) => o.Replace("/x", $"/x{n}")))}]";
        Assert.Contains("more work", Patch("""{"a":"0123456789"}""", patch).Fault, StringComparison.Ordinal);
        // Levels are doubled too.
        var deep = $"[{string.Join(",", Enumerable.Repeat("""{"op":"copy","from":"","path":"/a"}""", 300))}]";
        Assert.Contains("deeper", Patch("""{"a":1}""", deep).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_of_too_many_operations_or_levels_is_refused()
    {
        var test = """{"op":"test","path":"/a","value":1}""";
        Assert.NotNull(Patch("""{"a":1}""", $"[{string.Join(",", Enumerable.Repeat(test, PatchBudget.MostOperations))}]").Result);
        Assert.NotNull(Patch("""{"a":1}""", $"[{string.Join(",", Enumerable.Repeat(test, PatchBudget.MostOperations + 1))}]").Fault);
        Assert.True(Patch("""{"a":1}""", $$"""[{"op":"add","path":"/b","value":{{new string('[', 200)}}{{new string(']', 200)}}}]""").IsMalformed);
        Assert.NotNull(Patch("""{"a":1}""", $$"""[{"op":"add","path":"{{string.Concat(Enumerable.Repeat("/a", 100_000))}}","value":1}]""").Fault);
    }
}
