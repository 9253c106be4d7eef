using System.Net;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A caller who may send conformance resources still cannot change the meaning of R4's and the package's definitions
/// (src/docs/sharing.md#definitions).</summary>
public class ConformanceTests
{
    [Fact]
    public async Task What_is_defined_already_is_a_conflict_and_what_is_new_is_a_draft()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string>
        {
            ["Sharing:Protocols"] = "profiles/sharing/single-organisation.yaml",
            ["Samples:Load"] = "false",
            ["Fhir:Types:0"] = "*",
            ["Validation:Profiles"] = "Declared",
        });
        var staff = await server.As("system");
        Assert.Equal(HttpStatusCode.Conflict,
            (await staff.Post("SearchParameter", Parameter("https://example.org/SearchParameter/x", "status"))).Status);
        Assert.Equal(HttpStatusCode.Conflict,
            (await staff.Post("SearchParameter", Parameter("https://fhir.cpa.example/SearchParameter/CPA-CarePlan-level", "other-code")))
            .Status);
        Assert.Equal(HttpStatusCode.Conflict,
            (await staff.Post("ValueSet",
            """{"resourceType":"ValueSet","url":"http://hl7.org/fhir/ValueSet/request-status","status":"draft"}""")).Status);
        Assert.Equal(HttpStatusCode.Created,
            (await staff.Post("SearchParameter", Parameter("https://example.org/SearchParameter/x", "something-new"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.Get("CarePlan?something-new=x")).Status); // a draft changes nothing
    }

    private static string Parameter(string url, string code) =>
        $$"""{"resourceType":"SearchParameter","url":"{{url}}","name":"X","status":"draft","description":"d","code":"{{code}}","base":["CarePlan"],"type":"token","expression":"CarePlan.status"}""";
}
