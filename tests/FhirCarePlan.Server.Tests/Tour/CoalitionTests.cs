using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Server.Core;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.CareRules;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Parties that a holder does not stand behind never change their view of that holder's data by writing, in any sequence, whatever
/// numbers they type, whom they enrol and whom they refer to each other (src/docs/sharing.md#ties). Random worlds against the whole
/// pipeline and a real store.</summary>
[Collection("ward")]
public class CoalitionTests(Ward ward)
{
    private const int Worlds = 8, Writes = 24;

    private sealed record Member(string Persona, string Organization);

    private static readonly Member
        Trust = new("care-coordinator", "rivelin-trust"), Practice = new("gp", "meadow-practice"), Council = new("social-worker", "rivelin-council"),
        Homes = new("housing-officer", "harbour-homes"), Voluntary = new("voluntary-worker", "open-door");

    /// <summary>What happened over all worlds, so that a run in which nothing was written proves nothing.</summary>
    private int written, shared, accepted, refused;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Nobody_unbacked_sees_more_whatever_they_write_together(int seed)
    {
        for (var world = 0; world < Worlds; world++)
        {
            var random = new Random(seed * 1000 + world);
            var holder = random.Next(2) == 0 ? Practice : Trust;
            await Play(random, holder, [.. new[] { Trust, Practice, Council, Homes, Voluntary }.Where(m => m != holder)], $"seed {seed} world {world}");
        }
        Assert.True(written > 40 && shared > 10 && accepted > 2 && refused > 20, $"seed {seed}: {written} written, {shared} of them to others, {accepted} referrals accepted, {refused} refused");
    }

    private async Task Play(Random random, Member holder, Member[] coalition, string where)
    {
        var number = Number(random);
        var person = await Created(holder, Patient(number, holder.Organization == "meadow-practice" ? holder.Organization : null));
        List<string> theirs = [person, await Created(holder, About("Goal", person)), await Created(holder, About("Observation", person)), await Created(holder, About("Communication", person))];
        if (holder == Trust) theirs.Add(await Created(holder, Episode(person, holder.Organization)));
        var known = new List<string>(theirs);
        var before = await Views(coalition, theirs);
        Assert.All(before, view => Assert.StartsWith("NotFound 0", view));
        for (var n = 0; n < Writes; n++)
        {
            var did = await Write(random, coalition, number, known);
            var after = await Views(coalition, theirs);
            Assert.True(before.SequenceEqual(after), $"{where} write {n}: {did} changed what the coalition sees of {holder.Persona}'s data");
        }
        await Control(holder, coalition, person, theirs, before, where);
    }

    /// <summary>The holder itself lets one of them in: then the view changes, and only that one's.</summary>
    private async Task Control(Member holder, Member[] coalition, string person, List<string> theirs, List<string> before, string where)
    {
        var receiver = coalition.First(m => m == Trust || m == Council);
        var ask = await Created(holder, Letter(person, holder, receiver, "requested", null));
        await Created(receiver, Letter(person, receiver, receiver, "accepted", ask));
        Assert.False(before.SequenceEqual(await Views(coalition, theirs)), $"{where}: the holder's own referral opens nothing");
    }

    private async Task<string> Write(Random random, Member[] coalition, string number, List<string> known)
    {
        T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        var (who, other) = (One(coalition), One(coalition));
        var patient = One(known.Where(k => k.StartsWith("Patient/", StringComparison.Ordinal)).ToList());
        var tasks = known.Where(k => k.StartsWith("Task/", StringComparison.Ordinal)).ToList();
        // Those with rights write more often; the last Patient written is likely one of the coalition's.
        if (random.Next(2) == 0) who = coalition[0];
        if (random.Next(3) > 0) patient = known.Last(k => k.StartsWith("Patient/", StringComparison.Ordinal));
        var body = random.Next(10) switch
        {
            0 or 1 => Patient(random.Next(4) > 0 ? number : "9990000042", random.Next(3) == 0 ? "meadow-practice" : null),
            2 => Episode(patient, (random.Next(2) == 0 ? who : other).Organization),
            3 => Team(patient, coalition),
            4 => Permit(patient, who, other),
            5 => Letter(patient, who, other, "requested", null),
            6 or 7 when tasks.Count > 0 => Letter(patient, who, who, "accepted", One(tasks)),
            8 => About(One(["Goal", "Observation", "Communication", "CarePlan"]), patient),
            9 => Relative(patient),
            _ => About("Flag", patient),
        };
        var type = (string)body["resourceType"]!;
        var isUpdate = type == "Patient" && patient != known[0] && random.Next(2) == 0;
        if (isUpdate) body["id"] = patient.Split('/')[1];
        var answer = await ward.Write(who.Persona, isUpdate ? Table.Update : Table.Create, type, isUpdate ? patient.Split('/')[1] : "", body);
        if (answer.Kind is AnswerKind.Created or AnswerKind.Ok)
        {
            written++;
            if (type == "CareTeam" || type == "Task") shared++;
            if (type == "Task" && body["partOf"] != null) accepted++;
            if (!isUpdate) known.Add($"{type}/{answer.Id}");
        }
        else refused++;
        return $"{who.Persona} {type} about {patient}: {answer.Kind}";
    }

    private async Task<string> Created(Member who, JsonObject body)
    {
        var type = (string)body["resourceType"]!;
        var answer = await ward.Write(who.Persona, Table.Create, type, "", body);
        Assert.True(answer.Kind == AnswerKind.Created, $"{who.Persona} {type}: {answer}");
        return $"{type}/{answer.Id}";
    }

    /// <summary>What each of them reads and finds of each resource: status, hits, text.</summary>
    private async Task<List<string>> Views(Member[] coalition, List<string> resources)
    {
        var views = new List<string>();
        foreach (var member in coalition)
            foreach (var resource in resources)
            {
                var (type, id) = (resource.Split('/')[0], resource.Split('/')[1]);
                var read = await ward.Ask(member.Persona, Table.Read, type, id);
                var found = JsonNode.Parse((await ward.Ask(member.Persona, Table.Search, type, query: $"_id={id}")).Body.Span)!;
                views.Add($"{read.Kind} {found["total"]} {System.Text.Encoding.UTF8.GetString(read.Body.Span)}");
            }
        return views;
    }

    // ---- what is written ------------------------------------------------------------------------------------------------------

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>An NHS number with a right check digit.</summary>
    private static string Number(Random random)
    {
        while (true)
        {
            var digits = $"99{random.Next(1_000_000, 9_999_999)}";
            var check = (11 - digits.Select((d, i) => (d - '0') * (10 - i)).Sum() % 11) % 11;
            if (check < 10) return $"{digits}{check}";
        }
    }

    private static JsonObject Patient(string number, string? practice) => Json($$$"""
        {"resourceType":"Patient","identifier":[{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland","code":"01"}]}}],
        "system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{number}}}"}],"name":[{"family":"Case","given":["Ann"]}],"birthDate":"1990-01-01","gender":"female"{{{(practice is null ? "" : $$""","generalPractitioner":[{"reference":"Organization/{{practice}}"}]""")}}}}
        """);

    private static JsonObject Episode(string patient, string organization) => Json($$$"""
        {"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"{{{patient}}}"},"managingOrganization":{"reference":"Organization/{{{organization}}}"},"period":{"start":"2026-01-01"}}
        """);

    private static JsonObject About(string type, string patient) => Json(type switch
    {
        "Goal" => $$$"""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"{{{patient}}}"}}""",
        "Observation" => $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{patient}}}"}}""",
        "Communication" => $$$"""{"resourceType":"Communication","status":"completed","subject":{"reference":"{{{patient}}}"}}""",
        "CarePlan" => $$$"""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"{{{patient}}}"}}""",
        _ => $$$"""{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"{{{patient}}}"}}""",
    });

    private static JsonObject Relative(string patient) => Json($$$"""{"resourceType":"RelatedPerson","patient":{"reference":"{{{patient}}}"},"name":[{"text":"x"}]}""");

    private static JsonObject Team(string patient, Member[] members) => Json($$$"""
        {"resourceType":"CareTeam","status":"active","subject":{"reference":"{{{patient}}}"},"participant":[{{{string.Join(',', members.Select(m => $$$"""
            {"extension":[{"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-ParticipationAgreement","extension":[{"url":"status","valueCodeableConcept":{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-ParticipationStatus","code":"agreed"}]}}]},
             {"url":"https://fhir.cpa.example/StructureDefinition/Extension-CPA-AccessLevel","valueCodeableConcept":{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-AccessLevel","code":"full"}]}}],
             "member":{"reference":"Organization/{{{m.Organization}}}"}}
            """))}}}]}
        """);

    private static JsonObject Permit(string patient, Member recorder, Member recipient)
    {
        var permit = Talk.SampleJson("partnership/Consent-robin-consent-sharing.json");
        permit.Remove("id");
        permit["patient"] = new JsonObject { ["reference"] = patient };
        permit["performer"] = new JsonArray(new JsonObject { ["reference"] = patient });
        permit["organization"] = new JsonArray(new JsonObject { ["reference"] = $"Organization/{recorder.Organization}" });
        foreach (var actor in permit["provision"]!["actor"]!.AsArray()) actor!["reference"] = new JsonObject { ["reference"] = $"Organization/{recipient.Organization}" };
        return permit;
    }

    private static JsonObject Letter(string patient, Member from, Member to, string status, string? partOf)
    {
        var task = Json($$$"""
            {"resourceType":"Task","status":"{{{status}}}","intent":"order","code":{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-TaskCode","code":"fulfil"}]},"description":"x","authoredOn":"2026-01-01",
            "for":{"reference":"{{{patient}}}"},"requester":{"reference":"PractitionerRole/{{{from.Persona}}}"},"owner":{"reference":"Organization/{{{to.Organization}}}"}}
            """);
        if (partOf != null) task["partOf"] = new JsonArray(new JsonObject { ["reference"] = partOf });
        return task;
    }
}
