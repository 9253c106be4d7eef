using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Tests.Tour;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X8. From outside: InquiryTests.</summary>
[Collection("ward")]
public sealed class DischargeGateTests(Ward ward)
{
    [Fact]
    public async Task Who_has_all_of_it_goes_home()
    {
        var ash = await ward.Arrives();
        var discharged = await ash.Change("Encounter/admission", Discharge());
        Assert.True(discharged is { Kind: AnswerKind.Ok, Warnings: "" }, discharged.ToString());
    }

    public static TheoryData<string, string, Action<Dictionary<string, JsonObject>>> Missing => new()
    {
        { "a draft is no plan", "active care plan", r => r["CarePlan/plan"]["status"] = "draft" },
        { "the last co-ordinator left before", "co-ordinator",
            r => { r["CareTeam/team"].Participant("care-coordinator")["period"]!["start"] = "2024-12-24"; } },
        { "sleeps outdoors", "place to stay",
            r => r["Observation/accommodation"]["component"]![0]!["valueCodeableConcept"]!["coding"]![0]!["code"] = "N" },
        { "nobody knows where", "place to stay",
            r => r["Observation/accommodation"]["component"]![0]!["valueCodeableConcept"]!["coding"]![0]!["code"] = "9" },
        { "a record of a mistake", "place to stay", r => r["Observation/accommodation"]["status"] = "entered-in-error" },
        { "what is known begins later", "place to stay", r => r["Observation/accommodation"]["effectivePeriod"]!["start"] = "2024-12-24" },
        { "no visit at all", "visit within 72 hours", r => r.Remove("Appointment/appointment-follow-up") },
        { "a visit on the fourth day", "visit within 72 hours",
            r => r["Appointment/appointment-follow-up"]["start"] = "2024-12-03T10:00:00Z" },
        { "a visit that was called off", "visit within 72 hours", r => r["Appointment/appointment-follow-up"]["status"] = "cancelled" },
        { "nobody of the council in the team", "social services",
            r => r["CareTeam/team"].Participant("social-worker")["period"]!["start"] = "2024-12-24" },
    };

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task One_thing_missing_is_named_alone(string why, string named, Action<Dictionary<string, JsonObject>> without)
    {
        var ash = await ward.Arrives(without);
        var kept = await ash.Change("Encounter/admission", Discharge());
        Assert.True(kept is { Kind: AnswerKind.Unprocessable, Errors: "X8", Faults.Count: 1 }
            && kept.Faults[0].Text.Contains(named, StringComparison.Ordinal), $"{why}: {kept}");
    }

    [Fact]
    public async Task Social_services_are_asked_for_only_where_aftercare_is_due()
    {
        var ash = await ward.Arrives(r =>
        {
            r["CareTeam/team"].Participant("social-worker")["period"]!["start"] = "2024-12-24";
            r["EpisodeOfCare/episode"].Say("Section117", "eligible", "valueBoolean", false);
        });
        Assert.Equal("", (await ash.Change("Encounter/admission", Discharge())).Errors);
    }

    [Theory]
    [InlineData("2021-03-30T16:40:00Z", "2021-04-05T10:00:00Z", "")] // seven days, until the end of March 2021
    [InlineData("2021-04-02T16:40:00Z", "2021-04-08T10:00:00Z", "X8")]
    [InlineData("2021-04-02T16:40:00Z", "2021-04-05T10:00:00Z", "")]
    public async Task The_window_was_seven_days_before_April_2021(string leaves, string visit, string refused)
    {
        var ash = await ward.Arrives(r =>
        {
            foreach (var participant in r["CareTeam/team"]["participant"]!.AsArray()) participant!["period"]!["start"] = "2020-01-01";
            r["Observation/accommodation"]["effectivePeriod"]!["start"] = "2020-01-01";
            r["Encounter/admission"]["period"]!["start"] = "2021-01-01T10:00:00Z";
            r["Appointment/appointment-follow-up"]["start"] = visit;
            r["Appointment/appointment-follow-up"]["end"] = visit;
        });
        Assert.Equal(refused, (await ash.Change("Encounter/admission", Discharge(leaves))).Errors);
    }

    [Fact]
    public async Task To_be_recorded_as_finished_at_once_is_no_way_round()
    {
        var ash = await ward.Arrives(file: "inquiry/before.json");
        var finished = await ash.Read("Encounter/admission");
        Discharge()(finished);
        Assert.Equal("X8", (await ash.Create("Encounter/second", finished)).Errors);
    }

    [Theory]
    [InlineData("No bed in the county; the crisis team sees him tonight", "PractitionerRole/psychiatrist", "", "X8")]
    [InlineData(" ", "PractitionerRole/psychiatrist", "X8", "")]
    [InlineData(null, "PractitionerRole/psychiatrist", "slice-cardinality", "")]
    [InlineData("No bed", null, "slice-cardinality", "")]
    [InlineData("No bed", "PractitionerRole/housing-officer", "X8", "")] // not of the party that discharges
    public async Task An_override_states_reason_and_author(string? reason, string? author, string errors, string warnings)
    {
        var ash = await ward.Arrives(file: "inquiry/before.json");
        var discharged = await ash.Change("Encounter/admission", e =>
        {
            Discharge()(e);
            e.Say("DischargeOverride", "reason", "valueString", reason);
            e.Say("DischargeOverride", "author", "valueReference", author is null ? null : Ref(author));
        });
        Assert.Contains(errors, discharged.Errors);
        Assert.Equal(errors.Length == 0, discharged.Kind == AnswerKind.Ok);
        Assert.Equal(warnings, discharged.Warnings);
    }

    [Theory]
    [InlineData("51")] // another hospital
    [InlineData("79")] // died
    public async Task Who_goes_to_another_hospital_or_dies_goes_to_no_home(string destination)
    {
        var ash = await ward.Arrives(file: "inquiry/before.json");
        Assert.Equal("", (await ash.Change("Encounter/admission", e =>
        {
            Discharge()(e);
            e["hospitalization"] =
                Json($$"""{"dischargeDisposition": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland", "code": "{{destination}}"}]} }""");
        })).Errors);
    }

    [Fact]
    public async Task A_review_on_the_ward_is_no_discharge()
    {
        var ash = await ward.Arrives(file: "inquiry/before.json");
        var review = Talk.SampleJson("partnership/Encounter-robin-review-2024-03.json");
        review["subject"] = Ref("Patient/ash");
        review["episodeOfCare"] = new JsonArray(Ref("EpisodeOfCare/episode"));
        review["participant"]!.AsArray().RemoveAt(4);
        Assert.Equal("", (await ash.Create("Encounter/review", review)).Errors);
    }

    private static Action<JsonObject> Discharge(string leaves = "2024-11-29T16:40:00Z") => encounter =>
    {
        encounter["status"] = "finished";
        encounter["period"]!["end"] = leaves;
    };
}
