using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Facts;

namespace FhirCarePlan.Fhir.Tests.Definitions.Facts;

/// <summary>How composes are decided, on small code systems of our own.</summary>
public class TerminologyTests
{
    private const string Tree = """
        {"url":"urn:tree","content":"complete","concept":[
          {"code":"_kinds","property":[{"code":"notSelectable","valueBoolean":true}],"concept":[{"code":"oak","concept":[{"code":"holm"}]},{"code":"ash"}]},
          {"code":"shrub","property":[{"code":"child","valueCode":"ash"}]}]}
        """;
    private const string Example = """{"url":"urn:part","content":"example","concept":[{"code":"one"}]}""";
    private const string Base =
        """{"url":"urn:set:ash-oak","compose":{"include":[{"system":"urn:tree","concept":[{"code":"ash"},{"code":"oak"}]}]}}""";

    [Theory]
    [InlineData("""{"include":[{"system":"urn:tree"}]}""", "oak holm ash shrub", "")] // a whole system: without what only groups
    [InlineData("""{"include":[{"system":"urn:tree","concept":[{"code":"_kinds"}]}]}""", "_kinds", "")] // unless listed
    [InlineData("""{"include":[{"system":"urn:tree","filter":[{"property":"concept","op":"is-a","value":"oak"}]}]}""", "oak holm", "")]
    [InlineData("""{"include":[{"system":"urn:tree","filter":[{"property":"concept","op":"descendent-of","value":"oak"}]}]}""", "holm", "")]
    [InlineData("""{"include":[{"system":"urn:tree","filter":[{"property":"concept","op":"is-not-a","value":"oak"}]}]}""", "ash shrub", "")]
    [InlineData("""{"include":[{"system":"urn:tree","filter":[{"property":"concept","op":"is-a","value":"shrub"}]}]}""", "ash shrub", "")] // a second parent by property
    [InlineData("""{"include":[{"system":"urn:tree","filter":[{"property":"colour","op":"=","value":"red"}]}]}""", "", "urn:tree")]
    [InlineData("""{"include":[{"system":"urn:tree"}],"exclude":[{"system":"urn:tree","concept":[{"code":"ash"}]}]}""", "oak holm shrub",
        "")]
    [InlineData("""{"include":[{"system":"urn:tree"}],"exclude":[{"system":"urn:tree","filter":[{"property":"colour","op":"=","value":"red"}]}]}""", "", "urn:tree")]
    [InlineData("""{"include":[{"valueSet":["urn:set:ash-oak"]}]}""", "ash oak", "")]
    [InlineData("""{"include":[{"valueSet":["urn:set:ash-oak|1.0"]},{"system":"urn:tree","concept":[{"code":"holm"}]}]}""", "ash oak holm",
        "")]
    [InlineData("""{"include":[{"system":"urn:tree","filter":[{"property":"concept","op":"is-a","value":"oak"}],"valueSet":["urn:set:ash-oak"]}]}""", "oak", "")]
    [InlineData("""{"include":[{"valueSet":["urn:set:unknown"]}]}""", "", "*")]
    [InlineData("""{"include":[{"system":"urn:elsewhere"}]}""", "", "urn:elsewhere")]
    [InlineData("""{"include":[{"system":"urn:elsewhere","concept":[{"code":"x"}]}]}""", "x", "")]
    [InlineData("""{"include":[{"system":"urn:part"}]}""", "one", "urn:part")] // an example may have more codes than it lists
    public void Decides_a_compose_as_far_as_it_can(string compose, string codes, string open)
    {
        var terminology = new Terminology([Json(Tree), Json(Example)], [Json(Base), Json($$"""{"url":"urn:set","compose":{{compose}}}""")]);
        var decided = terminology.Decide("urn:set");
        Assert.Equal((codes, open), (string.Join(' ', decided.Lists.SelectMany(l => l.Codes)), string.Join(' ', decided.Open)));
    }

    [Fact]
    public void A_value_set_that_includes_itself_stays_open()
    {
        var terminology = new Terminology([], [Json("""{"url":"urn:set","compose":{"include":[{"valueSet":["urn:set"]}]}}""")]);
        Assert.Equal(["*"], terminology.Decide("urn:set").Open);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
