using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Searches of compartments and of all types. https://hl7.org/fhir/R4/http.html#vsearch, https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
public class CompartmentTests(SampleServer samples) : IClassFixture<SampleServer>
{
    /// <summary>The same question asked parameter by parameter.</summary>
    private static async Task<List<string>> OneByOne(HttpClient client, string owner, string id, string type)
    {
        var all = new List<string>();
        foreach (var parameter in R4.Compartment(owner, type)) all.AddRange(await client.Matches($"{type}?{parameter}={owner}/{id}&_count=1000"));
        if (type == owner) all.AddRange(await client.Matches($"{type}?_id={id}"));
        return [.. all.Distinct().Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData("care-coordinator")]
    [InlineData("gp")]
    [InlineData("housing-officer")]
    [InlineData("person")]
    [InlineData("carer")]
    [InlineData("outsider")]
    public async Task Holds_what_refers_to_its_owner_by_the_parameters_that_R4_names(string persona)
    {
        var (client, some) = (await samples.Process.As(persona), 0);
        foreach (var (owner, id) in new[] { ("Patient", "robin"), ("Patient", "never-was-one"), ("Practitioner", "care-coordinator"), ("RelatedPerson", "carer"), ("Encounter", "robin-crisis-visit") })
        {
            var everything = new List<string>();
            foreach (var type in Core.StoredTypes.Default.Where(t => Inclusion.IsOn(t) && (t == owner || R4.Compartment(owner, t).Count > 0)))
            {
                var members = await client.Matches($"{owner}/{id}/{type}?_count=1000");
                Assert.Equal(await OneByOne(client, owner, id, type), members.Order(StringComparer.Ordinal));
                Assert.Equal(members, await client.Matches($"{owner}/{id}/{type}?_count=2"));
                Assert.Equal(members.Count, (await client.Get($"{owner}/{id}/{type}?_summary=count")).Total);
                everything.AddRange(members);
            }
            some += everything.Count;
            foreach (var count in (int[])[1, 3, 7, 1000]) Assert.Equal(everything, await client.Matches($"{owner}/{id}/*?_count={count}"));
            Assert.Equal(everything.Count, (await client.Get($"{owner}/{id}/*?_count=1&_total=accurate")).Total);
            Assert.Equal(everything.Count, (await client.Get($"{owner}/{id}/*?_summary=count")).Total);
        }
        Assert.True(persona == "outsider" ? some == 0 : some > 5, $"{persona} {some}");
    }

    [Fact]
    public async Task Takes_all_that_a_search_of_the_type_takes()
    {
        var client = await samples.Process.As("care-coordinator");
        var page = await client.Get("Patient/robin/Condition?code:missing=false&_sort=-recorded-date&_include=Condition:subject&_count=1&_elements=code");
        Assert.Equal(200, (int)page.Status);
        Assert.Contains(page.Entries, e => (string?)e["search"]!["mode"] == "include" && (string?)e["resource"]!["resourceType"] == "Patient");
        Assert.Contains("/Patient/robin/Condition?", (string?)page.Json["link"]![0]!["url"], StringComparison.Ordinal);
        Assert.Equal(400, (int)(await client.Get("Patient/robin/Condition?nonsense=1")).Status);
        var form = await client.Send("POST", "Patient/robin/Condition/_search", "_count=2"u8.ToArray(), "application/x-www-form-urlencoded");
        Assert.Equal((await client.Get("Patient/robin/Condition?_count=2")).Body, form.Body);
        var whole = await client.Send("POST", "Patient/robin/*/_search", "_type=Condition,Goal&_count=2"u8.ToArray(), "application/x-www-form-urlencoded");
        Assert.Equal((await client.Get("Patient/robin/*?_type=Condition,Goal&_count=2")).Body, whole.Body);
    }

    [Fact]
    public async Task A_page_link_is_of_no_use_in_another_compartment()
    {
        var client = await samples.Process.As("care-coordinator");
        foreach (var url in (string[])["Patient/robin/Condition?_count=1", "Patient/robin/*?_count=1"])
        {
            var next = (await client.Get(url)).Json["link"]!.AsArray().Where(l => (string)l!["relation"]! == "next").Select(l => (string)l!["url"]!).Single();
            Assert.Equal(400, (int)(await client.Get(next.Replace("Patient/robin", "Patient/sky", StringComparison.Ordinal))).Status);
            Assert.Equal(400, (int)(await (await samples.Process.As("gp")).Get(next)).Status);
        }
    }

    [Theory]
    [InlineData("Condition/x/Observation")]
    [InlineData("Nonsense/x/Observation")]
    [InlineData("Device/x/Observation")] // a type that is not served
    [InlineData("Patient/robin/Organization")]
    [InlineData("Patient/robin/AuditEvent")]
    [InlineData("Patient/robin/Nonsense")]
    [InlineData("Patient/robin/$nonsense")]
    [InlineData("Patient/robin/_nonsense")]
    [InlineData("Condition/x/*")]
    [InlineData("Patient/$x/*")]
    public async Task What_is_no_compartment_or_no_member_is_404_in_words(string url)
    {
        var answer = await (await samples.Process.As("care-coordinator")).Send("GET", url);
        Assert.Equal((404, "not-supported"), (answer.Status, (string?)answer.Json["issue"]![0]!["code"]));
        Assert.NotEmpty(answer.Said);
    }

    // ---- all types -----------------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("care-coordinator")]
    [InlineData("housing-officer")]
    [InlineData("outsider")]
    public async Task The_search_of_everything_finds_what_the_searches_of_its_types_find(string persona)
    {
        var client = await samples.Process.As(persona);
        foreach (var (types, query) in new[] { ("", "_count=9"), ("", "_count=1000"), ("Condition,CarePlan,Goal", "patient=Patient/robin&_count=4"), ("Condition", "_sort=-recorded-date&_count=3"), ("", "_lastUpdated=lt2000"), ("Task,Consent", "status=active,requested&_count=1"), ("", "_id=robin,robin-plan&_count=1") })
        {
            var expected = new List<string>();
            var named = types.Length > 0 ? types.Split(',').Order(StringComparer.Ordinal) : Core.StoredTypes.Default.Where(Inclusion.IsOn);
            foreach (var type in named) expected.AddRange(await client.Matches($"{type}?{query}"));
            var url = $"?{(types.Length > 0 ? $"_type={types}&" : "")}{query}";
            Assert.Equal(expected, await client.Matches(url));
            Assert.Equal(expected.Count, (await client.Get($"{url}&_total=accurate")).Total);
            var form = await client.Send("POST", "_search", System.Text.Encoding.UTF8.GetBytes(url[1..]), "application/x-www-form-urlencoded");
            Assert.Equal((await client.Get(url)).Body, form.Body);
        }
    }

    [Theory]
    [InlineData("_type=Nonsense")]
    [InlineData("_type=Account")]
    [InlineData("_type=AuditEvent")]
    [InlineData("_type=")]
    [InlineData("_type=Condition,Patient&code=x")] // Patient has no such parameter
    [InlineData("nonsense=1")]
    [InlineData("_sort=-_lastUpdated")]
    [InlineData("_type=Condition&_include=Condition:subject")]
    [InlineData("_page=x")]
    public async Task What_cannot_be_asked_of_all_is_refused_in_words(string query)
    {
        var answer = await (await samples.Process.As("care-coordinator")).Send("GET", $"?{query}");
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Said);
    }

    [Fact]
    public async Task A_bundle_asks_the_same()
    {
        var client = await samples.Process.As("gp");
        string[] urls = ["Patient/robin/Condition?_count=2", "Patient/robin/*?_count=2", "?_type=Condition&_count=2", "Condition/x/Observation"];
        var batch = await client.Post("", Wire.Bundle("batch", [.. urls.Select(u => Wire.Entry("GET", u))]).ToJsonString());
        for (var i = 0; i < urls.Length; i++)
        {
            var alone = await client.Get(urls[i]);
            Assert.Equal(((int)alone.Status).ToString(System.Globalization.CultureInfo.InvariantCulture), (string?)batch.Entries[i]["response"]!["status"]);
            if ((int)alone.Status == 200) Assert.Equal(alone.Json.ToJsonString(), batch.Entries[i]["resource"]!.ToJsonString());
        }
    }
}
