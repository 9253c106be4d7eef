using System.Text;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Sharing.Tests.Labelling;
using FhirCarePlan.Sharing.Views;

namespace FhirCarePlan.Sharing.Tests.Views;

public class SubsetTests
{
    private const string Subsetted =
        """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED","display":"Only the elements asked for"}""";
    private const string Narrative =
        "\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"}";
    private const string Plan = """
        {"resourceType":"CarePlan","id":"x","meta":{"versionId":"1"},§,"contained":[{"resourceType":"Organization","id":"o","name":"n"}],"status":"active","intent":"plan","title":"t","description":"d",
        "subject":{"reference":"Patient/p"},"activity":[{"detail":{"status":"scheduled","description":"a"}}],"note":[{"authorReference":{"reference":"#o"},"text":"n"}]}
        """;

    [Theory]
    [InlineData("title", ""","status":"active","intent":"plan","title":"t","subject":{"reference":"Patient/p"} """)]
    [InlineData("activity",
        ""","status":"active","intent":"plan","subject":{"reference":"Patient/p"},"activity":[{"detail":{"status":"scheduled","description":"a"}}] """)]
    [InlineData("nonsense", ""","status":"active","intent":"plan","subject":{"reference":"Patient/p"} """)]
    public void Asked_elements_come_with_mandatory_ones(string elements, string rest) =>
        Assert.Equal(Expected(rest), Write(SummaryMode.False, elements));

    [Fact]
    public void A_contained_resource_comes_with_what_points_at_it() =>
        Assert.Contains("\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"n\"}]",
            Write(SummaryMode.False, "note"));

    [Fact]
    public void A_summary_holds_summary_elements() =>
        Assert.Equal(Expected(""","status":"active","intent":"plan","title":"t","description":"d","subject":{"reference":"Patient/p"} """),
            Write(SummaryMode.True));

    [Fact]
    public void A_text_summary_holds_the_narrative_and_what_is_mandatory() =>
        Assert.Equal(Expected($$""",{{Narrative}},"status":"active","intent":"plan","subject":{"reference":"Patient/p"} """),
            Write(SummaryMode.Text));

    [Fact]
    public void Data_is_all_but_the_narrative()
    {
        Assert.DoesNotContain("<div", Write(SummaryMode.Data));
        Assert.Contains("note", Write(SummaryMode.Data));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","gender":"other"}""", """{"resourceType":"Patient","meta":{"tag":[§]}}""")]
    [InlineData("""{"resourceType":"Patient","id":"x","gender":"other"}""", """{"resourceType":"Patient","id":"x","meta":{"tag":[§]}}""")]
    [InlineData("""{"resourceType":"Patient","meta":{"tag":[{"code":"a"}]},"gender":"other"}""",
        """{"resourceType":"Patient","meta":{"tag":[{"code":"a"},§]}}""")]
    public void The_tag_finds_its_place(string view, string expected) =>
        Assert.Equal(expected.Replace("§", Subsetted),
            Encoding.UTF8.GetString(Subset.Write(Encoding.UTF8.GetBytes(view), SummaryMode.False, ["name"])));

    [Fact]
    public void All_asked_for_is_the_view_itself()
    {
        var view = Encoding.UTF8.GetBytes("""{"resourceType":"Patient"}""");
        Assert.Same(view, Subset.Write(view, SummaryMode.False, []));
    }

    private static string Expected(string rest) =>
        """{"resourceType":"CarePlan","id":"x","meta":{"versionId":"1","tag":[§]}""".Replace("§", Subsetted) + rest.Trim() + "}";

    private static string Write(SummaryMode summary, params string[] elements)
    {
        using var plan = Bodies.Parse(Encoding.UTF8.GetBytes(Plan.Replace("§", Narrative)));
        return Encoding.UTF8.GetString(Subset.Write(Fhir.Formats.CanonicalJson.Write(plan), summary, elements));
    }
}
