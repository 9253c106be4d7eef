using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Server.Auditing;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Tests.CareRules;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Tests.Auditing;

[Collection("ward")]
public class AuditEventJsonTests(Ward ward)
{
    private static readonly AuditEntry Read = new()
    {
        Id = "e1", At = new DateTimeOffset(2026, 2, 2, 10, 0, 0, 123, TimeSpan.Zero), Interaction = "read", Outcome = AuditOutcome.Success,
        Status = 200, Subject = "gp", Party = "practice",
        Role = "gp", Purpose = "TREAT", Agent = "PractitionerRole/gp", Organization = "Organization/meadow-practice",
        Target = "CarePlan/robin-plan", CorrelationId = "c",
        Details =
        [
            new AuditDetail
            {
                Kind = AuditDetailKind.Shown, Person = "p", Patient = "Patient/robin", Holder = "trust", Types = ["CarePlan"], Count = 1,
                    Ids = ["CarePlan/robin-plan"], Mask = 3,
                Policies = ["https://fhir.cpa.example/sharing/rivelin-mental-health|1.0.0#gp-sees-plan"],
            },
        ],
    };

    private static readonly AuditDetail Lee = Read.Details[0]
        with
    { Patient = "Patient/lee", Person = "q", Types = ["Condition", "Patient"], Ids = ["Condition/a", "Patient/lee"], Count = 2 };

    public static TheoryData<string> Kinds =>
        ["read", "search over persons", "refused", "write", "batch", "anonymous", "token", "nonsense", "directory", "failed", "erased",
        "nothing"];

    private static AuditEntry Entry(string kind) => kind switch
    {
        "read" => Read,
        "search over persons" =>
            Read with
            {
                Interaction = "search-type",
                Target = "Condition",
                Query = "code,_include",
                Details = [.. Read.Details, Lee, Lee with { Kind = AuditDetailKind.Refused, Gate = "G8" }]
            },
        "refused" =>
            Read with
            {
                Outcome = AuditOutcome.Minor,
                Status = 404,
                Reason = "absent",
                Details = [Lee with { Kind = AuditDetailKind.Refused, Gate = "G6", Policies = [], Mask = 0 }]
            },
        "write" => Read with { Interaction = "update", Details = [Lee with { Kind = AuditDetailKind.Written, IsWidening = true }] },
        "batch" => Read with { Interaction = "batch", Target = "" },
        "anonymous" =>
            Read with
            {
                Subject = "anonymous",
                Party = null,
                Role = null,
                Purpose = null,
                Agent = null,
                Organization = null,
                Details = [],
                Outcome = AuditOutcome.Minor,
                Status = 401
            },
        "token" => Read with { Interaction = AuditCodes.Token, Target = "", Details = [] },
        "nonsense" =>
            Read with { Interaction = AuditCodes.Unknown, Target = "Nonsense/\u00fc <x> " + new string('y', 80), Details = [], Query = "" },
        "directory" =>
            Read with
            {
                Target = "Organization/x",
                Details = [Read.Details[0] with { Person = null, Patient = null, Types = ["Organization"], Ids = ["Organization/x"] }]
            },
        "failed" => Read with { Outcome = AuditOutcome.Serious, Status = 503, Reason = "failed", Details = [] },
        "erased" =>
            Read with
            {
                Interaction = "erase",
                Target = "AuditEvent",
                Reason = "through 7",
                Status = 0,
                Details = [],
                CorrelationId = null
            },
        _ => Read with { Subject = "", Agent = null, Organization = null, Target = "", Details = [], Role = "", CorrelationId = null },
    };

    private JsonObject Render(AuditEntry entry) => JsonNode.Parse(AuditEventJson.Render(entry, ward.Engine.InForce.Bits))!.AsObject();

    /// <summary>By base R4 and, save for a request for a token, by our own profile.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_event_is_a_valid_AuditEvent(string kind)
    {
        var profiles = kind is "token" ? [] : (string[])["https://fhir.cpa.example/StructureDefinition/CPA-AuditEvent"];
        var report = new Report();
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(Render(Entry(kind)).ToJsonString()), report)!;
        new Validator(ward.Engine.Definitions.All, TimeProvider.System).Validate(document, profiles, report);
        Assert.DoesNotContain(report.Issues, i => i.IsError);
    }

    [Fact]
    public void Each_person_and_holder_has_an_entity_of_its_own()
    {
        var entities = Render(Entry("search over persons"))["entity"]!.AsArray();
        Assert.Equal(["Patient/robin", "Patient/lee", "Patient/lee", "CarePlan/robin-plan", "Condition/a"],
            entities.Select(e => (string?)e!["what"]?["reference"]).OfType<string>());
        Assert.Equal("what=shown holder=trust count=1 type=CarePlan category=contact category=demographics rule=https://fhir.cpa.example/sharing/rivelin-mental-health|1.0.0#gp-sees-plan",
            Details(entities[1]!));
        Assert.Contains("what=refused", Details(entities[3]!), StringComparison.Ordinal);
        Assert.Contains("gate=G8", Details(entities[3]!), StringComparison.Ordinal);

        static string Details(JsonNode entity) =>
            string.Join(' ', entity["detail"]!.AsArray().Select(d => $"{d!["type"]}={d["valueString"]}"));
    }

    [Theory]
    [InlineData("read", "rest", "read", "R", "0")]
    [InlineData("search over persons", "rest", "search-type", "E", "0")]
    [InlineData("write", "rest", "update", "U", "0")]
    [InlineData("refused", "rest", "read", "R", "4")]
    [InlineData("failed", "rest", "read", "R", "8")]
    [InlineData("token", "110114", "110122", "E", "0")]
    public void It_says_what_was_asked_and_what_came_of_it(string kind, string type, string subtype, string action, string outcome)
    {
        var json = Render(Entry(kind));
        Assert.Equal((type, subtype, action, outcome),
            ((string)json["type"]!["code"]!, (string)json["subtype"]![0]!["code"]!, (string)json["action"]!, (string)json["outcome"]!));
    }
}
