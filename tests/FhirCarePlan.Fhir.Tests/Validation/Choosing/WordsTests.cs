using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Fhir.Tests.Validation.Choosing;

/// <summary>What people write in words is judged as what they mean, wherever in the text they say it and however they spell it; what ordinary
/// records say is left alone.</summary>
public class WordsTests
{
    [Theory]
    [InlineData("Encounter", "type", "CPA-ReviewEncounter", "Annual CPA review", "CPA annual review", "Review (CPA)", "C.P.A. Review", "cpa reveiw",
        "Review under the Care-Programme Approach", "Care program approach review meeting", "CPA 6-month review", "6/12 CPA review - ward", "CPA Reviews", "RÉVIEW OF CPA")]
    [InlineData("CarePlan", "category", "CPA-CarePlan", "Enhanced CPA", "My CPA care plan", "Care Programme Approach (CPA)", "care programe aproach plan", "CPA level 2")]
    [InlineData("CarePlan", "category", "CPA-CrisisPlan", "My crisis plan", "Crísis plán", "Plán fôr à crísîs", "ＣＲＩＳＩＳ ＰＬＡＮ", "Mental health crisis plan", "Crisis & contingency plan", "CRISIS-PLAN", "Plan for a crisis",
        "Robin's crisis plan (2026)", "Crises plan", "crisis plans", "CPA crisis plan", "Crísis plan")]
    [InlineData("EpisodeOfCare", "type", "CPA-EpisodeOfCare", "On CPA", "Standard CPA episode", "Under the care programme approach")]
    [InlineData("Observation", "code", "CPA-HoNOS", "Total HoNOS score", "HoNOS65+", "Ho NOS total", "honos: item 4", "Ratings (HONOS)", "Health of the Nation Outcome Scales")]
    [InlineData("Observation", "code", "CPA-DIALOG", "DIALOG", "DIALOG+ score", "Total DIALOG score", "Dialog scale, item 3", "Mean DIALOG rating")]
    [InlineData("Observation", "code", "CPA-Accommodation", "Accommodation", "accomodation status", "Current accommodation", "Housing status", "Unsettled accommodation")]
    [InlineData("Observation", "code", "CPA-Employment", "Employment", "Her employment status", "current employment")]
    [InlineData("Observation", "code", "CPA-Benefits", "benefit", "State benefits", "Benefits received")]
    [InlineData("Observation", "code", "CPA-PhysicalHealthCheck", "Annual physical health check", "Physical health-check for SMI")]
    [InlineData("Flag", "category", "CPA-Flag", "MAPPA level 2", "mappa", "Under MARAC", "Safeguarding", "Safeguarding adults", "Told in confidence", "Third-party information", "Forensic")]
    [InlineData("Flag", "code", "CPA-Flag", "MAPPA level 2", "Multi-agency public protection", "Child safeguarding concern", "Forensic history")]
    [InlineData("Condition", "code", "CPA-Condition", "MAPPA level 2", "Multi agency public protection arrangements", "Forensic history: see file")]
    [InlineData("Condition", "category", "CPA-Condition", "Primary diagnosis", "primary diagnosys", "Forensic", "Substance-misuse")]
    [InlineData("Condition", "category", "CPA-Need", "Need", "needs", "Identified needs")]
    [InlineData("Consent", "category", "CPA-Consent", "Multi-agency sharing", "Multiagency sharing agreement", "Sharing between the agencies", "Share information with other agencies")]
    [InlineData("DocumentReference", "type", "CPA-DocumentReference", "My crisis plan", "Advance statement of wishes", "Advanced care plan")]
    [InlineData("DocumentReference", "category", "CPA-DocumentReference", "Care plan", "My CPA care plan")]
    [InlineData("Task", "code", "CPA-ShareRequestTask", "Share request", "Request to share information", "Information-sharing request", "Request to share Robin's records")]
    [InlineData("List", "code", "CPA-Register", "SMI register", "Register of severe mental illness", "Practice SMI registers 2026")]
    [InlineData("RelatedPerson", "relationship", "CPA-RelatedPerson", "Carer", "Main carer", "Young carers", "unpaid carer")]
    [InlineData("Communication", "category", "CPA-Communication", "Attempts to make contact", "Copy of the care plan", "Safeguarding alert")]
    public void It_is_judged_as_what_the_words_mean(string type, string element, string profile, params string[] texts) =>
        Assert.Equal([], texts.Where(t => !IsTold(Choose(In(type, element, t)), profile) || !IsTold(Choose(In(type, element, t, "display")), profile)));

    [Theory]
    [InlineData("CarePlan", "title", "CPA-CarePlan", "CPA care plan")]
    [InlineData("CarePlan", "title", "CPA-CrisisPlan", "My crisis plan")]
    [InlineData("List", "title", "CPA-Register", "Our SMI register")]
    [InlineData("Task", "description", "CPA-ShareRequestTask", "Request to share information with housing")]
    public void A_title_says_it_where_no_code_does(string type, string element, string profile, string text)
    {
        const string Concept = """{"coding":[{"system":"http://snomed.info/sct","code":"32485007"}]}""";
        var coded = type == "CarePlan" ? $"\"category\":[{Concept}]," : $"\"code\":{Concept},";
        Assert.True(IsTold(Choose($$"""{"resourceType":"{{type}}","{{element}}":"{{text}}"}"""), profile));
        Assert.DoesNotContain(Choose($$"""{"resourceType":"{{type}}",{{coded}}"{{element}}":"{{text}}"}""").Profiles, p => p.EndsWith(profile, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Flag", "category", "CPA-Flag", "forensic", "MAPPA", "mappa", "Forensic", "third-party", "Third party", "marac", "staff-safety")]
    [InlineData("Condition", "category", "CPA-Condition", "forensic", "Primary-Diagnosis", "primary diagnosis", "substance-misuse")]
    [InlineData("Communication", "category", "CPA-Communication", "contact-attempt", "plan-copy")]
    [InlineData("ServiceRequest", "category", "CPA-ServiceRequest", "daily-living", "finance-benefits")]
    [InlineData("Encounter", "type", "CPA-ReviewEncounter", "166131000000104")]
    public void A_code_of_ours_without_its_system_is_told(string type, string element, string profile, params string[] codes) =>
        Assert.Equal([], codes.Where(c => !IsTold(Choose(Json(type, element, $$"""{"coding":[{"code":"{{c}}"}]}""")), profile)));

    public static TheoryData<string, string, string> Ordinary
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var row in JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.Repository, "tests", "cases", "ordinary-words.json")))!.AsArray())
                foreach (var text in row!["texts"]!.AsArray()) all.Add((string)row["type"]!, (string)row["element"]!, (string)text!);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Ordinary))]
    public void Ordinary_words_are_left_alone(string type, string element, string text)
    {
        Assert.Equal([], Told(In(type, element, text)));
        Assert.Equal([], Told(In(type, element, text, "display")));
        if (R4.Type(type)!.Element("title") != null) Assert.Equal([], Told($$"""{"resourceType":"{{type}}","title":"{{text}}"}"""));
    }

    /// <summary>HL7's and UK Core's own examples. That a plan with a care team looks like a CPA plan is meant.</summary>
    [SharedFact]
    public void Nobody_else_s_records_are_taken_for_ours()
    {
        var files = Directory.EnumerateFiles(SharedData.Folder("data/examples/json")!, "*.json")
            .Concat(Directory.EnumerateFiles(SharedData.Folder("data/ukcore/examples")!, "*.json")).ToList();
        Assert.True(files.Count > 500);
        var told = new List<string>();
        foreach (var file in files)
            told.AddRange(Told(File.ReadAllText(file)).Where(t => !t.StartsWith("`careTeam`", StringComparison.Ordinal)).Select(t => $"{Path.GetFileNameWithoutExtension(file)}: {t}"));
        Assert.Equal([], told);
    }

    [Theory]
    [InlineData("\ud83d\ude00")]
    [InlineData("...")]
    public void Any_text_can_be_read(string text) =>
        Assert.Equal([], Told(In("Encounter", "type", string.Concat(Enumerable.Repeat(text, 399)))));

    [Fact]
    public void A_phrase_without_a_word_is_a_fault_of_the_table() => Assert.Throws<InvalidDataException>(() => new Phrases(["= of the"], []));

    private static string In(string type, string element, string text, string where = "text") =>
        Json(type, element, where == "text" ? $$"""{"text":"{{text}}"}""" : $$"""{"coding":[{"display":"{{text}}"}]}""");

    private static string Json(string type, string element, string concept) =>
        $$"""{"resourceType":"{{type}}","{{element}}":{{(R4.Type(type)!.Element(element)!.IsCollection ? $"[{concept}]" : concept)}}}""";

    private static Choice Choose(string json)
    {
        var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), new Report())!;
        return new ProfileChoice(Check.Table).For(document.Root);
    }

    private static IEnumerable<string> Told(string json) => Choose(json).Doubts.Select(d => d.Text);

    private static bool IsTold(Choice choice, string profile) =>
        choice.Doubts.Any(d => d.Profile.EndsWith("/" + profile, StringComparison.Ordinal) && d.Text.Contains("did you mean", StringComparison.OrdinalIgnoreCase));
}
