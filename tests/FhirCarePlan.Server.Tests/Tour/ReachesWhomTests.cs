using System.Net;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Care documents, adjustments, tenure, work and the joint assessment reach whom the agreement means.</summary>
public class ReachesWhomTests(SensitiveByCodeTests.Open open) : IClassFixture<SensitiveByCodeTests.Open>
{
    private static readonly string[] Readers = ["gp", "social-worker", "housing-officer", "carer", "person", "care-coordinator"];

    [Theory]
    [InlineData("736253002", "gp social-worker housing-officer carer")]
    [InlineData("325691000000100", "gp social-worker housing-officer carer")]
    [InlineData("2181441000000107", "gp social-worker")]
    [InlineData("887701000000100", "gp social-worker")]
    [InlineData("736366004", "gp social-worker")]
    [InlineData("735324008", "gp social-worker")]
    [InlineData("736373009", "gp social-worker")]
    [InlineData("371531000", "")]
    public Task A_care_document_goes_by_its_kind(string kind, string readers) =>
        Reaches("DocumentReference", $$"""{"resourceType":"DocumentReference","status":"current","type":{"coding":[{"system":"http://snomed.info/sct","code":"{{kind}}"}]},"content":[{"attachment":{"url":"http://x.example/d"} }],"subject":{"reference":"Patient/robin"} }""", readers);

    [Theory]
    [InlineData("reasonable-adjustment", "gp social-worker housing-officer carer")]
    [InlineData("staff-safety", "gp social-worker")]
    [InlineData("safeguarding", "gp social-worker")]
    [InlineData("forensic", "")]
    [InlineData("MAPPA", "")]
    [InlineData("third-party", "not-person")]
    public Task A_flag_goes_by_its_category(string category, string readers) =>
        Reaches("Flag", $$"""{"resourceType":"Flag","status":"active","category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-FlagCategory","code":"{{category}}"}]}],"code":{"text":"x"},"subject":{"reference":"Patient/robin"} }""", readers);

    [Theory]
    [InlineData("code", "365508006", "social-worker housing-officer")]
    [InlineData("valueCodeableConcept", "160734000", "social-worker housing-officer")]
    [InlineData("code", "224362002", "social-worker")]
    [InlineData("valueCodeableConcept", "73438004", "social-worker")]
    [InlineData("valueCodeableConcept", "248152002", "")]
    public Task Tenure_and_work_go_by_what_they_are(string element, string code, string readers) =>
        Reaches("Observation", $$"""{"resourceType":"Observation","status":"final",{{(element == "code" ? "" : "\"code\":{\"text\":\"x\"},")}}"{{element}}":{"coding":[{"system":"http://snomed.info/sct","code":"{{code}}"}]},"subject":{"reference":"Patient/robin"} }""", readers);

    [Theory]
    [InlineData("safeguarding", "gp social-worker")]
    [InlineData("plan-copy", "gp social-worker")]
    public Task A_message_goes_by_its_category(string category, string readers) =>
        Reaches("Communication", $$"""{"resourceType":"Communication","status":"completed","category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-CommunicationCategory","code":"{{category}}"}]}],"subject":{"reference":"Patient/robin"} }""", readers);

    [Fact]
    public async Task The_council_reads_its_side_of_the_joint_assessment()
    {
        var assessment = await (await open.Process.As("social-worker")).Get("QuestionnaireResponse/robin-assessment");
        Assert.Equal(HttpStatusCode.OK, assessment.Status);
        var items = assessment.Json["item"]!.AsArray().Select(i => (string)i!["linkId"]!).ToList();
        foreach (var domain in (string[])["accommodation", "finance-benefits", "daily-living", "carers", "risk", "daytime-activity"]) Assert.Contains(domain, items);
        Assert.DoesNotContain("substance-misuse", items);
        Assert.DoesNotContain("physical-health", items);
        foreach (var who in (string[])["gp", "housing-officer", "carer"])
            Assert.Equal(HttpStatusCode.NotFound, (await (await open.Process.As(who)).Get("QuestionnaireResponse/robin-assessment")).Status);
    }

    private async Task Reaches(string type, string body, string readers)
    {
        var filed = await (await open.Process.As("psychiatrist")).Post(type, body);
        Assert.True(filed.Status == HttpStatusCode.Created, filed.Body);
        foreach (var who in Readers)
        {
            var isSeen = who == "care-coordinator" || who == "person" && readers != "not-person" || readers.Split(' ').Contains(who);
            Assert.Equal((who, isSeen ? HttpStatusCode.OK : HttpStatusCode.NotFound), (who, (await (await open.Process.As(who)).Get($"{type}/{filed.Id}")).Status));
        }
    }
}
