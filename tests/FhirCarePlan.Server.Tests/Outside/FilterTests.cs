using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>`_filter`, `_list`, `:iterate`, composites and units over HTTP, in the caller's view.
/// https://hl7.org/fhir/R4/search_filter.html, https://hl7.org/fhir/R4/search.html#list</summary>
public class FilterTests(SampleServer samples) : IClassFixture<SampleServer>
{
    public static TheoryData<string> Personas => ["care-coordinator", "gp", "housing-officer", "person", "carer", "outsider"];

    private static string Filter(string filter) => $"_filter={Uri.EscapeDataString(filter)}&_count=1000";

    [Theory]
    [MemberData(nameof(Personas))]
    public async Task A_filter_is_what_its_conditions_find(string persona)
    {
        var (client, some) = (await samples.Process.As(persona), 0);
        foreach (var (type, one, oneToo, other, otherToo) in new[]
        {
            ("Condition", "clinical-status=active", "clinical-status eq active", "code=58214004", "code eq 58214004"),
            ("CarePlan", "status=active", "status eq active", "patient.name=robin", "patient.name sw robin"),
            ("Task", "status=requested", "status eq requested", "authored-on=gt2000", "authored-on gt 2000"),
            ("Patient", "birthdate=lt1990", "birthdate lt 1990", "_has:Condition:patient:code=58214004", "_has:Condition:patient:code eq 58214004"),
            ("Goal", "lifecycle-status=active", "lifecycle-status eq active", "patient._has:Condition:patient:code=58214004", "patient._has:Condition:patient:code eq 58214004"),
        })
        {
            var (all, a, b) = (await client.Matches($"{type}?_count=1000"), await client.Matches($"{type}?{one}&_count=1000"), await client.Matches($"{type}?{other}&_count=1000"));
            Assert.Equal(a.Intersect(b), await client.Matches($"{type}?{Filter($"{oneToo} and {otherToo}")}"));
            Assert.Equal(all.Where(r => a.Contains(r) || b.Contains(r)), await client.Matches($"{type}?{Filter($"{oneToo} or {otherToo}")}"));
            Assert.Equal(all.Except(b), await client.Matches($"{type}?{Filter($"not ({otherToo})")}"));
            Assert.Equal(all.Where(r => !(a.Contains(r) && b.Contains(r))), await client.Matches($"{type}?{Filter($"not ({oneToo} and {otherToo})")}"));
            Assert.Equal(all.Except(b).Count(), (await client.Get($"{type}?{Filter($"not ({otherToo})")}&_summary=count")).Total);
            some += a.Count + b.Count;
        }
        Assert.True(persona == "outsider" ? some == 0 : some > 0, $"{persona}: {some}");
    }

    /// <summary>What is hidden is no match, and under `not` no exception either.</summary>
    [Theory]
    [InlineData("Patient", "_has:Condition:patient:code eq CODE")]
    [InlineData("Patient", "not (_has:Condition:patient:code eq CODE)")]
    [InlineData("CarePlan", "condition.code eq CODE or status eq active")]
    [InlineData("CarePlan", "not (condition.code eq CODE)")]
    public async Task A_filter_tells_of_nothing_hidden(string type, string filter)
    {
        var officer = await samples.Process.As("housing-officer");
        string Words(Heard heard) => heard.Whole.Replace("58214004", "x", StringComparison.Ordinal).Replace("99999999", "x", StringComparison.Ordinal);
        Assert.Equal(Words(await officer.Get($"{type}?{Filter(filter.Replace("CODE", "58214004", StringComparison.Ordinal))}")),
            Words(await officer.Get($"{type}?{Filter(filter.Replace("CODE", "99999999", StringComparison.Ordinal))}")));
    }

    [Fact]
    public async Task A_page_goes_on_under_the_same_filter()
    {
        var client = await samples.Process.As("care-coordinator");
        var all = await client.Matches($"Observation?{Filter("status eq final or status eq amended")}");
        Assert.Equal(all, await client.Matches($"Observation?{Filter("status eq final or status eq amended").Replace("1000", "2", StringComparison.Ordinal)}"));
        Assert.True(all.Count > 4);
    }

    [Fact]
    public async Task Iterating_brings_what_was_brought_refers_to()
    {
        var client = await samples.Process.As("care-coordinator");
        var once = await client.Get("CarePlan?_id=robin-plan&_include=CarePlan:care-team");
        var again = await client.Get("CarePlan?_id=robin-plan&_include=CarePlan:care-team&_include:iterate=CareTeam:participant&_include:iterate=PractitionerRole:practitioner");
        string[] Types(Heard heard) => [.. heard.Entries.Select(e => (string)e["resource"]!["resourceType"]!).Distinct().Order(StringComparer.Ordinal)];
        Assert.DoesNotContain("PractitionerRole", Types(once));
        Assert.Contains("PractitionerRole", Types(again));
        Assert.True(again.Entries.Count > once.Entries.Count);
        Assert.Equal(again.Entries.Count, again.Entries.Select(e => (string)e["fullUrl"]!).Distinct().Count());
    }

    [Theory]
    [InlineData("Observation?code-value-quantity=x$1", 200)]
    [InlineData("Observation?component-code-value-quantity=http://loinc.org|8480-6$gt100|http://unitsofmeasure.org|mm[Hg]", 200)]
    [InlineData("Observation?code-value-quantity=x", 400)]
    [InlineData("Patient?_list=nothing-here", 200)]
    [InlineData("Patient?_list=$current-problems", 400)]
    [InlineData("Patient?_filter=nonsense", 400)]
    [InlineData("Patient?_filter=nonsense eq x", 400)]
    [InlineData("AuditEvent?_filter=outcome eq 0", 400)]
    [InlineData("AuditEvent?_list=x", 400)]
    [InlineData("ValueSet?_filter=status eq active&_count=1", 200)]
    [InlineData("StructureDefinition?_filter=base.name eq x", 400)]
    [InlineData("Location?near=1|2|3|km", 400)]
    [InlineData("Condition?_contained=true", 400)]
    [InlineData("CarePlan?_include:iterate=AuditEvent:entity", 400)]
    [InlineData("CarePlan?_include:iterate=Media:subject", 400)]
    public async Task It_is_answered_or_refused_in_words(string url, int status)
    {
        var answer = await (await samples.Process.As("care-coordinator")).Send("GET", url.Replace(" ", "%20", StringComparison.Ordinal));
        Assert.Equal(status, answer.Status);
        if (status != 200) Assert.NotEmpty(answer.Said);
    }

    [Fact]
    public async Task Definitions_are_filtered_too()
    {
        var client = await samples.Process.As("care-coordinator");
        var (all, some) = (await client.Matches("ValueSet?_count=1000"), await client.Matches("ValueSet?url:below=https://fhir.cpa.example&_count=1000"));
        Assert.InRange(some.Count, 1, all.Count - 1);
        var gender = Assert.Single(await client.Matches("ValueSet?url=http://hl7.org/fhir/ValueSet/administrative-gender"));
        Assert.Equal(all.Where(v => v != gender), await client.Matches($"ValueSet?{Filter("not (url eq http://hl7.org/fhir/ValueSet/administrative-gender)")}"));
    }
}
