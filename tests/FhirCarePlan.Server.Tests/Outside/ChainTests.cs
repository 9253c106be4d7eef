using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Chained searches: each step in the caller's view. https://hl7.org/fhir/R4/search.html#chaining</summary>
public class ChainTests(SampleServer samples) : IClassFixture<SampleServer>
{
    /// <summary>The same in two questions.</summary>
    private static async Task<List<string>> InSteps(HttpClient client, string type, string by, string target, string rest)
    {
        var ids = await client.Matches($"{target}?{rest}&_count=1000");
        return ids.Count == 0 ? [] : await client.Matches($"{type}?{by}={string.Join(',', ids)}&_count=1000");
    }

    public static TheoryData<string> Personas => ["care-coordinator", "gp", "housing-officer", "social-worker", "person", "carer", "outsider"];

    [Theory]
    [MemberData(nameof(Personas))]
    public async Task A_chain_is_two_searches_in_the_callers_view(string persona)
    {
        var (client, trust) = (await samples.Process.As(persona), await samples.Process.As("care-coordinator"));
        var number = (string)(await trust.Get("Patient/robin")).Json["identifier"]![0]!["value"]!;
        var some = 0;
        foreach (var (type, by, target, rest) in new[]
        {
            ("Condition", "patient", "Patient", $"identifier=https://fhir.nhs.uk/Id/nhs-number|{number}"), ("CarePlan", "patient", "Patient", $"identifier={number}"),
            ("Observation", "subject:Patient", "Patient", $"identifier={number}"), ("CarePlan", "subject:Patient", "Patient", "birthdate=gt1900"),
            ("CarePlan", "goal", "Goal", "lifecycle-status=active"), ("Task", "patient", "Patient", "_id=robin"), ("Condition", "patient", "Patient", "name:exact=Nobody"),
            ("EpisodeOfCare", "organization", "Organization", "name:contains=trust"), ("CarePlan", "care-team", "CareTeam", "status=active"),
        })
        {
            var found = await client.Matches($"{type}?{by}.{rest}&_count=2");
            Assert.Equal(await InSteps(client, type, by.Split(':')[0], target, rest), found);
            Assert.Equal(found.Count, (await client.Get($"{type}?{by}.{rest}&_summary=count")).Total);
            some += found.Count;
        }
        Assert.True(persona == "outsider" ? some == 0 : some > 0, $"{persona}: {some}");
    }

    /// <summary>A chain asks what a search of the type asks, whatever that is.</summary>
    [Theory]
    [InlineData("Condition", "patient", "Patient", "_list=register-trust")]
    [InlineData("Condition", "patient", "Patient", "_filter=gender pr true")]
    [InlineData("CarePlan", "condition", "Condition", "_content=schizophrenia")]
    [InlineData("Goal", "patient", "Patient", "_content=robin")]
    [InlineData("Task", "based-on:CarePlan", "CarePlan", "_text=plan")]
    public async Task A_chain_asks_what_its_type_can_be_asked(string type, string by, string target, string rest)
    {
        foreach (var persona in (string[])["care-coordinator", "housing-officer", "outsider"])
        {
            var client = await samples.Process.As(persona);
            Assert.Equal(await InSteps(client, type, by.Split(':')[0], target, rest), await client.Matches($"{type}?{by}.{rest}"));
        }
    }

    [Fact]
    public async Task Chains_nest_and_go_with_everything_else()
    {
        var client = await samples.Process.As("care-coordinator");
        var nested = await client.Matches("CarePlan?care-team.patient.name=robin&_count=1000");
        Assert.NotEmpty(nested);
        Assert.Equal(await InSteps(client, "CarePlan", "care-team", "CareTeam", "patient.name=robin"), nested);
        var both = await client.Matches("Observation?patient.name=robin&date=ge2020&_sort=-date&_count=1000");
        Assert.Equal(await client.Matches("Observation?patient=Patient/robin&date=ge2020&_sort=-date&_count=1000"), both);
        Assert.Equal(await client.Matches("Patient/robin/Condition"), await client.Matches("Patient/robin/Condition?patient.name=robin"));
        Assert.Equal(await client.Matches("?_type=Condition,Goal&patient=Patient/robin"), await client.Matches("?_type=Condition,Goal&patient.name=robin"));
        var next = (await client.Get("Observation?patient.name=robin&_count=2")).Json["link"]!.AsArray().Single(l => (string)l!["relation"]! == "next")!["url"]!;
        Assert.Contains("patient.name=robin", (string)next!, StringComparison.Ordinal);
        Assert.Equal(400, (int)(await (await samples.Process.As("gp")).Get((string)next!)).Status);
    }

    /// <summary>`_has` in two questions: what refers, and then what it refers to.</summary>
    private static async Task<List<string>> BackInSteps(HttpClient client, string type, string source, string by, string rest)
    {
        var referring = (await client.Get($"{source}?{rest}&_count=1000")).Entries.Select(e => e["resource"]!).Where(r => (string)r["resourceType"]! == source);
        var named = referring.SelectMany(r => (r[by] is System.Text.Json.Nodes.JsonArray many ? many.ToList() : [r[by]]).Select(to => (string?)to?["reference"]))
            .OfType<string>().Where(to => to.StartsWith($"{type}/", StringComparison.Ordinal)).Select(to => to[(type.Length + 1)..]).Distinct().ToList();
        return named.Count == 0 ? [] : await client.Matches($"{type}?_id={string.Join(',', named)}&_count=1000");
    }

    [Theory]
    [MemberData(nameof(Personas))]
    public async Task Has_is_two_searches_in_the_callers_view(string persona)
    {
        var (client, some) = (await samples.Process.As(persona), 0);
        foreach (var (type, source, by, element, rest) in new[]
        {
            ("Patient", "Condition", "patient", "subject", "clinical-status=active"), ("Patient", "CarePlan", "subject", "subject", "status=active"),
            ("Patient", "Task", "patient", "for", "status:not=completed"), ("CareTeam", "CarePlan", "care-team", "careTeam", "_id:missing=false"),
            ("Goal", "CarePlan", "goal", "goal", "status=active"), ("Condition", "CarePlan", "condition", "addresses", "intent=plan"),
            ("Patient", "Condition", "patient", "subject", "code=58214004"), ("Organization", "EpisodeOfCare", "organization", "managingOrganization", "status=active"),
        })
        {
            var asked = rest.StartsWith("_id", StringComparison.Ordinal) ? "_lastUpdated=gt2000" : rest;
            var found = await client.Matches($"{type}?_has:{source}:{by}:{asked}&_count=2");
            Assert.Equal(await BackInSteps(client, type, source, element, asked), found);
            Assert.Equal(found.Count, (await client.Get($"{type}?_has:{source}:{by}:{asked}&_summary=count")).Total);
            some += found.Count;
        }
        Assert.True(persona == "outsider" ? some == 0 : some > 0, $"{persona}: {some}");
    }

    [Fact]
    public async Task Has_nests_and_goes_with_chains()
    {
        var client = await samples.Process.As("care-coordinator");
        var robin = await client.Matches("Patient?_has:CarePlan:patient:care-team.status=active");
        Assert.Contains("robin", string.Join(' ', robin), StringComparison.Ordinal);
        Assert.Equal(await client.Matches("Task?patient=Patient/robin&_count=1000"), await client.Matches("Task?patient._has:Condition:patient:code=58214004&_count=1000"));
        Assert.Equal(robin.Where(r => r == "Patient/robin"), await client.Matches("Patient?_has:CarePlan:patient:care-team.status=active&_has:CarePlan:subject:patient._has:Condition:patient:code=58214004"));
        Assert.NotEmpty(await client.Matches("Goal?_has:CarePlan:goal:patient._has:Condition:patient:code=58214004"));
        Assert.Empty(await client.Matches("Goal?_has:CarePlan:goal:patient._has:Condition:patient:code=00000000"));
    }

    /// <summary>A hidden condition must not tell that its patient has it: the answer is the one to a code that nobody has.</summary>
    [Theory]
    [InlineData("Patient?_has:Condition:patient:code=CODE")]
    [InlineData("Task?patient._has:Condition:patient:code=CODE")]
    [InlineData("Patient?_has:Condition:patient:code=CODE&_summary=count")]
    [InlineData("Patient?_has:CarePlan:patient:condition.code=CODE")]
    public async Task Has_comes_from_nothing_hidden(string url)
    {
        var (officer, trust) = (await samples.Process.As("housing-officer"), await samples.Process.As("care-coordinator"));
        Assert.NotEqual(0, (await trust.Get($"{url.Replace("CODE", "58214004", StringComparison.Ordinal).Replace("&_summary=count", "", StringComparison.Ordinal)}&_total=accurate")).Total);
        Assert.Equal((await officer.Get(url.Replace("CODE", "58214004", StringComparison.Ordinal))).Whole.Replace("58214004", "x", StringComparison.Ordinal),
            (await officer.Get(url.Replace("CODE", "99999999", StringComparison.Ordinal))).Whole.Replace("99999999", "x", StringComparison.Ordinal));
    }

    /// <summary>What a step leads through must be in view: whether somebody hidden has a number is not to be found out.</summary>
    [Fact]
    public async Task A_chain_leads_through_nothing_hidden()
    {
        var (officer, trust) = (await samples.Process.As("housing-officer"), await samples.Process.As("care-coordinator"));
        Assert.Equal(404, (int)(await officer.Get("Condition/robin-schizophrenia")).Status);
        Assert.NotEmpty(await trust.Matches("CarePlan?condition.code=58214004"));
        Assert.Equal((await officer.Get("CarePlan?condition.code=58214004")).Whole.Replace("58214004", "x", StringComparison.Ordinal), (await officer.Get("CarePlan?condition.code=99999999")).Whole.Replace("99999999", "x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Condition?code.name=x")] // no reference
    [InlineData("Condition?patient.nonsense=x")]
    [InlineData("Condition?patient:Group.name=x")]
    [InlineData("Condition?patient.birthdate=x")]
    [InlineData("Condition?patient.name:nonsense=x")]
    [InlineData("Condition?nonsense.name=x")]
    [InlineData("Condition?patient.=x")]
    [InlineData("Condition?.name=x")]
    [InlineData("Encounter?part-of.part-of.part-of.part-of.status=x")]
    [InlineData("StructureDefinition?base.name=x")]
    [InlineData("Patient?_has=x")]
    [InlineData("Patient?_has:Condition=x")]
    [InlineData("Patient?_has:Condition:patient=x")]
    [InlineData("Patient?_has:Condition:patient:=x")]
    [InlineData("Patient?_has:Nonsense:patient:code=x")]
    [InlineData("Patient?_has:Condition:code:code=x")]
    [InlineData("Patient?_has:Condition:patient:nonsense=x")]
    [InlineData("Patient?_has:Condition:patient:_count=3")]
    [InlineData("Patient?_has:Condition:patient:onset-date=x")]
    [InlineData("Patient?_has:Media:subject:type=x")] // a type that is not served
    [InlineData("Goal?_has:Condition:encounter:code=x")] // a reference to another type
    [InlineData("Patient?_has:Condition:patient:_has:CarePlan:condition:_has:Task:based-on:_has:Task:part-of:status=x")]
    [InlineData("AuditEvent?patient.name=x")]
    public async Task What_cannot_be_followed_is_refused_in_words(string url)
    {
        var answer = await (await samples.Process.As("care-coordinator")).Send("GET", url);
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Said);
    }

    /// <summary>Where a match decides a write, a chain that nobody follows would widen it.</summary>
    [Fact]
    public async Task A_conditional_reference_takes_none()
    {
        var client = await samples.Process.As("care-coordinator");
        var goal = Wire.Json("""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient?general-practitioner.name=x"}}""");
        Assert.InRange((await client.Send("POST", "", System.Text.Encoding.UTF8.GetBytes(Wire.Bundle("transaction", Wire.Entry("POST", "Goal", goal)).ToJsonString()))).Status, 400, 422);
    }
}
