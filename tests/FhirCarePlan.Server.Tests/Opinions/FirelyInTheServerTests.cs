using System.Net;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Opinions;

/// <summary>The second judge itself in a running server: there when it is asked for, and not a byte of it when it is not.</summary>
public class FirelyInTheServerTests
{
    /// <summary>An NHS number without its digits: refused by both, and Firely counts one rule more as broken.</summary>
    private const string Refused = """
        {"resourceType":"Patient","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number"}],"name":[{"family":"Secretname"}],"gender":"female","birthDate":"1970-01-01"}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Judges_a_refused_write_after_its_answer_and_says_which_rule_differs()
    {
        await using var server = await ServerProcess.Start(Settings(("Validation:SecondOpinion", "1")));
        var refused = await (await server.As("care-coordinator")).Post("Patient", Refused);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        var begun = DateTime.UtcNow;
        while (!server.Output.Contains("The second opinion on a Patient differs", StringComparison.Ordinal))
        {
            Assert.True(DateTime.UtcNow - begun < Patience, server.Output);
            await Task.Delay(100);
        }
        Assert.Contains("[cpa-pat-1]", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Secretname", server.Output, StringComparison.Ordinal);
        if (Tells) Assert.Contains(server.Loaded(), IsFirelys);
    }

    [Fact]
    public async Task Nothing_of_it_is_loaded_in_a_server_that_does_not_ask_for_it()
    {
        await using var server = await ServerProcess.Start();
        var coordinator = await server.As("care-coordinator");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await coordinator.Post("Patient", Refused)).Status);
        Assert.Equal(HttpStatusCode.Created, (await coordinator.Post("CarePlan", Talk.Sample("tour/care-plan.json"))).Status);
        if (Tells) Assert.Contains("FhirCarePlan.Fhir.dll", server.Loaded());
        Assert.Equal([], server.Loaded().Where(IsFirelys));
    }

    /// <summary>True where the system says which assemblies a process has loaded.</summary>
    private static bool Tells => OperatingSystem.IsLinux() || OperatingSystem.IsWindows();

    private static bool IsFirelys(string module) =>
        module.StartsWith("Firely.", StringComparison.Ordinal) || module.StartsWith("Hl7.", StringComparison.Ordinal)
        || module.StartsWith("FhirCarePlan.SecondOpinion", StringComparison.Ordinal);

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Samples:Load"] = "false" };
        foreach (var (name, value) in settings) all[name] = value;
        return all;
    }
}
