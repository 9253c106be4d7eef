using System.Net;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Questionnaires stored here judge their responses, drafts aside.
/// https://hl7.org/fhir/R4/questionnaireresponse-definitions.html#QuestionnaireResponse.questionnaire</summary>
public class StoredFormTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private const string Right = """{"linkId":"a","answer":[{"valueInteger":1}]}""", Unknown = """{"linkId":"zzz","answer":[{"valueInteger":1}]}""";
    private static int last;

    private HttpClient Client => organisation.Client;
    private static string NewUrl() => $"http://forms.test/{Interlocked.Increment(ref last)},a$b";

    [Fact]
    public async Task It_judges_what_claims_it_alone_or_in_a_bundle_or_in_a_trial()
    {
        var url = NewUrl();
        await Stored(Form(url));
        Assert.Equal(HttpStatusCode.Created, (await Answer(url, Right)).Status);
        Assert.Equal(["questionnaire"], (await Answer(url, $"{Right},{Unknown}")).ErrorKeys);
        Assert.Equal(["questionnaire"], (await Answer(url, """{"linkId":"a"}""")).ErrorKeys);
        Assert.Equal(["questionnaire"], (await Answer(url, "")).ErrorKeys);
        Assert.Equal(["answer"], (await Answer(url, """{"linkId":"a","answer":[{"valueString":"1"}]}""")).ErrorKeys);
        Assert.Equal(HttpStatusCode.Created, (await Answer(url, "", "in-progress")).Status);

        var wrong = Response(url, Unknown);
        Assert.Contains("questionnaire", (await Client.Post("QuestionnaireResponse/$validate", wrong)).ErrorKeys);
        Assert.Contains("questionnaire", (await Client.Post("QuestionnaireResponse/$validate?mode=create", wrong)).ErrorKeys);
        var transaction = Wire.Bundle("transaction", Wire.Entry("POST", "QuestionnaireResponse", Wire.Json(wrong)));
        Assert.Contains("questionnaire", (await Client.Post("Bundle/$validate", transaction.ToJsonString())).ErrorKeys);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Client.Post("", transaction.ToJsonString())).Status);

        var kept = (await Answer(url, Right)).Id;
        Assert.Equal(["questionnaire"], (await Client.Change($"QuestionnaireResponse/{kept}", r => r["item"]![0]!["linkId"] = "zzz")).ErrorKeys.Distinct());
    }

    [Fact]
    public async Task A_draft_judges_nobody_and_a_retired_one_still_does()
    {
        var url = NewUrl();
        var id = await Stored(Form(url, "draft"));
        Assert.Equal(HttpStatusCode.Created, (await Answer(url, Unknown)).Status);
        await Client.Change($"Questionnaire/{id}", f => f["status"] = "active");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Answer(url, Unknown)).Status);
        await Client.Change($"Questionnaire/{id}", f => f["status"] = "retired");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Answer(url, Unknown)).Status);
        await Client.Delete($"Questionnaire/{id}");
        Assert.Equal(HttpStatusCode.Created, (await Answer(url, Unknown)).Status);
    }

    [Fact]
    public async Task The_version_that_is_named_counts_and_else_the_newest()
    {
        var url = NewUrl();
        await Stored(Form(url, version: "1.10", link: "ten"));
        await Stored(Form(url, version: "1.9", link: "nine"));
        await Stored(Form(url, "draft", "2.0", "two"));
        string Says(string link) => $$"""{"linkId":"{{link}}","answer":[{"valueInteger":1}]}""";
        foreach (var (canonical, link) in ((string, string)[])[($"{url}|1.10", "ten"), ($"{url}|1.9", "nine"), (url, "ten"), ($"{url}#x", "ten")])
        {
            Assert.Equal((canonical, HttpStatusCode.Created), (canonical, (await Answer(canonical, Says(link))).Status));
            Assert.Equal((canonical, HttpStatusCode.UnprocessableEntity), (canonical, (await Answer(canonical, Says("other"))).Status));
        }
        // A version that is not here judges nobody.
        Assert.Equal(HttpStatusCode.Created, (await Answer($"{url}|3.0", Says("other"))).Status);
        Assert.Equal(HttpStatusCode.Created, (await Answer($"{url}|2.0", Says("other"))).Status);
    }

    [Fact]
    public async Task A_transaction_s_form_judges_the_response_beside_it()
    {
        var url = NewUrl();
        JsonObject Both(string item) => Wire.Bundle("transaction", Wire.Entry("POST", "Questionnaire", Wire.Json(Form(url))),
            Wire.Entry("POST", "QuestionnaireResponse", Wire.Json(Response(url, item))));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Client.Post("", Both(Unknown).ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Post("", Both(Right).ToJsonString())).Status);
    }

    /// <summary>A form with a label that the social worker does not clear, beside one that says the same openly.</summary>
    [Fact]
    public async Task A_form_that_the_writer_does_not_see_tells_nothing()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Fhir:Types"] = "*" });
        var (lead, trust, council) = (await server.As("ig-lead"), await server.As("care-coordinator"), await server.As("social-worker"));
        var (hidden, open, none) = (NewUrl(), NewUrl(), NewUrl());
        const string Label = """{"resourceType":"Questionnaire","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIV"}]},""";
        var made = await lead.Post("Questionnaire", Form(hidden).Replace("""{"resourceType":"Questionnaire",""", Label, StringComparison.Ordinal));
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        Assert.Equal(HttpStatusCode.Created, (await lead.Post("Questionnaire", Form(open))).Status);
        Assert.Equal((await council.Get("Questionnaire/never-was-one")).Whole, (await council.Get($"Questionnaire/{made.Id}")).Whole);

        Assert.Contains("questionnaire", (await Ask(trust, hidden)).ErrorKeys);
        Assert.Contains("questionnaire", (await Ask(council, open)).ErrorKeys);
        Assert.Equal((await Ask(council, none)).Body.Replace(none, hidden, StringComparison.Ordinal), (await Ask(council, hidden)).Body);

        static Task<Heard> Ask(HttpClient client, string url) => client.Post("QuestionnaireResponse/$validate",
            Response(url, Unknown).Replace("\"status\"", "\"subject\":{\"reference\":\"Patient/robin\"},\"status\"", StringComparison.Ordinal));
    }

    private async Task<string> Stored(string form)
    {
        var made = await Client.Post("Questionnaire", form);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return made.Id;
    }

    private Task<Heard> Answer(string canonical, string items, string status = "completed") =>
        Client.Post("QuestionnaireResponse", Response(canonical, items, status));

    private static string Form(string url, string status = "active", string? version = null, string link = "a") => $$"""
        {"resourceType":"Questionnaire","url":"{{url}}",{{(version is null ? "" : $"\"version\":\"{version}\",")}}"status":"{{status}}","item":[{"linkId":"{{link}}","type":"integer","required":true}]}
        """;

    private static string Response(string canonical, string items, string status = "completed") => $$"""
        {"resourceType":"QuestionnaireResponse","questionnaire":"{{canonical}}","status":"{{status}}"{{(items == "" ? "" : $",\"item\":[{items}]")}}}
        """;
}
