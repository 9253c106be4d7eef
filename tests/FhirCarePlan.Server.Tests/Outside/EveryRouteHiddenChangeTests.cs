using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Tests.Smart;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>The twin world before and after: the trust changes only what a caller cannot see, and every route answers that caller as
/// before, header for header. A route without a case fails. src/docs/sharing.md#the-promise,
/// src/docs/sharing.md#versions-and-time</summary>
public class EveryRouteHiddenChangeTests
{
    private sealed record Question(string Method, string Url, string? Body = null);

    /// <summary>A resource that the trust sees, with its version as the trust has it.</summary>
    private sealed record Place(string Type, string Id, string Version)
    {
        public string Url => $"{Type}/{Id}";
    }

    /// <summary>The request for each route. Writes are ones that are refused, so that asking changes nothing.</summary>
    private static readonly Dictionary<string, Func<IReadOnlyList<Place>, IEnumerable<Question>>> Cases = new()
    {
        ["GET /metadata"] = _ => [new("GET", "metadata")],
        ["OPTIONS /{**rest}"] = places => [new("OPTIONS", ""), .. places.Select(p => new Question("OPTIONS", p.Url))],
        ["GET /_history"] = _ => Histories(""),
        ["GET /{type}/_history"] = _ => StoredTypes.Default.SelectMany(t => Histories($"{t}/")),
        ["GET "] = _ => (Question[])
        [
            new("GET", "?_count=7"), new("GET", "?_count=1000&_total=accurate"), new("GET", "?_summary=count"), new("GET", "?_type=Condition,Observation&patient=Patient/robin"),
            new("GET", "?_type=CarePlan,Condition&_lastUpdated=gt2000-01-01&_count=3"), new("GET", "?_type=Nonsense"), new("GET", "?_security:not=R"), new("GET", "?_id=robin"),
        ],
        ["POST /_search"] = _ => [], // below, as the search of a type
        ["GET /{compartment}/{owner}/{type}"] = places => places.Where(p => p.Type is "Patient" or "Practitioner" or "RelatedPerson" or "Encounter").Concat([new("Patient", "never-was-one", "x")])
            .SelectMany(p => (string[])["CarePlan", "Condition", "Consent", "Encounter", "Observation", "Patient", "Task", "Provenance", "Flag"], (p, t) => $"{p.Url}/{t}")
            .SelectMany(url => (Question[])[new("GET", url), new("GET", $"{url}?_count=1&_sort=-_lastUpdated"), new("GET", $"{url}?_summary=count")]),
        ["POST /{compartment}/{owner}/{type}/_search"] = _ => [],
        ["GET /{compartment}/{owner}/*"] = places => places.Where(p => p.Type is "Patient" or "Practitioner" or "RelatedPerson" or "Encounter").Concat([new("Patient", "never-was-one", "x")])
            .SelectMany(p => (Question[])[new("GET", $"{p.Url}/*"), new("GET", $"{p.Url}/*?_count=3"), new("GET", $"{p.Url}/*?_summary=count"), new("GET", $"{p.Url}/*?_type=Condition,Consent&_total=accurate")]),
        ["POST /{compartment}/{owner}/*/_search"] = _ => [],
        ["POST "] = places =>
        [
            .. places.Select(p =>
                new Question("POST", "",
                Wire.Bundle("batch", Wire.Entry("GET", p.Url), Wire.Entry("GET", $"{p.Type}?_count=3"),
                Wire.Entry("DELETE", p.Url, ifMatch: "W/\"x\""), Wire.Entry("GET", $"{p.Url}/$explain")).ToJsonString())),
            .. places.Take(20)
                .Select(p =>
                new Question("POST", "", Wire.Bundle("transaction", Wire.Entry("GET", p.Url), Wire.Entry("GET", "Goal/never-was-one"))
                .ToJsonString())),
        ],
        ["GET /{type}"] = _ => StoredTypes.Default.SelectMany(t => (string[])
        [
            t, $"{t}?_count=1", $"{t}?_count=0", $"{t}?_summary=count", $"{t}?_sort=-_lastUpdated", $"{t}?_sort=_id&_count=2&_total=none",
                $"{t}?_lastUpdated=gt2000-01-01", $"{t}?_summary=true", $"{t}?_include=*&_count=2", $"{t}?_security:not=R",
                $"{t}?_tag:missing=true", $"{t}?_colour=red",
        ]).Concat(
        [
            "CarePlan?goal:missing=true", "CarePlan?activity-code:missing=false",
                "CarePlan?_revinclude=CarePlan:part-of&_include=CarePlan:goal",
                "Patient?_revinclude=Condition:subject&_revinclude=Consent:patient&_revinclude=Observation:subject&_revinclude=Task:patient",
            "Condition?code=58214004", "Condition?code:not=58214004", "Condition?_sort=code", "Condition?_sort=-recorded-date",
                "Observation?_sort=-date&_count=3", "Consent?status=active", "Task?_sort=-_lastUpdated&_total=accurate",
                "Patient?identifier:missing=false", "Goal?description:text=x", "Condition?patient.name=robin", "CarePlan?condition.code=58214004", "CarePlan?goal.lifecycle-status=active&_summary=count",
        ]).Select(url => new Question("GET", url)),
        ["POST /{type}/_search"] = _ => [], // below: a form, not a resource
        ["POST /{type}"] = _ => StoredTypes.Default.Select(t => new Question("POST", t, $$$"""{"resourceType":"{{{t}}}","nonsense":1}""")),
        ["POST /{type}/$validate"] = _ =>
            StoredTypes.Default.Select(t =>
            new Question("POST", $"{t}/$validate", $$$"""{"resourceType":"{{{t}}}","subject":{"reference":"Patient/sky"}}""")),
        ["GET /{type}/{id}"] = places =>
            places.SelectMany(p =>
            (Question[])[new("GET", p.Url), new("GET", $"{p.Url}?_summary=true"), new("GET", $"{p.Url}?_elements=status")])
                .Concat(places.Where(p => p.Type is "Binary" or "Condition").Select(p => new Question("GET", $"Binary/{p.Id}?_format=application/pdf"))),
        ["PUT /{type}/{id}"] = places =>
            places.Select(p => new Question("PUT", p.Url, $$$"""{"resourceType":"{{{p.Type}}}","id":"{{{p.Id}}}","nonsense":1}""")),
        ["DELETE /{type}/{id}"] = places => places.Where(p => StoredTypes.Core.Contains(p.Type)).Select(p => new Question("DELETE", p.Url)),
        // Without If-Match, or with a patch that does not fit, nothing is changed of what is in view.
        ["PATCH /{type}/{id}"] = places => places.SelectMany(p => (Question[])
        [
            new("PATCH", p.Url, """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"nonsense"},{"name":"value","valueString":"x"}]}]}"""),
            new("PATCH", p.Url, """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"'x'"}]}]}"""),
        ]),
        ["PUT /{type}"] = places => StoredTypes.Default.SelectMany(t => (Question[])
        [
            new("PUT", $"{t}?_id=never-was-one", $$$"""{"resourceType":"{{{t}}}","nonsense":1}"""),
            new("PUT", $"{t}?_lastUpdated=gt2000", $$$"""{"resourceType":"{{{t}}}","id":"never-was-one"}"""),
        ]),
        ["PATCH /{type}"] = places => places.Select(p => new Question("PATCH", $"{p.Type}?_id={p.Id}", """{"resourceType":"Parameters","parameter":[{"name":"nonsense"}]}"""))
            .Concat(StoredTypes.Default.Select(t => new Question("PATCH", $"{t}?_lastUpdated=gt2000", """{"resourceType":"Parameters","parameter":[{"name":"nonsense"}]}"""))),
        ["DELETE /{type}"] = places => places.Where(p => StoredTypes.Core.Contains(p.Type)).Select(p => new Question("DELETE", $"{p.Type}?_id={p.Id}"))
            .Concat(StoredTypes.Default.Select(t => new Question("DELETE", $"{t}?_id=never-was-one"))),
        ["GET /{type}/{id}/_history"] = places => places.SelectMany(p => Histories($"{p.Url}/")),
        ["GET /{type}/{id}/_history/{version}"] = places => places.Select(p => new Question("GET", $"{p.Url}/_history/{p.Version}")),
        ["GET /{type}/{id}/$validate"] = places => places.Select(p => new Question("GET", $"{p.Url}/$validate")),
        ["POST /{type}/{id}/$validate"] = places =>
            places.Select(p => new Question("POST", $"{p.Url}/$validate", """{"resourceType":"Parameters"}""")),
        // One's own list grows with every request, hidden ones too: that is its purpose. Other people's lists are not found.
        ["GET /Patient/{id}/$disclosures"] = _ =>
            [new("GET", "Patient/sky/$disclosures"), new("GET", "Patient/never-was-one/$disclosures")],
        ["POST /Patient/{id}/$erase"] = places => WithAbsent(places, "Patient").Select(url => new Question("POST", $"{url}/$erase", """{"resourceType":"Parameters","parameter":[{"name":"reason","valueCode":"in-error"},{"name":"birthDate","valueDate":"1900-01-01"},{"name":"nhsNumber","valueString":"none"}]}""")),
        ["POST /$ledger-receipt"] = _ => [new("POST", "$ledger-receipt", """{"resourceType":"Parameters"}""")],
        ["POST /$verify-ledger"] = _ => [new("POST", "$verify-ledger", """{"resourceType":"Parameters"}""")],
        // Definitions are everybody's, the same for all.
        ["GET /ValueSet/$expand"] = _ => [new("GET", "ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/task-status")],
        ["POST /ValueSet/$expand"] = _ => [new("POST", "ValueSet/$expand", """{"resourceType":"Parameters"}""")],
        ["GET /ValueSet/{id}/$expand"] = _ => [new("GET", "ValueSet/task-status/$expand")],
        ["GET /ValueSet/$validate-code"] = _ => [new("GET", "ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/task-status&code=draft")],
        ["POST /ValueSet/$validate-code"] = _ => [new("POST", "ValueSet/$validate-code", """{"resourceType":"Parameters"}""")],
        ["GET /ValueSet/{id}/$validate-code"] = _ => [new("GET", "ValueSet/task-status/$validate-code?code=draft")],
        ["GET /CodeSystem/$validate-code"] = _ => [new("GET", "CodeSystem/$validate-code?url=http://hl7.org/fhir/task-status&code=draft")],
        ["POST /CodeSystem/$validate-code"] = _ => [new("POST", "CodeSystem/$validate-code", """{"resourceType":"Parameters"}""")],
        ["GET /CodeSystem/$lookup"] = _ => [new("GET", "CodeSystem/$lookup?system=http://hl7.org/fhir/task-status&code=draft")],
        ["POST /CodeSystem/$lookup"] = _ => [new("POST", "CodeSystem/$lookup", """{"resourceType":"Parameters"}""")],
        ["GET /CodeSystem/$subsumes"] = _ => [new("GET", "CodeSystem/$subsumes?system=http://hl7.org/fhir/task-status&codeA=draft&codeB=ready")],
        ["POST /CodeSystem/$subsumes"] = _ => [new("POST", "CodeSystem/$subsumes", """{"resourceType":"Parameters"}""")],
        ["GET /ConceptMap/$translate"] = _ => [new("GET", "ConceptMap/$translate?code=draft")],
        ["POST /ConceptMap/$translate"] = _ => [new("POST", "ConceptMap/$translate", """{"resourceType":"Parameters"}""")],
        ["GET /Patient/{id}/$everything"] = places => WithAbsent(places, "Patient").SelectMany(url => Everything(url).Select(u => new Question("GET", u))),
        ["POST /Patient/{id}/$everything"] = places => WithAbsent(places, "Patient").Select(url => new Question("POST", $"{url}/$everything", """{"resourceType":"Parameters","parameter":[{"name":"_count","valueInteger":3}]}""")),
        ["GET /EpisodeOfCare/{id}/$everything"] = places => WithAbsent(places, "EpisodeOfCare").SelectMany(url => Everything(url).Select(u => new Question("GET", u))),
        ["POST /EpisodeOfCare/{id}/$everything"] = places => WithAbsent(places, "EpisodeOfCare").Select(url => new Question("POST", $"{url}/$everything", """{"resourceType":"Parameters"}""")),
        // Refused without `Prefer: respond-async`; what an export holds is asked below.
        ["GET /$export"] = _ => [new("GET", "$export")],
        ["POST /$export"] = _ => [new("POST", "$export", """{"resourceType":"Parameters"}""")],
        ["GET /Patient/$export"] = _ => [new("GET", "Patient/$export")],
        ["POST /Patient/$export"] = _ => [new("POST", "Patient/$export", """{"resourceType":"Parameters"}""")],
        ["GET /Group/{id}/$export"] = places => WithAbsent(places, "Group").Select(url => new Question("GET", $"{url}/$export")),
        ["POST /Group/{id}/$export"] = places => WithAbsent(places, "Group").Select(url => new Question("POST", $"{url}/$export", """{"resourceType":"Parameters"}""")),
        ["POST /$import"] = _ => [new("POST", "$import", """{"resourceType":"Parameters"}""")],
        ["GET /$import-status/{id}"] = _ => [new("GET", "$import-status/never-was-one")],
        ["DELETE /$import-status/{id}"] = _ => [new("DELETE", "$import-status/never-was-one")],
        ["GET /$import-file/{id}/{file}"] = _ => [new("GET", "$import-file/never-was-one/error")],
        ["GET /$export-status/{id}"] = _ => [new("GET", "$export-status/never-was-one")],
        ["DELETE /$export-status/{id}"] = _ => [new("DELETE", "$export-status/never-was-one")],
        ["GET /$export-file/{id}/{file}"] = _ => [new("GET", "$export-file/never-was-one/Patient")],
        ["POST /Patient/$match"] = _ => ((string[])
            ["""{"resourceType":"Patient","name":[{"family":"Ashgrove","given":["Robin"]}]}""", """{"resourceType":"Patient","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9996730107"}]}""", """{"resourceType":"Patient","name":[{"family":"X"}],"birthDate":"1990"}"""])
            .Select(body => new Question("POST", "Patient/$match", body)),
        ["GET /Composition/{id}/$document"] = places => WithAbsent(places, "Composition").Select(url => new Question("GET", $"{url}/$document")),
        ["POST /$convert"] = _ => [new("POST", "$convert?_format=xml", """{"resourceType":"Patient","active":true}""")],
        ["GET /{type}/{id}/$meta"] = places => places.Select(p => new Question("GET", $"{p.Url}/$meta")),
        ["GET /{type}/$meta"] = _ => StoredTypes.Default.Select(t => new Question("GET", $"{t}/$meta")),
        ["GET /$meta"] = _ => [new("GET", "$meta")],
        ["GET /{type}/{id}/$explain"] = places => places.Select(p => new Question("GET", $"{p.Url}/$explain")),
    };

    private static IEnumerable<string> WithAbsent(IEnumerable<Place> places, string type) => places.Where(p => p.Type == type).Select(p => p.Url).Append($"{type}/never-was-one");
    private static string[] Everything(string url) => [$"{url}/$everything", $"{url}/$everything?_count=2", $"{url}/$everything?_count=1000&start=2020&end=2030-01-01", $"{url}/$everything?_since=2026", $"{url}/$everything?_type=Condition,Observation,Practitioner"];

    private static IEnumerable<Question> Histories(string at) =>
        ((string[])["", "?_count=1", "?_count=0", "?_since=2000", "?_since=2026-06-01", "?_at=2026-06-01T10:20:31Z", "?_at=2026", "?_summary=true&_count=3", "?_elements=status"])
            .Select(query => new Question("GET", $"{at}_history{query}"));

    /// <summary>Each caller asks the first question of every route and one in three of the others, each caller others:
    /// `FCP_TWIN=whole` has all ask all.</summary>
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("FCP_TWIN") == "whole";
    private const int OneIn = 3;

    private static IEnumerable<Question> Questions(string who, IReadOnlyList<Place> places) =>
        Cases.Values.SelectMany(c => c(places).Where((question, i) => i == 0 || IsWhole || IsForThem(who, question)));

    private static bool IsForThem(string who, Question question) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{who} {question.Method} {question.Url} {question.Body}"))[0] % OneIn == 0;

    private static readonly string[] OfTheLedger = ["AuditEvent", "$disclosures", "$ledger-receipt", "$verify-ledger"];

    [Fact]
    public void Every_route_has_a_case() =>
        Assert.Equal(Table.All.All.SelectMany(i => i.Routes).Select(r => $"{r.Method} {r.Pattern}").Order(), Cases.Keys.Order());

    [Theory]
    [InlineData("housing-officer")]
    [InlineData("gp")]
    [InlineData("social-worker")]
    [InlineData("person")]
    [InlineData("voluntary-worker")]
    [InlineData("carer")]
    [InlineData("outsider")]
    [InlineData("ig-lead")]
    public async Task What_changes_out_of_sight_changes_no_answer_of_any_route(string persona)
    {
        // A fixed clock, since page links expire by the hour; the times of versions still rise.
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Clock:Fixed"] = "2026-06-01T10:20:30Z" });
        var (trust, caller) = (await server.As("care-coordinator"), await server.As(persona));
        foreach (var context in (string[])["Patient/robin", "DocumentReference/robin-advance-statement", "Patient/sky"])
            await trust.Send("POST", "Binary", [1, 2, 3], "application/pdf", $"X-Security-Context: {context}");
        var places = await Places(trust);
        places.Add(new Place("Condition", "never-was-one", "x"));
        var hidden = new List<JsonObject>();
        foreach (var place in places.SkipLast(1))
            if ((int)(await caller.Get(place.Url)).Status == 404) hidden.Add((await trust.Get(place.Url)).Json);
        var labelled = await HiddenByLabel(trust, caller);
        var before = await Hear(persona, caller, places);

        var changed = await Change(trust, caller, hidden, labelled);

        Assert.True(changed.Count > 20, string.Join(", ", changed));
        foreach (var (question, answer) in await Hear(persona, caller, places))
            // The governance lead oversees what was done: the ledger is there for her to hear of it.
            if (persona != "ig-lead" || !OfTheLedger.Any(word => question.Contains(word, StringComparison.Ordinal)))
                Assert.True(before[question] == answer,
                $"{persona} hears of it by {question}\n--- before\n{before[question]}\n--- after\n{answer}\n--- changed: {string.Join(", ", changed)}");
    }

    /// <summary>The same promise for what the scopes of a token leave out: the agreement lets this caller see it, the token does not.</summary>
    [Theory]
    [InlineData("care-coordinator", "patient/*.rs", "robin")]
    [InlineData("care-coordinator", "patient/*.cruds", "sky")]
    [InlineData("care-coordinator", "user/Observation.cruds?category=vital-signs user/Patient.rs", null)]
    [InlineData("care-coordinator", "user/Condition.r user/CarePlan.s user/Practitioner.rs", null)]
    [InlineData("gp", "patient/Condition.rs user/Condition.rs?category=problem-list-item", "sky")]
    public async Task What_changes_outside_of_the_scopes_changes_no_answer_of_any_route(string persona, string scope, string? patient)
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Clock:Fixed"] = "2026-06-01T10:20:30Z" });
        var (trust, caller) = (await server.As("care-coordinator"), await server.With(persona, scope, patient));
        foreach (var context in (string[])["Patient/robin", "DocumentReference/robin-advance-statement", "Patient/sky"])
            await trust.Send("POST", "Binary", [1, 2, 3], "application/pdf", $"X-Security-Context: {context}");
        var places = await Places(trust);
        places.Add(new Place("Condition", "never-was-one", "x"));
        var hidden = new List<JsonObject>();
        foreach (var place in places.SkipLast(1))
            // What is left out of reading may be found by searching, and the other way round.
            if ((int)(await caller.Get(place.Url)).Status == 404 && (await caller.Get($"{place.Type}?_id={place.Id}&_summary=count")).Total == 0) hidden.Add((await trust.Get(place.Url)).Json);
        var before = await Hear(scope, caller, places);

        var changed = await Change(trust, null, hidden, []);

        Assert.True(changed.Count > 20, string.Join(", ", changed));
        foreach (var (question, answer) in await Hear(scope, caller, places))
            Assert.True(before[question] == answer, $"{scope} hears of it by {question}\n--- before\n{before[question]}\n--- after\n{answer}\n--- changed: {string.Join(", ", changed)}");
    }

    private static async Task<List<Place>> Places(HttpClient trust)
    {
        var places = new List<Place>();
        // The definitions that the server works by are the same for everyone and have no versions.
        foreach (var type in StoredTypes.Default.Except(Catalogue.Types))
            foreach (var entry in (await trust.Get($"{type}?_count=1000")).Entries)
                places.Add(new Place(type, (string)entry["resource"]!["id"]!, (string)entry["resource"]!["meta"]!["versionId"]!));
        return places;
    }

    private static async Task<Dictionary<string, string>> Hear(string who, HttpClient caller, IReadOnlyList<Place> places)
    {
        var heard = new Dictionary<string, string>();
        foreach (var question in Questions(who, places))
            heard[$"{question.Method} {question.Url} {question.Body}"] =
                (await caller.Ask(question.Method, question.Url, question.Body, question.Method == "PUT" ? "W/\"x\"" : null)).Whole;
        foreach (var begun in (string[])["$export", "Patient/$export", "$export?_since=2000&_typeFilter=Condition%3Fcode%3D58214004"]) await HearExport(caller, begun, heard);
        foreach (var type in StoredTypes.Default.Concat([.. StoredTypes.Default.Select(t => $"Patient/robin/{t}"), "Patient/robin/*", "Patient/sky/*"]))
        {
            var found = await caller.Send("POST", $"{type}/_search", "_sort=-_lastUpdated&_count=2"u8.ToArray(),
                "application/x-www-form-urlencoded");
            heard[$"POST {type}/_search"] = $"{found.Status} {found.Body} {found.Header("ETag")} {found.Header("Last-Modified")}";
        }
        return heard;
    }

    /// <summary>The manifest and every file of an export; the number of the job aside.</summary>
    private static async Task HearExport(HttpClient caller, string begun, Dictionary<string, string> heard)
    {
        var job = await caller.Send("GET", begun, headers: "Prefer: respond-async");
        if (job.Header("Content-Location") is not { } place)
        {
            heard[begun] = $"{job.Status} {job.Body}";
            return;
        }
        var manifest = await caller.Send("GET", place[caller.BaseAddress!.ToString().Length..]);
        var id = place[(place.LastIndexOf('/') + 1)..];
        heard[begun] = manifest.Body.Replace(id, "JOB", StringComparison.Ordinal);
        foreach (var type in StoredTypes.Default)
        {
            var file = await caller.Send("GET", $"$export-file/{id}/{type}");
            heard[$"{begun} {type}"] = $"{file.Status} {file.Body}";
        }
    }

    /// <summary>Labels that put a need of robin's out of the caller's sight, tried out before anything is heard.</summary>
    private static async Task<List<JsonObject>> HiddenByLabel(HttpClient trust, HttpClient caller)
    {
        var hidden = new List<JsonObject>();
        foreach (var (system, code) in new[] { ("v3-Confidentiality", "R"), ("v3-Confidentiality", "V"), ("v3-ActCode", "SUD"),
            ("v3-ActCode", "HIV"), ("v3-ActCode", "NONSENSE") })
        {
            var need = Talk.SampleJson("partnership/Condition-robin-need-accommodation.json").AsNew();
            need["recorder"] = new JsonObject { ["reference"] = "PractitionerRole/care-coordinator" };
            need["meta"] =
                new JsonObject
                {
                    ["security"] =
                new JsonArray(new JsonObject { ["system"] = $"http://terminology.hl7.org/CodeSystem/{system}", ["code"] = code })
                };
            var tried = await trust.Post("Condition", need.ToJsonString());
            if ((int)tried.Status == 201 && (int)(await caller.Get($"Condition/{tried.Id}")).Status == 404) hidden.Add(need);
        }
        return hidden;
    }

    /// <summary>Changes everything hidden, creates another of each and deletes it; changes the hidden half of what is half in
    /// sight.</summary>
    private static async Task<List<string>> Change(HttpClient trust, HttpClient? caller, List<JsonObject> hidden, List<JsonObject> labelled)
    {
        var changed = new List<string>();
        void Did(string what, Heard answer)
        {
            if ((int)answer.Status is 200 or 201 or 204) changed.Add(what);
        }
        foreach (var resource in hidden)
        {
            var (type, id) = ((string)resource["resourceType"]!, (string)resource["id"]!);
            Did($"update {type}/{id}", await trust.Change($"{type}/{id}", r => r["language"] = "cy"));
            if (type is "Patient" or "Organization" or "PractitionerRole") continue; // the directory stays
            var copy = await trust.Post(type, resource.AsNew().ToJsonString());
            Did($"create {type}", copy);
            if ((int)copy.Status == 201 && type != "Consent") Did($"delete {type}", await trust.Delete($"{type}/{copy.Id}", copy.ETag));
        }
        foreach (var need in labelled) Did("create labelled Condition", await trust.Post("Condition", need.ToJsonString()));
        if (hidden.Any(h => (string)h["id"]! == "sky-consent-sharing") && hidden.Any(h => (string)h["id"]! == "sky"))
        {
            var refusal = Talk.SampleJson("tour/refusal-of-housing.json");
            refusal["patient"] = new JsonObject { ["reference"] = "Patient/sky" };
            refusal["performer"] = new JsonArray(new JsonObject { ["reference"] = "Patient/sky" });
            Did("somebody else refuses", await trust.Post("Consent", refusal.ToJsonString()));
        }
        // Scopes hide whole resources only.
        if (caller is null) return changed;
        var seen = await caller.Get("CarePlan/robin-plan");
        if ((int)seen.Status == 200) Did("hidden activity", await trust.Change("CarePlan/robin-plan", plan =>
        {
            foreach (var activity in plan["activity"]!.AsArray())
                if ((string?)activity!["detail"]?["description"] is { } text && !seen.Body.Contains(text, StringComparison.Ordinal))
                    activity["detail"]!["description"] = $"{text} And more of it.";
        }));
        return changed;
    }
}
