using System.Net;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Auditing;

/// <summary>AuditEvents are searched like everything else: by the one parser, in the reader's view.</summary>
public sealed class AuditSearchTests : IAsyncLifetime
{
    private ServerProcess server = null!;
    private HttpClient lead = null!;

    public async Task InitializeAsync()
    {
        server = await ServerProcess.Start();
        lead = await server.As("ig-lead");
        var (gp, housing) = (await server.As("gp"), await server.As("housing-officer"));
        Assert.Equal(HttpStatusCode.OK, (await gp.Get("CarePlan/robin-plan")).Status);
        Assert.Equal(HttpStatusCode.OK, (await housing.Get("CarePlan/robin-plan")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await housing.Get("Condition/robin-schizophrenia")).Status);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("agent=PractitionerRole/gp", 1)]
    [InlineData("agent:PractitionerRole=gp", 1)]
    [InlineData("agent=PractitionerRole/gp,PractitionerRole/housing-officer&entity=CarePlan/robin-plan", 2)]
    [InlineData("agent=PractitionerRole/gp&agent=PractitionerRole/housing-officer", 0)]
    [InlineData("agent=Organization/meadow-practice&patient=Patient/robin&action=R", 1)]
    [InlineData("agent=Organization/nowhere", 0)]
    [InlineData("patient=robin&agent=PractitionerRole/gp", 1)]
    [InlineData("patient=Patient/nobody", 0)]
    [InlineData("patient=Patient/robin&outcome=4&agent=PractitionerRole/housing-officer", 1)]
    [InlineData("entity=CarePlan/robin-plan&action=R", 2)]
    [InlineData("entity=CarePlan/robin-plan&action=R&outcome=http://hl7.org/fhir/audit-event-outcome|0", 2)]
    [InlineData("entity=CarePlan/robin-plan&action=R&outcome=8", 0)]
    [InlineData("agent=PractitionerRole/gp&subtype=http://hl7.org/fhir/restful-interaction|read", 1)]
    [InlineData("agent=PractitionerRole/gp&subtype=search-type", 0)]
    [InlineData("agent=PractitionerRole/gp&type=rest", 1)]
    [InlineData("agent=PractitionerRole/gp&type=110114", 0)]
    [InlineData("agent=PractitionerRole/gp&action=C,E", 0)]
    [InlineData("agent=PractitionerRole/gp&action=R,E", 1)]
    [InlineData("agent=PractitionerRole/gp&date=ge2020-01-01&date=lt2999", 1)]
    [InlineData("agent=PractitionerRole/gp&date=lt2020", 0)]
    [InlineData("agent=PractitionerRole/gp&_lastUpdated=gt2020", 1)]
    [InlineData("agent=PractitionerRole/gp&_id=nothing", 0)]
    [InlineData("agent=PractitionerRole/gp&policy=https://fhir.cpa.example/nothing", 0)]
    public async Task It_finds(string query, int total)
    {
        var answer = await lead.Get($"AuditEvent?{query}&_count=1");
        Assert.Equal((HttpStatusCode.OK, total), (answer.Status, answer.Status == HttpStatusCode.OK ? answer.Total : -1));
        Assert.Equal(Math.Min(total, 1), answer.Entries.Count);
    }

    [Fact]
    public async Task An_own_absolute_reference_is_the_relative_one() =>
        Assert.Equal(1,
            (await lead.Get($"AuditEvent?agent={server.Address}fhir/PractitionerRole/gp&entity={server.Address}fhir/CarePlan/robin-plan"))
            .Total);

    [Fact]
    public async Task A_rule_finds_what_it_permitted()
    {
        var seen = (await lead.Get("AuditEvent?agent=PractitionerRole/gp")).Entries[0]["resource"]!;
        var policy = (string)seen["agent"]![0]!["policy"]![0]!;
        Assert.Contains((string)seen["id"]!, (await lead.Get($"AuditEvent?policy={Uri.EscapeDataString(policy)}")).Ids);
        Assert.Equal((string)seen["id"]!, (await lead.Get($"AuditEvent/{seen["id"]}")).Id);
    }

    [Theory]
    [InlineData("agent-name=x")]
    [InlineData("_content=x")]
    [InlineData("agent:missing=true")]
    [InlineData("outcome:not=0")]
    [InlineData("entity:identifier=x")]
    [InlineData("date:missing=true")]
    [InlineData("entity=robin-plan")]
    [InlineData("_sort=agent")]
    [InlineData("_include=AuditEvent:agent")]
    [InlineData("_offset=50")]
    [InlineData("_page=x")]
    [InlineData("date=yesterday")]
    [InlineData("_count=-1")]
    public async Task It_refuses_what_it_cannot_answer(string query)
    {
        var answer = await lead.Get($"AuditEvent?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task It_counts_sorts_and_pages()
    {
        var all = (await lead.Get("AuditEvent?patient=Patient/robin&_count=1000")).Ids.ToList();
        Assert.True(all.Count > 20);
        var counted = await lead.Get("AuditEvent?patient=Patient/robin&_summary=count");
        Assert.Equal((all.Count, 0), (counted.Total, counted.Entries.Count));
        Assert.Null((await lead.Get("AuditEvent?patient=Patient/robin&_total=none&_count=1")).Json["total"]);
        Assert.Equal(all.AsEnumerable().Reverse(), (await lead.Get("AuditEvent?patient=Patient/robin&_sort=date&_count=1000")).Ids);

        var paged = new List<string>();
        for (var url = "AuditEvent?patient=Patient/robin&_count=7"; url is not null;)
        {
            var page = await lead.Get(url);
            paged.AddRange(page.Ids);
            Assert.Equal(all.Count, page.Total);
            url = (string?)page.Json["link"]!.AsArray().FirstOrDefault(l => (string)l!["relation"]! == "next")?["url"];
            Assert.DoesNotContain("_offset", url ?? "", StringComparison.Ordinal);
        }
        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task Nobody_else_finds_any()
    {
        foreach (var persona in (string[])["gp", "person", "housing-officer", "outsider"])
            Assert.Equal((HttpStatusCode.OK, 0),
                ((await (await server.As(persona)).Get("AuditEvent")).Status, (await (await server.As(persona)).Get("AuditEvent")).Total));
    }

    [Fact]
    public async Task The_capability_statement_claims_what_is_served()
    {
        var parameters = (await lead.Get("metadata")).Json["rest"]![0]!["resource"]!.AsArray()
            .First(r => (string)r!["type"]! == "AuditEvent")!["searchParam"]!.AsArray();
        Assert.Equal(["_id", "_lastUpdated", "action", "agent", "date", "entity", "outcome", "patient", "policy", "subtype", "type"],
            parameters.Select(p => (string)p!["name"]!));
    }
}
