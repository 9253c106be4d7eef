using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>`$erase` removes the person that the caller names in three ways, and nobody else. src/docs/operations.md#erasing-a-person</summary>
public class EraseOperationTests
{
    private static string Asked(string? reason = "retention-over", string? birth = "1999-11-02", string? number = "999 518 3005", string? more = null)
    {
        var parameters = new (string Name, string? Value)[] { ("reason", reason), ("birthDate", birth), ("nhsNumber", number) }.Where(p => p.Value != null)
            .Select(p => $$"""{"name":"{{p.Name}}","valueString":"{{p.Value}}"}""").Concat(more is null ? [] : [more]);
        return $$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', parameters)}}]}""";
    }

    [Fact]
    public async Task Erases_the_person_that_is_meant_and_the_ledger_says_by_whom_and_why()
    {
        await using var server = await ServerProcess.Start();
        var (lead, coordinator) = (await server.As("ig-lead"), await server.As("care-coordinator"));
        Assert.Equal(200, (int)(await coordinator.Get("Patient/sky")).Status);
        var robin = (await coordinator.Get("CarePlan/robin-plan")).Body;

        var absent = await lead.Post("Patient/never-was-one/$erase", Asked());
        Assert.Equal(404, (int)absent.Status);
        // A wrong date, a wrong number, and another person: there is no such person.
        foreach (var (id, body) in ((string, string)[])[("sky", Asked(birth: "1999-11-03")), ("sky", Asked(number: "9995183006")), ("sky", Asked(number: "none")), ("robin", Asked())])
            Assert.Equal(absent.Whole, (await lead.Post($"Patient/{id}/$erase", body)).Whole);
        foreach (var body in (string[])[Asked(reason: null), Asked(reason: "because"), Asked(birth: null), Asked(number: null), Asked(more: """{"name":"nonsense","valueString":"x"}"""), Asked(more: """{"name":"dryRun","valueString":"perhaps"}"""),
            Asked(more: """{"name":"dryRun","valueQuantity":{"value":1}}"""), Asked(more: """{"name":"dryRun","valueCoding":{"code":"true"}}"""),
            Asked(more: """{"name":"dryRun","valueBoolean":true},{"name":"dryRun","valueBoolean":false}"""), Asked(more: """{"name":"dryRun","resource":{"resourceType":"Basic","code":{"text":"true"}}}"""),
            Asked(more: """{"name":"reason","valueString":"ordered"}""")])
            Assert.Equal(400, (int)(await lead.Post("Patient/sky/$erase", body)).Status);
        foreach (var persona in (string[])["care-coordinator", "gp", "person", "outsider"])
        {
            var client = await server.As(persona);
            Assert.Equal((404, (await client.Post("Patient/never-was-one/$erase", Asked())).Body), ((int)(await client.Post("Patient/sky/$erase", Asked())).Status, (await client.Post("Patient/sky/$erase", Asked())).Body));
        }

        var trial = await lead.Post("Patient/sky/$erase", Asked(more: """{"name":"dryRun","valueBoolean":true}"""));
        Assert.True((int)trial.Status == 200 && trial.Body.Contains("\"valueBoolean\":false", StringComparison.Ordinal), trial.Body);
        Assert.Equal(200, (int)(await coordinator.Get("Patient/sky")).Status);

        var done = await lead.Post("Patient/sky/$erase", Asked());
        Assert.True((int)done.Status == 200 && done.Body.Contains("\"valueBoolean\":true", StringComparison.Ordinal), done.Body);
        Assert.Equal(410, (int)(await coordinator.Get("Patient/sky")).Status);
        Assert.Equal(0, (await coordinator.Get("CarePlan?patient=Patient/sky")).Total);
        Assert.Equal(robin, (await coordinator.Get("CarePlan/robin-plan")).Body);
        Assert.Equal(absent.Whole, (await lead.Post("Patient/sky/$erase", Asked())).Whole);

        var events = await lead.Get("AuditEvent?entity=Patient/sky&_count=200");
        Assert.Contains(events.Entries, e => e["resource"]!.ToJsonString() is var text && text.Contains("\"erase\"", StringComparison.Ordinal)
            && text.Contains("\"outcomeDesc\":\"retention-over\"", StringComparison.Ordinal) && text.Contains("PractitionerRole/ig-lead", StringComparison.Ordinal));
        Assert.Contains("\"valueBoolean\":true", (await lead.Post("$verify-ledger", (await lead.Post("$ledger-receipt", """{"resourceType":"Parameters"}""")).Body)).Body, StringComparison.Ordinal);
    }
}
