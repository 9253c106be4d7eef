namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Labels rise; to take one away is a right of its own, and is audited as widening.</summary>
public class LabelRuleTests
{
    private const string Inline = "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label";

    private static string Team(string label) => """
        {"resourceType":"CareTeam","id":"t",META"status":"active","subject":{"reference":"Patient/robin"}}
        """.Replace("META", label == "" ? "" : "\"meta\":{\"security\":[{\"system\":\"s\",\"code\":\"" + label + "\"}]},");

    private static string Place(string meta) => $$"""{"resourceType":"Location","id":"l"{{meta}}}""";

    [Fact]
    public void Who_sends_none_keeps_them()
    {
        var world = new SmallWorld().Tie("trust", Relation.Episode).Store("trust", SmallWorld.Robin, Team("R"));
        Assert.Equal(["R"], world.Write(SmallWorld.Coordinator, Team("")).Effects.KeptLabels.Select(l => l.Code));
        Assert.Equal(["R"], world.Write(SmallWorld.Coordinator, Team("N")).Effects.KeptLabels.Select(l => l.Code));
        Assert.Empty(world.Write(SmallWorld.Coordinator, Team("R")).Effects.KeptLabels);
    }

    [Theory]
    [InlineData(""","securityLabel":[{"coding":[{"system":"s","code":"R"}]}]""", "R")]
    [InlineData(""","meta":{"security":[{"system":"s","code":"R"}]}""", "R")]
    [InlineData(""","securityLabel":[{"text":"for the ward alone"}]""", "unknown")]
    [InlineData(""","securityLabel":[{"coding":[{"system":"s"}]}]""", "unknown")]
    [InlineData(""","meta":{"security":[{"display":"secret"}]}""", "unknown")]
    [InlineData("", "")]
    public void A_label_in_the_content_is_kept_too(string stated, string kept)
    {
        var world = new SmallWorld().Tie("trust", Relation.Episode).Store("trust", SmallWorld.Robin, Letter(stated));
        Assert.Equal(kept, string.Join(" ", world.Write(SmallWorld.Coordinator, Letter("")).Effects.KeptLabels.Select(l => l.Code)));
        if (kept == "R") Assert.Empty(world.Write(SmallWorld.Coordinator, Letter(""","meta":{"security":[{"system":"s","code":"R"}]}""")).Effects.KeptLabels);

        static string Letter(string label) =>
            $$$"""{"resourceType":"DocumentReference","id":"d"{{{label}}},"status":"current","subject":{"reference":"Patient/robin"},"content":[{"attachment":{"title":"x"}}]}""";
    }

    [Fact]
    public void Declassifying_takes_them_away_and_is_audited_as_widening()
    {
        var world = new SmallWorld().Store("trust", null, Place(""","meta":{"security":[{"system":"s","code":"R"}]}"""));
        var verdict = world.Write(SmallWorld.Governance, Place(""));
        Assert.Equal("allowed", verdict.Outcome());
        Assert.Empty(verdict.Effects.KeptLabels);
        Assert.True(verdict.Effects.IsWidening);
        Assert.False(world.Write(SmallWorld.Governance, Place(""","meta":{"security":[{"system":"s","code":"R"}]}""")).Effects.IsWidening);
    }

    /// <summary>`a`: an activity of that description; `a!`: labelled R; `a!V`: labelled V; `(a!)`: the description is labelled, not the
    /// activity.</summary>
    [Theory]
    [InlineData("a! b", "a b", "R")]
    [InlineData("a! b", "b a", "R")]
    [InlineData("a! b", "changed b", "R")]
    [InlineData("a! b", "a changed", "R")]
    [InlineData("a! b", "b", "")]
    [InlineData("a! b", "", "")]
    [InlineData("a! b", "a! c", "")]
    [InlineData("a! b", "b a!", "")]
    [InlineData("a! b", "changed! b", "")]
    [InlineData("a! b", "a!V b", "R")]
    [InlineData("a! a!V", "a a!V", "R")]
    [InlineData("a! a", "a", "")]
    [InlineData("a! a", "a a", "R")]
    [InlineData("(a!) b", "a b", "R")]
    [InlineData("(a!) b", "(a!) b", "")]
    [InlineData("a! b", "a b!", "R")]
    [InlineData("a!", "a dummy!", "R")]
    [InlineData("a!", "changed dummy!", "R")]
    [InlineData("a! a!", "a! a", "R")]
    [InlineData("a! b", "a! b!", "")]
    [InlineData("a! b", "a! new b", "")]
    [InlineData("a b", "a b", "")]
    public void A_write_without_the_label_of_an_element_is_refused_unless_the_element_goes(string before, string after, string missing)
    {
        var world = new SmallWorld().Tie("trust", Relation.Episode).Store("trust", SmallWorld.Robin, Plan(before));
        var verdict = world.Write(SmallWorld.Coordinator, Plan(after));
        Assert.Equal(missing == "" ? "allowed" : "right:declassify", verdict.Outcome());
        Assert.Empty(verdict.Effects.KeptLabels);
        if (missing == "") return;
        Assert.Contains($"`s|{missing}` of `CarePlan.activity", verdict.Refusal!.Text, StringComparison.Ordinal);
        // On the whole resource it covers the element too.
        var whole = Plan(after).Replace("\"status\":\"draft\"", "\"meta\":{\"security\":[{\"system\":\"s\",\"code\":\"" + missing + "\"}]},\"status\":\"draft\"");
        Assert.Equal("allowed", world.Write(SmallWorld.Coordinator, whole).Outcome());

        static string Plan(string activities) =>
            """{"resourceType":"CarePlan","id":"p","status":"draft","intent":"plan","subject":{"reference":"Patient/robin"}ACTIVITIES}"""
                .Replace("ACTIVITIES", activities == "" ? "" : $""","activity":[{string.Join(',', activities.Split(' ').Select(Activity))}]""");

        static string Activity(string text)
        {
            var (isInner, mark) = (text.StartsWith('('), text.IndexOf('!'));
            var words = text.Trim('(', ')').Split('!')[0];
            var code = mark < 0 ? "" : text.Trim('(', ')')[^1] == 'V' ? "V" : "R";
            var label = mark < 0 ? "" : "\"extension\":[{\"url\":\"" + Inline + "\",\"valueCoding\":{\"system\":\"s\",\"code\":\"" + code + "\"}}]";
            var detail = "{\"status\":\"not-started\",\"description\":\"" + words + "\"" + (isInner ? ",\"_description\":{" + label + "}" : "") + "}";
            return "{" + (isInner || label == "" ? "" : label + ",") + "\"detail\":" + detail + "}";
        }
    }
}
