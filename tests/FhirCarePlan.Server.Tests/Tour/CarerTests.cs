using System.Net;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Robin has agreed that Wren, who helps, is told what to do in a crisis, and nothing more.</summary>
public class CarerTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("CarePlan/robin-crisis-plan", HttpStatusCode.OK)]
    [InlineData("CareTeam/robin-team", HttpStatusCode.OK)]
    [InlineData("Patient/robin", HttpStatusCode.OK)]
    [InlineData("RelatedPerson/carer", HttpStatusCode.OK)]
    [InlineData("CarePlan/robin-plan", HttpStatusCode.NotFound)]
    [InlineData("Condition/robin-schizophrenia", HttpStatusCode.NotFound)]
    [InlineData("Condition/robin-alcohol", HttpStatusCode.NotFound)]
    [InlineData("Consent/robin-consent-carer", HttpStatusCode.NotFound)]
    [InlineData("CareTeam/sky-team", HttpStatusCode.NotFound)]
    [InlineData("Patient/lee", HttpStatusCode.NotFound)]
    public async Task The_carer_reads_what_was_agreed(string address, HttpStatusCode status) =>
        Assert.Equal(status, (await (await samples.Process.As("carer")).Get(address)).Status);

    [Fact]
    public async Task And_learns_what_to_look_out_for()
    {
        var plan = await (await samples.Process.As("carer")).Get("CarePlan/robin-crisis-plan");
        Assert.Contains("Extension-CPA-EarlyWarningSign", plan.Body, StringComparison.Ordinal);
    }
}
