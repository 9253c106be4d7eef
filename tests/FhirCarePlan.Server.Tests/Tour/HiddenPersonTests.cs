using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>A writer gets the same answer about a person they do not see as about one who does not exist, whatever their tie to the person;
/// and no answer to a registration says whether the NHS number is known (src/docs/sharing.md#leaks, 42 and 44).</summary>
public class HiddenPersonTests
{
    private static readonly string[] Agencies = ["rivelin-trust", "meadow-practice", "rivelin-council", "harbour-homes", "open-door"];

    internal const string Bodies = """
        {"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"Patient/WHO"}}
        {"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/WHO"},"participant":[{"extension":[{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-ParticipationAgreement","extension":[{"url":"status","valueCodeableConcept":{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ParticipationStatus","code":"agreed"}]}}]}],"member":{"reference":"PractitionerRole/housing-officer"}}]}
        {"resourceType":"CareTeam","status":"active","category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-CareTeamCategory","code":"cpa-care-team"}]}],"subject":{"reference":"Patient/WHO"},"participant":[{"member":{"reference":"PractitionerRole/social-worker"}},{"member":{"reference":"RelatedPerson/carer"}}]}
        {"resourceType":"Condition","subject":{"reference":"Patient/WHO"},"code":{"text":"x"}}
        {"resourceType":"Consent","status":"active","scope":{"text":"x"},"category":[{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ConsentCategory","code":"multi-agency-sharing"}]}],"patient":{"reference":"Patient/WHO"},"performer":[{"reference":"RelatedPerson/carer"}],"provision":{"type":"deny"}}
        {"resourceType":"RelatedPerson","patient":{"reference":"Patient/WHO"},"relationship":[{"coding":[{"code":"GUARD"}]}]}
        {"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/WHO"},"managingOrganization":{"reference":"Organization/OWN"}}
        {"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/WHO"},"managingOrganization":{"reference":"Organization/rivelin-trust"}}
        {"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/WHO"}}
        {"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/WHO"},"owner":{"reference":"Organization/rivelin-trust"}}
        {"resourceType":"Task","status":"accepted","intent":"order","partOf":[{"reference":"Task/ASKED"}],"for":{"reference":"Patient/WHO"},"owner":{"reference":"Organization/OWN"}}
        {"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"Patient/WHO"}}
        {"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/WHO"}}
        {"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/WHO"}}
        {"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/WHO"}}
        {"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"url":"http://x.example"}}],"subject":{"reference":"Patient/WHO"}}
        {"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/WHO"}}
        {"resourceType":"QuestionnaireResponse","status":"completed","subject":{"reference":"Patient/WHO"}}
        {"resourceType":"Encounter","status":"planned","class":{"code":"AMB"},"subject":{"reference":"Patient/WHO"}}
        {"resourceType":"Appointment","status":"booked","participant":[{"status":"accepted","actor":{"reference":"Patient/WHO"}}]}
        {"resourceType":"Provenance","recorded":"2026-01-01T00:00:00Z","target":[{"reference":"Patient/WHO"}],"agent":[{"who":{"display":"x"}}]}
        {"resourceType":"List","status":"current","mode":"working","subject":{"reference":"Patient/WHO"}}
        """;

    /// <summary>Who, whom they do not see, and the id of a request to them that they do not see either.</summary>
    private static readonly (string Who, string Organization, string Hidden, string Asked)[] Writers =
    [
        ("housing-officer", "harbour-homes", "robin", "robin-task-rent"), ("voluntary-worker", "open-door", "robin", "robin-task-rent"), ("gp", "meadow-practice", "robin", "robin-task-transfer"),
        ("social-worker", "rivelin-council", "robin", "robin-task-rent"), ("care-coordinator", "rivelin-trust", "lee", "lee-task"), ("psychiatrist", "rivelin-trust", "lee", "lee-task"),
        ("person", "people-of-rivelin", "sky", "sky-task"), ("carer", "carers-of-rivelin", "robin", "robin-task-rent"), ("ig-lead", "rivelin-trust", "robin", "robin-task-rent"),
    ];

    [Fact]
    public async Task Writing_about_a_hidden_person_is_writing_about_nobody()
    {
        await using var server = await ServerProcess.Start();
        await Refuse(server);
        var told = 0;
        foreach (var (who, organization, hidden, asked) in Writers)
        {
            var client = await server.As(who);
            Assert.Equal(HttpStatusCode.NotFound, (await client.Get($"Patient/{hidden}")).Status);
            foreach (var line in Bodies.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var (real, none) = (Body(line, hidden, organization, asked), Body(line, Absent(hidden), organization, Absent(asked)));
                foreach (var (name, method, url, wraps) in Ways((string)JsonNode.Parse(line)!["resourceType"]!))
                {
                    var (about, absent) = (await client.Ask(method, url, wraps(real)), await client.Ask(method, url, wraps(none)));
                    Assert.True(Plain(about, hidden, asked) == Plain(absent, Absent(hidden), Absent(asked)), $"{who} {name} {line}\n{about.Whole}\n---\n{absent.Whole}");
                    if (about.Status is not (HttpStatusCode.OK or HttpStatusCode.Created)) told++;
                }
            }
        }
        Assert.InRange(told, 300, int.MaxValue);
    }

    /// <summary>An id that nothing has, as long as the other: places in the answer count characters.</summary>
    private static string Absent(string id) => new('q', id.Length);

    private static string Plain(Heard heard, string who, string asked) => heard.Whole.Replace(asked, "TASK", StringComparison.Ordinal).Replace($"Patient/{who}", "Patient/WHO", StringComparison.Ordinal);

    private static string Body(string line, string who, string own, string asked) => line.Replace("WHO", who, StringComparison.Ordinal).Replace("OWN", own, StringComparison.Ordinal).Replace("ASKED", asked, StringComparison.Ordinal);

    private static IEnumerable<(string Name, string Method, string Url, Func<string, string> Wraps)> Ways(string type)
    {
        yield return ("creates", "POST", type, body => body);
        yield return ("would create", "POST", $"{type}/$validate?mode=create", body => body);
        yield return ("transacts", "POST", "", body => $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{{body}}},"request":{"method":"POST","url":"{{{type}}}" }}]}""");
    }

    private static async Task Refuse(ServerProcess server)
    {
        var refusal = Talk.SampleJson("tour/refusal-by-person.json");
        refusal["provision"]!["actor"] = new JsonArray([.. Agencies.Select(a => new JsonObject
        {
            ["role"] = refusal["provision"]!["actor"]![0]!["role"]!.DeepClone(),
            ["reference"] = new JsonObject { ["reference"] = $"Organization/{a}" },
        }), new JsonObject { ["role"] = refusal["provision"]!["actor"]![0]!["role"]!.DeepClone(), ["reference"] = new JsonObject { ["reference"] = "RelatedPerson/carer" } }]);
        var said = await (await server.As("person")).Post("Consent", refusal.ToJsonString());
        Assert.True(said.Status == HttpStatusCode.Created, said.Body);
    }

    /// <summary>With the true version, with another, with `*` and without: replacing or deleting a hidden resource is replacing or deleting nothing.</summary>
    [Fact]
    public async Task Replacing_and_deleting_what_is_hidden_is_doing_it_to_nothing()
    {
        await using var server = await ServerProcess.Start();
        await Refuse(server);
        var trust = await server.As("care-coordinator");
        var practice = await server.As("gp");
        var asked = 0;
        foreach (var (who, _, _, _) in Writers)
        {
            var client = await server.As(who);
            foreach (var (url, whole) in Known)
            {
                var owner = url.Contains("lee", StringComparison.Ordinal) ? practice : trust;
                var before = await owner.Get(url);
                if (before.Status != HttpStatusCode.OK || (await client.Get(url)).Status != HttpStatusCode.NotFound) continue;
                var (type, id) = (url.Split('/')[0], url.Split('/')[1]);
                foreach (var ifMatch in (string?[])[before.ETag, "W/\"other\"", "*", null])
                    foreach (var (name, method, ask, body) in Attempts(type, id, whole, ifMatch))
                    {
                        var (hidden, none) = (await client.Ask(method, ask, body, ifMatch), await client.Ask(method, ask.Replace(id, Absent(id), StringComparison.Ordinal), body?.Replace(id, Absent(id), StringComparison.Ordinal), ifMatch));
                        Assert.True(Plain(hidden, id, id) == Plain(none, Absent(id), Absent(id)), $"{who} {name} {url} {ifMatch}\n{hidden.Whole}\n---\n{none.Whole}");
                        asked++;
                    }
                Assert.Equal((before.ETag, before.Body), ((await owner.Get(url)).ETag, (await owner.Get(url)).Body));
            }
        }
        Assert.InRange(asked, 300, int.MaxValue);
    }

    private static readonly (string Url, string Whole)[] Known =
    [
        .. new[] { "Patient-robin", "Condition-robin-alcohol", "CarePlan-robin-plan", "CareTeam-robin-team", "Consent-robin-consent-sharing", "EpisodeOfCare-robin-episode", "Observation-robin-accommodation", "Flag-robin-flag", "Condition-lee-depression", "Patient-lee" }
            .Select(name => (name[..name.IndexOf('-', StringComparison.Ordinal)] + "/" + name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..], Talk.Sample($"partnership/{name}.json"))),
    ];

    private static IEnumerable<(string Name, string Method, string Url, string? Body)> Attempts(string type, string id, string whole, string? ifMatch)
    {
        yield return ("replaces", "PUT", $"{type}/{id}", whole);
        yield return ("deletes", "DELETE", $"{type}/{id}", null);
        yield return ("would replace", "POST", $"{type}/{id}/$validate?mode=update", whole);
        yield return ("would delete", "POST", $"{type}/{id}/$validate?mode=delete", whole);
        var condition = ifMatch is null ? "" : $",\"ifMatch\":{System.Text.Json.JsonSerializer.Serialize(ifMatch)}";
        foreach (var kind in (string[])["batch", "transaction"])
        {
            yield return ($"replaces in a {kind}", "POST", "", $$$"""{"resourceType":"Bundle","type":"{{{kind}}}","entry":[{"resource":{{{whole}}},"request":{"method":"PUT","url":"{{{type}}}/{{{id}}}"{{{condition}}}}}]}""");
            yield return ($"deletes in a {kind}", "POST", "", $$$"""{"resourceType":"Bundle","type":"{{{kind}}}","entry":[{"request":{"method":"DELETE","url":"{{{type}}}/{{{id}}}"{{{condition}}}}}]}""");
        }
    }

    [Fact]
    public async Task An_NHS_number_tells_nothing_by_being_typed()
    {
        await using var server = await ServerProcess.Start();
        // Numbers of a person held by the practice, of one held by the trust, and of nobody.
        string[] numbers = ["9996730107", "9994127004", "9990000042"];
        foreach (var who in (string[])["care-coordinator", "gp"])
        {
            var client = await server.As(who);
            var own = $"Patient/{(await client.Post("Patient", Patient("9990000131"))).Id}";
            var answers = new List<(string Created, string Trial, string Updated, string TrialUpdate, string Enrolled)>();
            foreach (var number in numbers)
            {
                var trial = await client.Post("Patient/$validate?mode=create", Patient(number));
                var created = await client.Post("Patient", Patient(number));
                var id = created.Id;
                var body = JsonNode.Parse(Patient(number))!.AsObject();
                body["id"] = own.Split('/')[1];
                var before = (await client.Get(own)).ETag;
                var trialUpdate = await client.Ask("POST", $"{own}/$validate?mode=update", body.ToJsonString(), before);
                var updated = await client.Put(own, body.ToJsonString(), before);
                var episode = await client.Post("EpisodeOfCare", $$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/{{{id}}}"},"managingOrganization":{"reference":"Organization/rivelin-trust"}}""");
                answers.Add((Alike(created, id, number), Alike(trial, id, number), Alike(updated, own, number), Alike(trialUpdate, own, number), Alike(episode, id, number)));
                Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.Status, updated.Status));
            }
            Assert.Single(answers.Distinct());
        }
    }

    /// <summary>Status and body without random and sent parts.</summary>
    private static string Alike(Heard heard, string id, string number)
    {
        var body = System.Text.RegularExpressions.Regex.Replace(heard.Body, "\"(id|versionId|lastUpdated)\":\"[^\"]*\"", "");
        return $"{(int)heard.Status} {body.Replace(id, "ID", StringComparison.Ordinal).Replace(number, "NUMBER", StringComparison.Ordinal)}";
    }

    internal static string Patient(string number) => $$$"""
        {"resourceType":"Patient","identifier":[{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland","code":"01"}]}}],
        "system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{number}}}"}],"name":[{"family":"Case","given":["Ann"]}],"birthDate":"1990-01-01","gender":"female"}
        """;
}
