namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>The questions a team asks every week are one search each, by the parameters of the CPA package.</summary>
public class CpaSearchTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("CarePlan?status=active&next-review=lt2099-01-01&_sort=next-review", "robin-plan")]
    [InlineData("CarePlan?care-coordinator=PractitionerRole/care-coordinator", "robin-plan")]
    [InlineData("CarePlan?has-crisis-plan=true", "robin-plan")]
    [InlineData("CareTeam?participant:PractitionerRole=care-coordinator&role-current=care-coordinator", "robin-team")]
    [InlineData("Condition?need-domain=accommodation&subject=Patient/robin", "robin-need-accommodation")]
    [InlineData("Condition?cpa-role=primary-diagnosis&subject=Patient/robin", "robin-schizophrenia")]
    [InlineData("Consent?basis=consent-given&patient=robin", "robin-consent-sharing")]
    public async Task One_search_finds_it(string query, string id)
    {
        var found = await (await samples.Process.As("care-coordinator")).Get(query);
        Assert.Equal(System.Net.HttpStatusCode.OK, found.Status);
        Assert.Contains(id, found.Ids);
    }

    [Theory]
    [InlineData("CarePlan?status=active&next-review=lt2000-01-01")]
    [InlineData("CareTeam?role-current=navigator&participant:PractitionerRole=care-coordinator&status=inactive")]
    [InlineData("CarePlan?status=active&has-crisis-plan=false")] // a crisis plan and a housing plan are never asked for one
    [InlineData("Condition?need-domain=daily-living&need-status=declined&subject=Patient/robin")]
    public async Task And_nothing_else(string query) =>
        Assert.Equal(0, (await (await samples.Process.As("care-coordinator")).Get(query)).Total);
}
