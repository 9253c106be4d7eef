using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Tests.CareRules;
using FhirCarePlan.Server.Tests.Tour;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Tests.Operations;

[Collection("ward")]
public class DisclosuresTests(Ward ward)
{
    private Answer Ask(string persona, string patient = "robin", string query = "", bool asPage = false)
    {
        var caller = ward.As(persona);
        using var work = new Work(ward.Engine, caller, ward.Engine.Store.Read());
        return ward.Pipeline.Perform(work, new FhirRequest
        {
            Interaction = Table.Disclose,
            Caller = caller,
            Event = new LedgerEvent("test", work.Now),
            BaseUrl = "http://ward",
            Type = "Patient",
            Id = patient,
            Query = query,
            WantsPage = asPage,
        });
    }

    private string Page(string persona, string query = "") => Encoding.UTF8.GetString(Ask(persona, query: query, asPage: true).Page.Span);
    private static JsonObject Json(Answer answer) => JsonNode.Parse(answer.Body.Span)!.AsObject();

    [Fact]
    public async Task The_person_sees_who_saw_what_and_the_bundle_is_valid()
    {
        Assert.True((await ward.Ask("gp", Table.Read, "CarePlan", "robin-plan")).IsSuccess);
        var answer = Ask("person", query: "_count=3");
        var bundle = Json(answer);
        Assert.Equal(3, bundle["entry"]!.AsArray().Count);
        Assert.Contains("PractitionerRole/gp", bundle["entry"]![0]!.ToJsonString(), StringComparison.Ordinal);
        TourTests.AssertValid("Bundle", bundle.ToJsonString());
        var next = new Uri((string)bundle["link"]!.AsArray().Single(l => (string)l!["relation"]! == "next")!["url"]!);
        Assert.Equal("/Patient/robin/$disclosures", next.AbsolutePath);
        Assert.Equal(AnswerKind.Ok, Ask("person", query: next.Query.TrimStart('?')).Kind);
        Assert.Equal(AnswerKind.Malformed, Ask("ig-lead", query: next.Query.TrimStart('?')).Kind);
    }

    [Theory]
    [InlineData("person", "robin", true)]
    [InlineData("ig-lead", "robin", true)]
    [InlineData("gp", "robin", false)]
    [InlineData("care-coordinator", "robin", false)]
    [InlineData("housing-officer", "robin", false)]
    [InlineData("carer", "robin", false)] // a carer is not a proxy
    [InlineData("outsider", "robin", false)]
    [InlineData("person", "lee", false)]
    [InlineData("person", "nobody", false)]
    [InlineData("ig-lead", "nobody", false)]
    public void It_is_for_the_person_and_for_whom_it_concerns(string persona, string patient, bool isAnswered)
    {
        var answer = Ask(persona, patient);
        Assert.Equal(isAnswered, answer.IsSuccess);
        if (!isAnswered) Assert.Equal(Ask(persona, "never-was").Issues, answer.Issues);
        if (!isAnswered) Assert.Equal(AnswerKind.NotFound, Ask(persona, patient, "colour=red").Kind);
    }

    [Fact]
    public async Task A_refusal_is_told_to_the_person_without_its_gate_and_to_the_holder_with_it()
    {
        Assert.Equal(AnswerKind.NotFound, (await ward.Ask("housing-officer", Table.Read, "Observation", "robin-honos-01")).Kind);
        var person = Json(Ask("person", query: "outcome=4&agent=PractitionerRole/housing-officer&_count=1"))["entry"]![0]!.ToJsonString();
        Assert.Contains("refused", person, StringComparison.Ordinal);
        Assert.DoesNotContain("\"gate\"", person, StringComparison.Ordinal);
        Assert.DoesNotContain("robin-honos-01", person, StringComparison.Ordinal);
        var holder = Json(Ask("ig-lead", query: "outcome=4&agent=PractitionerRole/housing-officer&_count=1"))["entry"]![0]!.ToJsonString();
        Assert.Contains("\"gate\"", holder, StringComparison.Ordinal);
        Assert.Contains("robin-honos-01", holder, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_few_questions_narrow_it_down()
    {
        Assert.Equal(AnswerKind.Ok, Ask("person", query: "date=ge2020&outcome=0&agent=PractitionerRole/gp&_sort=date").Kind);
        foreach (var query in (string[])["entity=CarePlan/robin-plan", "patient=Patient/lee", "policy=x", "colour=red"])
            Assert.Equal(AnswerKind.Malformed, Ask("person", query: query).Kind);
    }

    [Fact]
    public async Task The_page_says_it_in_plain_words_without_script()
    {
        Assert.True((await ward.Ask("gp", Table.Read, "CarePlan", "robin-plan")).IsSuccess);
        var page = Page("person", "_count=2");
        Assert.Contains("<h1>Who has seen your record</h1>", page, StringComparison.Ordinal);
        Assert.Contains("of Meadow Practice</dd>", page, StringComparison.Ordinal);
        Assert.Contains("Looking after you.", page, StringComparison.Ordinal);
        Assert.Contains("<li>That you have a care plan, who co-ordinates it and when it is looked at again.</li>", page,
            StringComparison.Ordinal);
        Assert.Contains("rel=\"next\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.Contains("Who has seen this record", Page("ig-lead"), StringComparison.Ordinal);
    }
}
