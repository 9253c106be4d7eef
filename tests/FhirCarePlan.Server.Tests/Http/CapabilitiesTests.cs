using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Tests.Http;

public class CapabilitiesTests
{
    private static readonly SearchParameters Search = new();

    private static byte[] Statement(IReadOnlyCollection<string>? types = null, bool hasClientIds = false)
    {
        var facts = new CapabilityFacts(new StoredTypes(types)
            .All, Search.For, type => type == "CarePlan" ? ["https://fhir.cpa.example/StructureDefinition/CPA-CarePlan"] : [],
            new SizeLimits(), hasClientIds, false, new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), Table.All, () => null);
        return new Capabilities(facts).For("http://localhost:5080/fhir").Body.ToArray();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*")]
    public void Is_R4_in_canonical_form(string? types)
    {
        var bytes = Statement(types is null ? null : [types]);
        var report = new Report();
        var document = JsonParser.Parse(bytes, report);
        Assert.Equal("", string.Join("\n", report.Issues.Take(5)));
        Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(CanonicalJson.Write(document!)));
    }

    [Fact]
    public void Tells_what_is_served()
    {
        using var json = JsonDocument.Parse(Statement());
        var root = json.RootElement;
        Assert.Equal("2030-01-02T02:04:05Z", root.GetProperty("date").GetString());
        Assert.Equal("http://localhost:5080/fhir", root.GetProperty("implementation").GetProperty("url").GetString());
        var rest = root.GetProperty("rest")[0];
        Assert.Contains("body 4 MB, of types that carry attachments 32 MB; bundle 32 MB and 2000 entries; depth 60; strings of 1048576 characters; attachments of 20 MB; address 8 KB", rest.GetProperty("documentation")
            .GetString(), StringComparison.Ordinal);
        Assert.Equal("OAuth", rest.GetProperty("security").GetProperty("service")[0].GetProperty("coding")[0].GetProperty("code")
            .GetString());
        Assert.Equal(StoredTypes.Default, rest.GetProperty("resource").EnumerateArray().Select(r => r.GetProperty("type").GetString()));
    }

    [Fact]
    public void Tells_of_each_type_what_can_be_done_with_it()
    {
        using var json = JsonDocument.Parse(Statement());
        JsonElement Of(string type) =>
            json.RootElement.GetProperty("rest")[0].GetProperty("resource").EnumerateArray()
            .Single(r => r.GetProperty("type").GetString() == type);
        var plan = Of("CarePlan");
        Assert.Equal("versioned-update", plan.GetProperty("versioning").GetString());
        Assert.Equal("https://fhir.cpa.example/StructureDefinition/CPA-CarePlan", plan.GetProperty("supportedProfile")[0].GetString());
        Assert.Equal(["validate", "explain", "meta"], plan.GetProperty("operation").EnumerateArray()
            .Select(o => o.GetProperty("name").GetString()));
        Assert.Contains("CarePlan:care-team", plan.GetProperty("searchInclude").EnumerateArray().Select(i => i.GetString()));
        Assert.Contains("CarePlan:goal", Of("Goal").GetProperty("searchRevInclude").EnumerateArray().Select(i => i.GetString()));
        var category = plan.GetProperty("searchParam").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "category");
        Assert.Equal(("token", "http://hl7.org/fhir/SearchParameter/CarePlan-category"),
            (category.GetProperty("type").GetString()!, category.GetProperty("definition").GetString()!));
        Assert.DoesNotContain("\"delete\"", Of("Consent").GetProperty("interaction").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("""[{"code":"search-type"},{"code":"read"}]""", Of("AuditEvent").GetProperty("interaction").GetRawText());
        Assert.Equal("versioned", Of("Patient").GetProperty("versioning").GetString());
        Assert.False(Of("Patient").GetProperty("updateCreate").GetBoolean());
    }

    [Fact]
    public void Tells_where_a_party_may_choose_ids()
    {
        using var json = JsonDocument.Parse(Statement(["Patient"], hasClientIds: true));
        Assert.True(json.RootElement.GetProperty("rest")[0].GetProperty("resource")[0].GetProperty("updateCreate").GetBoolean());
    }
}
