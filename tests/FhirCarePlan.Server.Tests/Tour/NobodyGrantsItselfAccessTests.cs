using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>An agency that writes anything, knowing ids and versions, sees no more afterwards than what it wrote itself
/// (src/docs/sharing.md#writing).</summary>
public class NobodyGrantsItselfAccessTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;

    private static readonly string[] Attackers = ["housing-officer", "voluntary-worker", "social-worker", "carer", "outsider"];
    private static readonly string[] Types = ["CarePlan", "CareTeam", "Condition", "Consent", "Patient", "RelatedPerson", "EpisodeOfCare", "Goal", "Task", "Flag", "Observation", "RiskAssessment", "Communication", "DocumentReference", "ServiceRequest", "QuestionnaireResponse"];

    /// <summary>The organisation, post and party of each attacker, as the samples have them.</summary>
    private static (string Organization, string Role) Of(string attacker) => attacker switch
    {
        "housing-officer" => ("harbour-homes", "housing-officer"),
        "voluntary-worker" => ("open-door", "voluntary-worker"),
        "social-worker" => ("rivelin-council", "social-worker"),
        "carer" => ("carers-of-rivelin", "carer"),
        _ => ("far-away", "outsider"),
    };

    public static TheoryData<string> Everybody => [.. Attackers];

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task No_write_widens_the_attackers_view(string attacker)
    {
        var client = await Server.As(attacker);
        var trust = await Server.As("care-coordinator");
        var (organization, role) = Of(attacker);
        var before = await View(client);
        var own = new HashSet<string>();
        foreach (var (name, method, url, body) in await Attempts(trust, organization, role))
        {
            var etag = method is "PUT" or "DELETE" ? (await trust.Get(url)).ETag : null;
            var answer = await client.Ask(method, url, body?.ToJsonString(), etag);
            Assert.True((int)answer.Status is >= 200 and < 500, $"{name}: {(int)answer.Status}");
            if (answer.Status == HttpStatusCode.Created && url.Length > 0) own.Add($"{url}/{answer.Id}");
            if (url.Length == 0 && answer.Status == HttpStatusCode.OK)
                foreach (var entry in answer.Entries)
                    if ((string?)entry["response"]?["location"] is { } location) own.Add(string.Join('/', location.Split('/')[..2]));
            var after = await View(client);
            var gained = after.Keys.Except(before.Keys).Except(own).ToList();
            Assert.True(gained.Count == 0, $"{name} ({(int)answer.Status}) opened {string.Join(", ", gained)}");
            Assert.True(before.All(b => after.TryGetValue(b.Key, out var now) && now.Length <= b.Value.Length), $"{name} ({(int)answer.Status}) shows more of what was there");
        }
    }

    private static async Task<Dictionary<string, string>> View(HttpClient client)
    {
        var view = new Dictionary<string, string>();
        foreach (var type in Types)
        {
            var found = await client.Get($"{type}?_count=1000");
            Assert.Equal(HttpStatusCode.OK, found.Status);
            foreach (var entry in found.Entries) view[$"{type}/{(string)entry["resource"]!["id"]!}"] = entry["resource"]!.ToJsonString();
        }
        return view;
    }

    private static async Task<List<(string Name, string Method, string Url, JsonObject? Body)>> Attempts(HttpClient trust, string organization, string role)
    {
        var team = (await trust.Get("CareTeam/robin-team")).Json;
        var joined = Clone(team);
        joined["participant"]!.AsArray().Add(Member(organization, role));
        var founded = Clone(joined);
        founded.Remove("id");
        founded.Remove("meta");
        founded["managingOrganization"] = new JsonArray(Reference($"Organization/{organization}"));
        var refusal = Talk.SampleJson("tour/refusal-of-housing.json");
        refusal["organization"] = new JsonArray(Reference($"Organization/{organization}"));
        var permit = (await trust.Get("Consent/robin-consent-sharing")).Json;
        permit.Remove("id");
        permit.Remove("meta");
        permit["organization"] = new JsonArray(Reference($"Organization/{organization}"));
        foreach (var actor in permit["provision"]!["actor"]!.AsArray()) actor!["reference"] = Reference($"Organization/{organization}");
        var withdrawn = (await trust.Get("Consent/robin-consent-sharing")).Json;
        withdrawn["status"] = "inactive";
        var patient = (await trust.Get("Patient/robin")).Json;
        var registered = Clone(patient);
        registered["generalPractitioner"] = new JsonArray(Reference($"Organization/{organization}"));
        var again = Clone(registered);
        again.Remove("id");
        again.Remove("meta");
        var linked = JsonNode.Parse("""{"resourceType":"Patient","name":[{"text":"Somebody"}],"link":[{"other":{"reference":"Patient/robin"},"type":"seealso"}]}""")!.AsObject();
        var plain = JsonNode.Parse("""{"resourceType":"Patient","name":[{"text":"Somebody"}]}""")!.AsObject();
        var role_ = (await trust.Get("PractitionerRole/care-coordinator")).Json;
        role_["organization"] = Reference($"Organization/{organization}");
        var ods = (await trust.Get("Organization/rivelin-trust")).Json;
        var asTrust = Clone(ods);
        asTrust.Remove("id");
        asTrust.Remove("meta");
        var plan = (await trust.Get("CarePlan/robin-plan")).Json;
        plan["meta"]!.AsObject().Remove("security");
        var attempts = new List<(string, string, string, JsonObject?)>
        {
            ("joins the care team", "PUT", "CareTeam/robin-team", joined),
            ("founds a care team", "POST", "CareTeam", founded),
            ("rewrites the plan without labels", "PUT", "CarePlan/robin-plan", plan),
            ("withdraws the consent", "PUT", "Consent/robin-consent-sharing", withdrawn),
            ("deletes the consent", "DELETE", "Consent/robin-consent-sharing", null),
            ("forges a permit for itself", "POST", "Consent", permit),
            ("becomes the registered practice", "PUT", "Patient/robin", registered),
            ("creates the person again", "POST", "Patient", again),
            ("links a person of its own to robin", "POST", "Patient", linked),
            ("creates a patient", "POST", "Patient", plain),
            ("re-employs the co-ordinator", "PUT", "PractitionerRole/care-coordinator", role_),
            ("takes the trust's code", "POST", "Organization", asTrust),
            ("rewrites the trust", "PUT", "Organization/rivelin-trust", ods),
            ("opens an episode", "POST", "EpisodeOfCare", Json($$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/robin"},"managingOrganization":{"reference":"Organization/{{{organization}}}"}}""")),
            ("raises a flag", "POST", "Flag", Json($$$"""{"resourceType":"Flag","status":"active","code":{"text":"crisis"},"subject":{"reference":"Patient/robin"},"author":{"reference":"PractitionerRole/{{{role}}}"}}""")),
            ("refers to itself", "POST", "Task", Json($$$"""{"resourceType":"Task","status":"requested","intent":"order","code":{"coding":[{"code":"fulfil"}]},"for":{"reference":"Patient/robin"},"requester":{"reference":"PractitionerRole/{{{role}}}"},"owner":{"reference":"Organization/{{{organization}}}"}}""")),
            ("accepts its own task", "POST", "Task", Json($$$"""{"resourceType":"Task","status":"accepted","intent":"order","partOf":[{"reference":"Task/robin-task-rent"}],"for":{"reference":"Patient/robin"},"requester":{"reference":"PractitionerRole/{{{role}}}"},"owner":{"reference":"Organization/{{{organization}}}"}}""")),
            ("refers to itself by request", "POST", "ServiceRequest", Json($$$"""{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/robin"},"requester":{"reference":"PractitionerRole/{{{role}}}"},"performer":[{"reference":"Organization/{{{organization}}}"}]}""")),
            ("makes itself a proxy", "POST", "RelatedPerson", Json("""{"resourceType":"RelatedPerson","patient":{"reference":"Patient/robin"},"relationship":[{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole","code":"ProxyContact"}]}]}""")),
            ("joins, then reads, in one transaction", "POST", "", Transaction(joined, founded)),
            ("writes as the service", "POST", "AuditEvent", Json("""{"resourceType":"AuditEvent"}""")),
        };
        foreach (var basis in new[] { "public-interest", "safeguarding", "vital-interests", "best-interests", "consent-given", "lpa-decision" })
        {
            var forged = Clone(permit);
            foreach (var extension in forged["extension"]!.AsArray())
                if (((string)extension!["url"]!).EndsWith("SharingBasis", StringComparison.Ordinal)) extension["valueCodeableConcept"]!["coding"]![0]!["code"] = basis;
            attempts.Add(($"forges a consent on the basis {basis}", "POST", "Consent", forged));
        }
        return attempts;
    }

    private static JsonObject Transaction(JsonObject joined, JsonObject founded) => new()
    {
        ["resourceType"] = "Bundle",
        ["type"] = "transaction",
        ["entry"] = new JsonArray(
            new JsonObject { ["fullUrl"] = "urn:uuid:6f1c7f0a-1d0e-4f0e-9b55-6d2f5d6a5a01", ["resource"] = Clone(founded), ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "CareTeam" } },
            new JsonObject { ["resource"] = Clone(joined), ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = "CareTeam/robin-team", ["ifMatch"] = $"W/\"{(string)joined["meta"]!["versionId"]!}\"" } },
            new JsonObject { ["request"] = new JsonObject { ["method"] = "GET", ["url"] = "CarePlan/robin-plan" } }),
    };

    private static JsonObject Member(string organization, string role) => Json($$$"""
        {"extension":[
          {"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-ParticipationAgreement","extension":[{"url":"status","valueCodeableConcept":{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ParticipationStatus","code":"agreed"}]}}]},
          {"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-AccessLevel","valueCodeableConcept":{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-AccessLevel","code":"full"}]}}],
         "role":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-TeamRole","code":"support-worker"}]}],
         "member":{"reference":"{{{(role is "carer" ? "RelatedPerson" : "PractitionerRole")}}}/{{{role}}}","display":"Attacker of {{{organization}}}"},"period":{"start":"2024-01-01"}}
        """);

    private static JsonObject Reference(string reference) => new() { ["reference"] = reference };
    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
    private static JsonObject Clone(JsonObject json) => json.DeepClone().AsObject();
}
