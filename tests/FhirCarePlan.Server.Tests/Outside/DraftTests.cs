using System.Text;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Definitions sent over REST are drafts: `$validate` may be asked with them, and nothing else changes
/// (src/docs/sharing.md#definitions).</summary>
public class DraftTests
{
    private const string Url = "https://draft.example/StructureDefinition/goal-with-note";

    [Fact]
    public async Task A_draft_is_used_by_validate_and_enforced_nowhere_over_a_restart_too()
    {
        await using var server = await ServerProcess.Start();
        var lead = await server.As("ig-lead");
        var coordinator = await server.As("care-coordinator");
        const string goal =
            """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Draw every day"},"subject":{"reference":"Patient/robin"}}""";
        Assert.Equal(400, (await Send(coordinator, $"Goal/$validate?profile={Url}", goal)).Status);
        Assert.Equal(403, (await Send(coordinator, "StructureDefinition", Draft(Url))).Status);
        Assert.Equal(201, (await Send(lead, "StructureDefinition", Draft(Url))).Status);

        await UsedButNotEnforced(coordinator, goal, $"{Url}");
        // Drafts build on each other.
        Assert.Equal(201,
            (await Send(lead, "StructureDefinition", Draft("https://draft.example/StructureDefinition/further", Url, "target"))).Status);
        var further = await Send(coordinator, "Goal/$validate?profile=https://draft.example/StructureDefinition/further", goal);
        Assert.Contains("`note` occurs 0 times", further.Said, StringComparison.Ordinal);
        Assert.Contains("`target` occurs 0 times", further.Said, StringComparison.Ordinal);
        // And searches find them beside the definitions that the server works by.
        Assert.Equal(1, (int?)(await lead.Send("GET", $"StructureDefinition?url={Url}")).Json["total"]);

        await server.Kill();
        await server.Restart();
        await UsedButNotEnforced(await server.As("care-coordinator"), goal, Url);
    }

    [Theory]
    [InlineData("""{"id":"Goal.note","path":"Goal.note","constraint":[{"key":"x-1","severity":"error","human":"h","expression":"text.exists("}]}""", "The expression cannot be read")]
    [InlineData("""{"id":"Goal.nothing","path":"Goal.nothing","min":1}""", "`nothing` is not an element of Goal")]
    [InlineData("""{"id":"Goal.note","path":"Goal.note","min":"one"}""", "`min`")]
    public async Task A_broken_one_is_refused_with_the_reason(string element, string why)
    {
        await using var server = await ServerProcess.Start(OneOrganisation.Settings);
        var refused = await Send(await server.As("system"), "StructureDefinition", Draft(Url)
            .Replace(Element("note"), element, StringComparison.Ordinal));
        Assert.InRange(refused.Status, 400, 422);
        Assert.Contains(why, refused.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_builds_on_nothing_and_a_parameter_that_is_no_expression_are_refused()
    {
        await using var server = await ServerProcess.Start(OneOrganisation.Settings);
        var system = await server.As("system");
        var orphan = await Send(system, "StructureDefinition", Draft(Url, "https://draft.example/StructureDefinition/nowhere"));
        Assert.Equal(422, orphan.Status);
        Assert.Contains("`https://draft.example/StructureDefinition/nowhere` cannot be resolved", orphan.Said, StringComparison.Ordinal);
        var parameter = await Send(system, "SearchParameter",
            """{"resourceType":"SearchParameter","url":"https://draft.example/p","name":"P","status":"draft","description":"d","code":"p","base":["Goal"],"type":"token","expression":"Goal.("}""");
        Assert.Equal(422, parameter.Status);
        Assert.Contains("The expression cannot be read", parameter.Said, StringComparison.Ordinal);
    }

    private static async Task UsedButNotEnforced(HttpClient client, string goal, string url)
    {
        var asked = await Send(client, $"Goal/$validate?profile={url}", goal);
        Assert.Equal(200, asked.Status);
        Assert.Contains($"`note` occurs 0 times; it must occur 1..* ({url})", asked.Said, StringComparison.Ordinal);
        Assert.Equal(201, (await Send(client, "Goal", goal)).Status);
        // Who claims it is told that this server does not know it.
        Assert.Equal(201, (await Send(client, "Goal", goal.Replace("\"Goal\",", $"\"Goal\",\"meta\":{{\"profile\":[\"{url}\"]}},")))
            .Status);
    }

    private static string Element(string name) => $$"""{"id":"Goal.{{name}}","path":"Goal.{{name}}","min":1}""";

    private static string Draft(string url, string parent = "http://hl7.org/fhir/StructureDefinition/Goal", string element = "note") =>
        $$$"""{"resourceType":"StructureDefinition","url":"{{{url}}}","name":"Draft","status":"draft","kind":"resource","abstract":false,"type":"Goal","baseDefinition":"{{{parent}}}","derivation":"constraint","differential":{"element":[{{{Element(element)}}}]}}""";

    private static Task<Reply> Send(HttpClient client, string url, string body) => client.Send("POST", url, Encoding.UTF8.GetBytes(body));
}
