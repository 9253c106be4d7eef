using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Two servers with the same samples. In one of them the trust has registered Nia, whom nobody else knows, with an NHS number, a
/// team, a refusal, and hundreds of conditions. Everybody else asks both worlds the same, reads and writes in turn, and must be answered
/// alike; Nia's ids lead to nothing in the other world. src/docs/sharing.md#the-promise, leaks 41 to 46</summary>
public sealed partial class TwinWorldTests : IAsyncLifetime
{
    private const string Number = "9990000042", Fixed = "2026-06-01T10:20:30Z";

    private sealed record Secret(string Person, string Condition, string Plan, string ETag);

    private static readonly string[] Personas = ["gp", "housing-officer", "social-worker", "voluntary-worker", "person", "carer", "ig-lead",
        "outsider"];
    private static readonly Dictionary<string, string> Settings = new() { ["Clock:Fixed"] = Fixed };

    private ServerProcess with = null!, without = null!;
    private Secret nia = null!, nobody = null!;

    public async Task InitializeAsync()
    {
        (with, without) = (await ServerProcess.Start(Settings), await ServerProcess.Start(Settings));
        nia = await Hide(await with.As("care-coordinator"));
        nobody = new(Absent(nia.Person), Absent(nia.Condition), Absent(nia.Plan), nia.ETag);
    }

    public async Task DisposeAsync()
    {
        await with.DisposeAsync();
        await without.DisposeAsync();
    }

    /// <summary>The housing officer is one whom the person has refused. The trust's own governance lead sees no record, the outsider
    /// nothing.</summary>
    [Fact]
    public async Task Nobody_hears_of_a_person_whom_only_the_trust_knows()
    {
        var (asked, written) = (0, 0);
        // What is written has ids by lot, and with a fixed clock the order goes by id: pages in parts are compared before anybody writes.
        foreach (var persona in Personas) await Compare(persona, secret => Reads(persona, secret));
        foreach (var world in (ServerProcess[])[with, without])
        {
            var refused = await (await world.As("care-coordinator")).Post("Consent", Talk.Sample("tour/refusal-of-housing.json"));
            Assert.True(refused.Status == HttpStatusCode.Created, refused.Body);
        }
        foreach (var persona in Personas)
            await Compare(persona,
            secret =>
            [.. Subjects(persona, secret), .. Numbers(secret), .. Writes(secret), .. Reads(persona, secret)
            .Where(q => q.Url is not [.., '=', '2' or '3'])]);

        async Task Compare(string persona, Func<Secret, IEnumerable<Question>> questions)
        {
            var (here, there) = (await with.As(persona), await without.As(persona));
            foreach (var (question, twin) in questions(nia).Zip(questions(nobody)))
            {
                // The trust's governance lead sees its consents and disclosures, Nia's too.
                if (persona == "ig-lead"
                    && (question.Url.StartsWith("Consent", StringComparison.Ordinal)
                    || question.Url.EndsWith("$disclosures", StringComparison.Ordinal))) continue;
                var (a, b) = (await Ask(here, question), await Ask(there, twin));
                Assert.True(Alike(a, nia, here) == Alike(b, nobody, there),
                    $"{persona} {question.Method} {question.Url} {question.Body}\n--- with\n{Alike(a, nia, here)}\n--- without\n{Alike(b, nobody, there)}");
                asked++;
                if (question.Method != "GET" && a.Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent)
                    written++;
            }
        }
        Assert.InRange(asked, 1000, int.MaxValue);
        Assert.InRange(written, 50, int.MaxValue);
    }

    /// <summary>Row 46: what is hidden is not charged for. The same questions are refused for the same one as too many.</summary>
    [Theory]
    [InlineData("gp")]
    [InlineData("housing-officer")]
    [InlineData("outsider")]
    public async Task Hidden_data_uses_up_nobodys_allowance(string persona)
    {
        var few = new Dictionary<string, string>(Settings) { ["Limits:UnitsPerSecond"] = "1", ["Limits:Burst"] = "60" };
        var counts = new List<int>();
        foreach (var hides in (bool[])[true, false])
        {
            await using var server = await ServerProcess.Start(new Dictionary<string, string>(Settings), null);
            if (hides) await Hide(await server.As("care-coordinator"));
            await server.Kill();
            await using var limited = await ServerProcess.Start(few, server.DataFolder);
            var (client, count) = (await limited.As(persona), 0);
            while ((await client.Get("Condition?code=58214004&_count=1000")).Status != HttpStatusCode.TooManyRequests)
                Assert.InRange(++count, 0, 200);
            counts.Add(count);
        }
        // A unit comes back every second that the asking takes; the hidden conditions are worth dozens of units a question.
        Assert.InRange(Math.Abs(counts[0] - counts[1]), 0, 5);
        Assert.InRange(counts[0], 20, int.MaxValue);
    }

    private sealed record Question(string Method, string Url, string? Body = null, string? IfMatch = null);

    private static Task<Heard> Ask(HttpClient client, Question question) =>
        client.Ask(question.Method, question.Url, question.Body?.Replace("BASE", client.BaseAddress!.ToString(), StringComparison.Ordinal),
        question.IfMatch);

    /// <summary>Rows 43 and 45, and all that reads know of: by id, by search, by include, by history, by the ledger.</summary>
    private static IEnumerable<Question> Reads(string persona, Secret secret)
    {
        string[] types = ["CarePlan", "CareTeam", "Condition", "Consent", "EpisodeOfCare", "Observation", "Patient", "Provenance", "Task"];
        foreach (var type in types)
            foreach (var query in (string[])["", "?_count=2", "?_summary=count", "?_sort=-_lastUpdated&_count=3",
                "?_count=1000&_include=*&_revinclude=Provenance:target"])
                yield return new("GET", type + query);
        foreach (var (type, id) in ((string, string)[])[("Patient", secret.Person), ("Condition", secret.Condition),
            ("CarePlan", secret.Plan)])
            foreach (var what in (string[])["", "/_history", "/_history/x", "/$explain", "/$validate"])
                yield return new("GET", $"{type}/{id}{what}");
        yield return new("GET", $"Patient/{secret.Person}/$disclosures");
        foreach (var type in types)
            yield return new("GET",
            $"{type}?{(type is "Patient" ? "_id=" : type is "Provenance" ? "target=Patient/" : "patient=Patient/")}{secret.Person}");
        foreach (var query in (string[])["Condition?code=58214004&_count=1000", "Condition?code=58214004&_summary=count",
            "Condition?code=58214004&_total=accurate&_count=1", $"Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{Number}",
            $"Patient?identifier={Number}", "Patient?name=Merrow", "Patient?birthdate=1991-02-03"])
            yield return new("GET", query);
        foreach (var query in Joins(secret)) yield return new("GET", query);
        // The trust's governance lead oversees what its own clinicians did: for her there is something to see.
        if (persona == "ig-lead") yield break;
        foreach (var query in (string[])["_count=3&_total=none", $"patient=Patient/{secret.Person}", $"entity=Condition/{secret.Condition}",
            "agent=Organization/rivelin-trust&_summary=count", "outcome=4&_summary=count"])
            yield return new("GET", $"AuditEvent?{query}");
    }

    /// <summary>Rows 3 and 4: joins that could lead through what is hidden, or come from it.</summary>
    private static IEnumerable<string> Joins(Secret secret) =>
    [
        $"Condition?patient.identifier={Number}&_count=1000", "Condition?patient.name=Merrow", $"CareTeam?subject:Patient._id={secret.Person}", "Task?patient.birthdate=1991-02-03",
        "Patient?_has:Condition:patient:code=58214004&_count=1000", "Patient?_has:Condition:patient:code=58214004&_summary=count", "Patient?_has:Consent:patient:status=active",
        $"Patient?_has:Condition:patient:_id={secret.Condition}", "Organization?_has:EpisodeOfCare:organization:patient.name=Merrow",
        $"Organization?_has:EpisodeOfCare:organization:patient._has:Condition:patient:_id={secret.Condition}", "Condition?patient._has:EpisodeOfCare:patient:status=active&_count=1000",
        "Patient?_filter=not%20(_has:Condition:patient:code%20eq%2058214004)&_count=1000", "Condition?_filter=patient.name%20sw%20merrow%20or%20code%20eq%2058214004&_count=1000",
        $"Patient?_list={secret.Person}", "CareTeam?_include:iterate=CareTeam:patient&_revinclude:iterate=Condition:patient&_count=1000", "Observation?code-value-quantity=x$gt0",
        "Condition?_content=alcohol&_count=1000", "Patient?_content=merrow", "Patient?_text=merrow&_summary=count", "CareTeam?_content=merrow",
        "Practitioner?_has:Condition:asserter:patient.birthdate=1991-02-03",
    ];

    /// <summary>Rows 41 and 44: a person in every form that a reference can take.</summary>
    private static IEnumerable<Question> Subjects(string persona, Secret secret)
    {
        string[] forms =
        [
            $$$"""{"reference":"Patient/{{{secret.Person}}}"}""", $$$"""{"reference":"BASEPatient/{{{secret.Person}}}"}""",
                $$$"""{"reference":"Patient/{{{secret.Person}}}/_history/1"}""",
            $$$"""{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{Number}}}"}}""",
                $$$"""{"type":"Patient","identifier":{"value":"{{{Number}}}"}}""",
                "{\"reference\":\"urn:uuid:0b2f7a53-6c3e-4d0c-9d6b-0f6a2f1f9c11\"}",
            $$$"""{"reference":"https://elsewhere.example/fhir/Patient/{{{secret.Person}}}"}""", "{\"reference\":\"#p\"}",
                $$$"""{"reference":"Patient?identifier={{{Number}}}"}""", "{\"display\":\"Nia Merrow\"}",
        ];
        var own = persona is "person" or "carer" ? "people-of-rivelin" : "harbour-homes";
        foreach (var form in forms)
            foreach (var line in HiddenPersonTests.Bodies.Split('\n', StringSplitOptions.TrimEntries
                | StringSplitOptions.RemoveEmptyEntries))
            {
                var body = line.Replace("{\"reference\":\"Patient/WHO\"}", form, StringComparison.Ordinal)
                    .Replace("OWN", own, StringComparison.Ordinal).Replace("ASKED", secret.Condition, StringComparison.Ordinal);
                var type = (string)JsonNode.Parse(body)!["resourceType"]!;
                yield return new("POST", type, body);
                yield return new("POST", $"{type}/$validate?mode=create", body);
            }
    }

    /// <summary>Row 42: the NHS number that the trust has registered.</summary>
    private static IEnumerable<Question> Numbers(Secret secret)
    {
        var patient = HiddenPersonTests.Patient(Number);
        yield return new("POST", "Patient/$validate?mode=create", patient);
        yield return new("POST", "Patient", patient);
        yield return new("POST", "Patient", patient.Replace("Case", "Merrow", StringComparison.Ordinal));
        yield return new("POST", "",
            $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:7d0f6a1e-52d4-4d57-9a4f-0f1be1a5a001","resource":{{{patient}}},"request":{"method":"POST","url":"Patient"}},{"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:7d0f6a1e-52d4-4d57-9a4f-0f1be1a5a001"}},"request":{"method":"POST","url":"Observation"}}]}""");
        yield return new("POST", "",
            $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000050"}},"request":{"method":"POST","url":"Observation"}},{"request":{"method":"GET","url":"Patient/{{{secret.Person}}}"}}]}""");
    }

    /// <summary>Row 44: writes to what is hidden, and ordinary ones beside it.</summary>
    private static IEnumerable<Question> Writes(Secret secret)
    {
        foreach (var ifMatch in (string?[])[null, "*", secret.ETag])
            foreach (var (type, id) in ((string, string)[])[("Condition", secret.Condition), ("CarePlan", secret.Plan)])
            {
                var body =
                    $$$"""{"resourceType":"{{{type}}}","id":"{{{id}}}","status":"active","intent":"plan","code":{"text":"x"},"subject":{"reference":"Patient/{{{secret.Person}}}"}}""";
                yield return new("PUT", $"{type}/{id}", body, ifMatch);
                yield return new("DELETE", $"{type}/{id}", null, ifMatch);
                yield return new("POST", $"{type}/{id}/$validate?mode=update", body, ifMatch);
                yield return new("POST", $"{type}/{id}/$validate?mode=delete", null, ifMatch);
            }
        foreach (var line in HiddenPersonTests.Bodies.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var type = (string)JsonNode.Parse(line)!["resourceType"]!;
            yield return new("POST", type, line.Replace("WHO", "robin", StringComparison.Ordinal)
                .Replace("OWN", "harbour-homes", StringComparison.Ordinal).Replace("ASKED", "robin-task-rent", StringComparison.Ordinal));
        }
        yield return new("POST", "Observation",
            $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/robin"},"focus":[{"reference":"Condition/{{{secret.Condition}}}"}],"derivedFrom":[{"reference":"Observation/{{{secret.Condition}}}"}]}""");
    }

    /// <summary>The trust's hidden work: a person with team, plan, refusal, and conditions like robin's.</summary>
    private static async Task<Secret> Hide(HttpClient trust)
    {
        async Task<Heard> Create(string type, JsonNode body)
        {
            var created = await trust.Post(type, body.ToJsonString());
            Assert.True(created.Status == HttpStatusCode.Created, created.Body);
            return created;
        }
        var patient = JsonNode.Parse(HiddenPersonTests.Patient(Number).Replace("Case", "Merrow", StringComparison.Ordinal)
            .Replace("1990-01-01", "1991-02-03", StringComparison.Ordinal))!;
        var person = (await Create("Patient", patient)).Id;
        JsonObject About(string sample, string subject = "subject")
        {
            var resource = Talk.SampleJson($"partnership/{sample}.json").AsNew();
            resource[subject] = new JsonObject { ["reference"] = $"Patient/{person}" };
            return resource;
        }
        await Create("EpisodeOfCare",
            JsonNode.Parse($$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/{{{person}}}"},"managingOrganization":{"reference":"Organization/rivelin-trust"}}""")!);
        var refusal = Talk.SampleJson("tour/refusal-of-housing.json");
        refusal["patient"] = new JsonObject { ["reference"] = $"Patient/{person}" };
        refusal["performer"] = new JsonArray(new JsonObject { ["reference"] = $"Patient/{person}" });
        await Create("Consent", refusal);
        var condition = await Create("Condition", About("Condition-robin-alcohol"));
        var drinks = About("Condition-robin-alcohol").ToJsonString();
        var batch = await trust.Post("",
            Wire.Bundle("batch",
            [.. Enumerable.Range(0, 300).Select(_ => Wire.Entry("POST", "Condition", JsonNode.Parse(drinks)!.AsObject()))]).ToJsonString());
        Assert.All(batch.Entries, entry => Assert.StartsWith("201", (string)entry["response"]!["status"]!, StringComparison.Ordinal));
        var goal = await Create("Goal",
            JsonNode.Parse($$$"""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/{{{person}}}"}}""")!);
        await trust.Delete($"Goal/{goal.Id}", goal.ETag);
        var changed = await trust.Change($"Condition/{condition.Id}", c => c["language"] = "en");
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        return new(person, condition.Id, goal.Id, changed.ETag!);
    }

    /// <summary>An id of nothing, as long and of the same kind.</summary>
    private static string Absent(string id) => id[..^1] + (id[^1] == 'a' ? 'b' : 'a');

    /// <summary>An answer without what is random: ids, versions, links to further pages, times of this run; and without the address of the
    /// world.</summary>
    private static string Alike(Heard heard, Secret secret, HttpClient client)
    {
        var text = InOrder(heard).Replace(client.BaseAddress!.ToString(), "BASE", StringComparison.Ordinal)
            .Replace(secret.Person, "PERSON", StringComparison.Ordinal).Replace(secret.Condition, "CONDITION", StringComparison.Ordinal)
                .Replace(secret.Plan, "PLAN", StringComparison.Ordinal);
        return Links().Replace(Times().Replace(Ids().Replace(text, "ID"), "TIME"), m => $"page={new string('*', m.Length)}");
    }

    /// <summary>The hits of a search sorted by what they say, since their order goes by id.</summary>
    private static string InOrder(Heard heard)
    {
        if (!heard.Body.Contains("\"searchset\"", StringComparison.Ordinal)) return heard.Whole;
        var bundle = heard.Json;
        if (bundle["entry"] is JsonArray entries)
        {
            var sorted = entries.Select(e => e!.ToJsonString()).OrderBy(e => Ids().Replace(e, "ID"), StringComparer.Ordinal)
                .Select(e => JsonNode.Parse(e)).ToArray();
            bundle["entry"] = new JsonArray(sorted);
        }
        return $"{(int)heard.Status}\n{heard.Headers}\n{bundle.ToJsonString()}";
    }

    [GeneratedRegex("[0-9a-hjkmnp-tv-z]{26}")]
    private static partial Regex Ids();
    [GeneratedRegex("20[0-9]{2}-[01][0-9]-[0-3][0-9]T10:2[0-9]:[0-9.]+Z|\\w{3}, \\d\\d \\w{3} 20\\d\\d [0-9:]{8} GMT")]
    private static partial Regex Times();
    [GeneratedRegex("_page=[^\"&]+")]
    private static partial Regex Links();
}
