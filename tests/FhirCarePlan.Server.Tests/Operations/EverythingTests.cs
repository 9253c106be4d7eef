using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>The whole record of a person and of an episode, in the caller's view. https://hl7.org/fhir/R4/patient-operation-everything.html</summary>
public class EverythingTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static readonly string[] Beside = ["HealthcareService", "Location", "Organization", "Practitioner", "PractitionerRole"];

    private static async Task<(List<string> Matches, List<string> Brought)> All(HttpClient client, string url)
    {
        var (matches, brought) = (new List<string>(), new List<string>());
        for (string? next = url; next != null;)
        {
            var page = await client.Get(next);
            Assert.True((int)page.Status == 200, $"{url}: {page.Body}");
            var here = page.Entries.Select(e => (Mode: (string)e["search"]!["mode"]!, Id: $"{e["resource"]!["resourceType"]}/{e["resource"]!["id"]}")).ToList();
            Assert.Equal(here.Count, here.DistinctBy(h => h.Id).Count());
            matches.AddRange(here.Where(h => h.Mode == "match").Select(h => h.Id));
            brought.AddRange(here.Where(h => h.Mode == "include").Select(h => h.Id));
            next = page.Json["link"]!.AsArray().Where(l => (string)l!["relation"]! == "next").Select(l => (string?)l!["url"]).SingleOrDefault();
        }
        return (matches, [.. brought.Distinct().Order(StringComparer.Ordinal)]);
    }

    [Theory]
    [InlineData("care-coordinator")]
    [InlineData("gp")]
    [InlineData("social-worker")]
    [InlineData("person")]
    [InlineData("housing-officer")]
    public async Task Holds_the_compartment_and_what_it_refers_to_whatever_the_page(string persona)
    {
        var client = await samples.Process.As(persona);
        var compartment = (await All(client, "Patient/robin/*?_count=1000")).Matches;
        Assert.True(compartment.Count > 3);
        var (matches, brought) = await All(client, "Patient/robin/$everything?_count=1000");
        Assert.Equal("Patient/robin", matches[0]);
        Assert.Equal(compartment.Order(StringComparer.Ordinal), matches.Order(StringComparer.Ordinal));
        Assert.NotEmpty(brought);
        Assert.All(brought, b => Assert.Contains(b.Split('/')[0], Beside));
        foreach (var id in brought) Assert.Equal(200, (int)(await client.Get(id)).Status);
        foreach (var count in (int[])[1, 2, 5, 50])
        {
            var paged = await All(client, $"Patient/robin/$everything?_count={count}");
            Assert.Equal(matches, paged.Matches);
            Assert.Equal(brought, paged.Brought);
        }
    }

    [Fact]
    public async Task Types_dates_and_changes_narrow_it()
    {
        var client = await samples.Process.As("care-coordinator");
        var all = (await All(client, "Patient/robin/$everything?_count=1000")).Matches;
        Assert.Equal(all.Where(a => a.StartsWith("Condition/", StringComparison.Ordinal) || a.StartsWith("Goal/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            (await All(client, "Patient/robin/$everything?_type=Condition,Goal")).Matches.Order(StringComparer.Ordinal));
        Assert.Empty((await All(client, "Patient/robin/$everything?_type=Condition,Goal")).Brought);
        Assert.All((await All(client, "Patient/robin/$everything?_type=Condition,Practitioner,PractitionerRole")).Brought, b => Assert.StartsWith("Practitioner", b, StringComparison.Ordinal));
        Assert.Empty((await All(client, "Patient/robin/$everything?_since=2999")).Matches);
        Assert.Equal(all, (await All(client, "Patient/robin/$everything?_since=2000&_count=1000")).Matches);

        // What is dated meets the span by one of its dates; what is not dated is there; the person is always there.
        var after = (await All(client, "Patient/robin/$everything?start=2999&_count=1000")).Matches;
        Assert.Contains("Patient/robin", after);
        Assert.True(after.Count < all.Count);
        foreach (var (start, end) in new[] { ("2010", "2015-06-01"), ("2024-01-01", "2024-12-31"), ("2026-01-01", "2026-06-30") })
        {
            var (found, observations) = ((await All(client, $"Patient/robin/$everything?start={start}&end={end}&_count=1000")).Matches,
                (await All(client, $"Patient/robin/Observation?date=ge{start}&date=le{end}&_count=1000")).Matches);
            Assert.Subset(found.ToHashSet(), observations.ToHashSet());
            var undated = (await All(client, "Patient/robin/Observation?date:missing=true&_count=1000")).Matches;
            Assert.Equal(observations.Concat(undated).Order(StringComparer.Ordinal), found.Where(f => f.StartsWith("Observation/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Of_an_episode_it_is_the_person_and_what_is_dated_within_it()
    {
        var client = await samples.Process.As("care-coordinator");
        var (matches, _) = await All(client, "EpisodeOfCare/robin-episode/$everything?_count=1000");
        Assert.Equal(["EpisodeOfCare/robin-episode", "Patient/robin"], matches.Take(2));
        var period = (await client.Get("EpisodeOfCare/robin-episode")).Json["period"]!;
        var same = (await All(client, $"Patient/robin/$everything?start={period["start"]}{(period["end"] is { } end ? $"&end={end}" : "")}&_count=1000")).Matches;
        Assert.Equal(same.Where(s => !s.StartsWith("EpisodeOfCare/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), matches.Skip(1).Order(StringComparer.Ordinal));
        Assert.Equal(matches, (await All(client, "EpisodeOfCare/robin-episode/$everything?_count=3")).Matches);
        Assert.Equal(["EpisodeOfCare/robin-episode"], (await All(client, "EpisodeOfCare/robin-episode/$everything?_type=EpisodeOfCare")).Matches);
    }

    [Fact]
    public async Task Hidden_and_absent_are_the_one_404()
    {
        var client = await samples.Process.As("outsider");
        foreach (var (there, absent) in new[] { ("Patient/robin", "Patient/never-was-one"), ("EpisodeOfCare/robin-episode", "EpisodeOfCare/never-was-one") })
        {
            Assert.Equal(404, (int)(await client.Get($"{there}/$everything")).Status);
            Assert.Equal((await client.Get($"{absent}/$everything")).Whole, (await client.Get($"{there}/$everything")).Whole);
        }
    }

    [Fact]
    public async Task Parameters_may_come_in_a_body()
    {
        var client = await samples.Process.As("care-coordinator");
        var sent = await client.Post("Patient/robin/$everything", """{"resourceType":"Parameters","parameter":[{"name":"_count","valueInteger":4},{"name":"_type","valueCode":"Condition"},{"name":"_type","valueCode":"Goal"},{"name":"start","valueDate":"2020-01-01"}]}""");
        Assert.Equal((await client.Get("Patient/robin/$everything?_count=4&_type=Condition,Goal&start=2020-01-01")).Json["entry"]!.ToJsonString(), sent.Json["entry"]!.ToJsonString());
        var next = sent.Json["link"]!.AsArray().Single(l => (string)l!["relation"]! == "next")!["url"]!;
        Assert.Equal(200, (int)(await client.Get((string)next!)).Status);
        Assert.Equal(200, (await client.Send("POST", "Patient/robin/$everything")).Status);
    }

    [Theory]
    [InlineData("start=yesterday")]
    [InlineData("_since=x")]
    [InlineData("_count=-1")]
    [InlineData("_type=Nonsense")]
    [InlineData("_type=AuditEvent")]
    [InlineData("_type=Practitioner")]
    [InlineData("_sort=date")]
    [InlineData("_page=x")]
    public async Task What_is_not_understood_is_refused_in_words(string query)
    {
        var answer = await (await samples.Process.As("care-coordinator")).Send("GET", $"Patient/robin/$everything?{query}");
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Said);
    }

    /// <summary>What is shown is on record, as for any search.</summary>
    [Fact]
    public async Task The_person_hears_of_it()
    {
        await (await samples.Process.As("gp")).Get("Patient/robin/$everything");
        var heard = await (await samples.Process.As("person")).Get("Patient/robin/$disclosures?_count=5");
        Assert.Contains("\"everything\"", heard.Body, StringComparison.Ordinal);
    }
}
