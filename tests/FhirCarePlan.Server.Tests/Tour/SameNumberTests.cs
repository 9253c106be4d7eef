using System.Net;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>A second record that states Robin's NHS number, unverified, is a person of its own; what Robin refused is refused for it too
/// (src/docs/sharing.md#search).</summary>
public class SameNumberTests
{
    private const string OfRobin = "9994127004", OfNobody = "9999999468";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_Robin_refused_binds_whoever_states_the_number(bool isRefusedFirst)
    {
        await using var server = await ServerProcess.Start();
        var gp = await server.As("gp");
        if (isRefusedFirst) await RefuseThePractice(server);
        var (same, other) = (await Registered(server, OfRobin), await Registered(server, OfNobody));
        if (!isRefusedFirst)
        {
            Assert.Equal(HttpStatusCode.OK, (await gp.Get(same)).Status);
            await RefuseThePractice(server);
        }

        Assert.Equal((await gp.Get("Patient/never-was-one")).Whole, (await gp.Get(same)).Whole);
        Assert.Equal(HttpStatusCode.OK, (await gp.Get(other)).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await server.As("care-coordinator")).Get(same)).Status); // its holder

        // The registrar finds that the number was somebody else's.
        Assert.Equal(HttpStatusCode.OK, (await (await server.As("care-coordinator")).Change(same, patient => patient["identifier"]![0]!["value"] = OfNobody)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gp.Get(same)).Status);
    }

    private static async Task RefuseThePractice(ServerProcess server)
    {
        var refusal = Talk.Sample("tour/refusal-by-person.json").Replace("harbour-homes", "meadow-practice", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await (await server.As("person")).Post("Consent", refusal)).Status);
    }

    private static async Task<string> Registered(ServerProcess server, string number)
    {
        var trust = await server.As("care-coordinator");
        var patient = (await trust.Get("Patient/robin")).Json;
        patient.Remove("id");
        patient.Remove("meta");
        patient["identifier"]![0]!["value"] = number;
        patient["identifier"]![0]!["extension"]![0]!["valueCodeableConcept"]!["coding"]![0]!["code"] = "02";
        var made = await trust.Post("Patient", patient.ToJsonString());
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return $"Patient/{made.Id}";
    }
}
