using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>OPTIONS tells the methods of an address, the same to everybody. https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7</summary>
public class OptionsTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("metadata", "GET, HEAD, OPTIONS")]
    [InlineData("CarePlan/never-was-one/$explain", "GET, HEAD, OPTIONS")]
    [InlineData("AuditEvent/x", "GET, HEAD, OPTIONS")]
    public async Task Allow_lists_what_the_address_answers(string url, string allowed)
    {
        foreach (var client in new[] { await samples.Process.As("gp"), await samples.Process.As("outsider"), new HttpClient { BaseAddress = samples.Process.Fhir } })
        {
            var answer = await client.Send("OPTIONS", url);
            Assert.Equal((204, "", allowed), (answer.Status, answer.Body, answer.Header("Allow")));
        }
    }

    [Theory]
    [InlineData("OPTIONS", "CarePlan/x", 204, true)]
    [InlineData("OPTIONS", "metadata", 204, false)]
    [InlineData("PATCH", "CarePlan/x", 415, true)]
    [InlineData("PUT", "CarePlan/x", 415, false)]
    public async Task Accept_Patch_lists_the_forms_of_a_patch(string method, string url, int status, bool isTold)
    {
        var answer = await (await samples.Process.As("care-coordinator")).Send(method, url, method == "OPTIONS" ? null : "x"u8.ToArray(), "text/plain");
        Assert.Equal(status, answer.Status);
        Assert.Equal(isTold ? "application/json-patch+json, application/xml-patch+xml, application/fhir+json, application/fhir+xml" : null, answer.Header("Accept-Patch"));
    }

    /// <summary>Whether there is something at the address makes no difference.</summary>
    [Fact]
    public async Task Hidden_and_absent_are_the_same()
    {
        var client = await samples.Process.As("housing-officer");
        Assert.Equal((await client.Ask("OPTIONS", "Condition/robin-schizophrenia")).Whole, (await client.Ask("OPTIONS", "Condition/never-was-one")).Whole);
    }

    [Theory]
    [InlineData("Nonsense/x")]
    [InlineData("Account/x")]
    [InlineData("CarePlan/x/y/z/a/b")]
    [InlineData("CarePlan/x/$nonsense")]
    public async Task What_is_not_served_is_404(string url) => Assert.Equal(404, (await (await samples.Process.As("gp")).Send("OPTIONS", url)).Status);
}
