using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Care;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Every authenticated caller can read the definitions that the server works by.</summary>
public class DefinitionsTests(SampleServer server) : IClassFixture<SampleServer>
{
    private const string Cpa = "https://fhir.cpa.example/StructureDefinition/CPA-CarePlan";

    [Theory]
    [InlineData("StructureDefinition/CarePlan")]
    [InlineData("StructureDefinition/CPA-CarePlan")]
    [InlineData("StructureDefinition/string")]
    [InlineData("ValueSet/administrative-gender")]
    [InlineData("CodeSystem/CPA-InformationCategory")]
    [InlineData("SearchParameter/individual-birthdate")]
    public async Task Each_is_read_by_id_by_any_caller_and_is_valid(string url)
    {
        var housing = await server.Process.As("housing-officer");
        var read = await housing.Send("GET", url);
        Assert.Equal(200, read.Status);
        Assert.Equal(url, $"{read.Json["resourceType"]}/{read.Json["id"]}");
        if (url.StartsWith("StructureDefinition", StringComparison.Ordinal)) Assert.NotEmpty(read.Json["snapshot"]!["element"]!.AsArray());
        if (url.Contains("CPA", StringComparison.Ordinal)) return;
        var checkedAgain = await housing.Send("POST", $"{url.Split('/')[0]}/$validate", Encoding.UTF8.GetBytes(read.Body));
        Assert.DoesNotContain("\"severity\":\"error\"", checkedAgain.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_unknown_reads_them()
    {
        const string url = "StructureDefinition/CarePlan";
        Assert.Equal(401, (await server.Process.Anonymous.GetAsync($"fhir/{url}")).StatusCode.GetHashCode());
    }

    [Theory]
    [InlineData("StructureDefinition?url=" + Cpa, "CPA-CarePlan")]
    [InlineData("StructureDefinition?_id=CarePlan", "CarePlan")]
    [InlineData("StructureDefinition?type=CareTeam&derivation=constraint", "CPA-CareTeam")]
    [InlineData("StructureDefinition?name=cpacareteam", "CPA-CareTeam")]
    [InlineData("ValueSet?url=http://hl7.org/fhir/ValueSet/request-status", "request-status")]
    [InlineData("CodeSystem?url=http://hl7.org/fhir/request-status", "request-status")]
    [InlineData("SearchParameter?base=CarePlan&code=activity-code", "CarePlan-activity-code")]
    [InlineData("StructureDefinition?url=http://nowhere.example/x")]
    public async Task They_are_searched_as_any_resource(string url, params string[] ids)
    {
        var found = await (await server.Process.As("gp")).Send("GET", url);
        Assert.Equal(200, found.Status);
        Assert.Equal(ids.Length, (int?)found.Json["total"]);
        Assert.Equal(ids, (found.Json["entry"]?.AsArray() ?? []).Select(e => (string)e!["resource"]!["id"]!));
    }

    [Fact]
    public async Task Pages_hold_each_once_and_the_total_is_theirs()
    {
        var client = await server.Process.As("gp");
        var ids = new List<string>();
        int? total = null;
        for (var url = "StructureDefinition?kind=resource&_count=50&_elements=url"; url != null;)
        {
            var page = await client.Send("GET", url);
            Assert.Equal(200, page.Status);
            total ??= (int?)page.Json["total"];
            ids.AddRange((page.Json["entry"]?.AsArray() ?? []).Select(e => (string)e!["resource"]!["id"]!));
            var next = page.Json["link"]!.AsArray().FirstOrDefault(l => (string?)l!["relation"] == "next")?["url"];
            url = next is null ? null : ((string)next!)[server.Process.Fhir.ToString().Length..];
        }
        Assert.Equal(total, ids.Count);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.True(total > 148);
        Assert.Equal(total, (int?)(await client.Send("GET", "StructureDefinition?kind=resource&_summary=count")).Json["total"]);
    }

    [Fact]
    public async Task Nobody_writes_over_them()
    {
        var lead = await server.Process.As("ig-lead");
        var own = (await lead.Send("GET", "StructureDefinition/CPA-CarePlan")).Body;
        Assert.Equal(409, (await lead.Send("POST", "StructureDefinition", Encoding.UTF8.GetBytes(own))).Status);
        Assert.Equal(404, (await lead.Send("PUT", "StructureDefinition/CPA-CarePlan", Encoding.UTF8.GetBytes(own))).Status);
        Assert.Equal(404, (await lead.Send("DELETE", "StructureDefinition/CPA-CarePlan")).Status);
        Assert.Equal(400, (await lead.Send("GET", "StructureDefinition?_sort=name")).Status);
    }
}
