using System.Text.Json.Nodes;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Tests;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>How often a whole request waits for PostgreSQL, its commit of two trips included. src/docs/operations.md#postgresql</summary>
public sealed class TripsTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [PostgresFact]
    public async Task A_request_asks_in_batches()
    {
        var database = PostgresCluster.NewDatabase();
        var ward = new Ward(database);
        await ward.InitializeAsync();
        try
        {
            var trips = ((PostgresStore)ward.Engine.Store).Trips;
            foreach (var (persona, interaction, type, id, query, body) in ((string, Interaction, string, string, string, string?)[])
            [
                ("gp", Table.Read, "Patient", "robin", "", null),
                ("gp", Table.Read, "Patient", "nobody", "", null),
                ("housing-officer", Table.Read, "Patient", "robin", "", null),
                ("care-coordinator", Table.Read, "CarePlan", "sky-plan", "", null),
                ("care-coordinator", Table.Search, "Observation", "", "subject=Patient/robin&_count=20", null),
                ("care-coordinator", Table.Search, "Patient", "", "_count=20", null),
                ("care-coordinator", Table.Create, "Goal", "", "", """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Sleep"},"subject":{"reference":"Patient/robin"}}"""),
                ("care-coordinator", Table.Create, "Task", "", "", Task(1)),
                ("care-coordinator", Table.Create, "Task", "", "", Task(20)),
                ("care-coordinator", Table.Batch, "", "", "", Transaction(10)),
                ("care-coordinator", Table.Batch, "", "", "", Transaction(50)),
            ])
            {
                var last = 0L;
                // The first finds out what stays known.
                for (var time = 0; time < 3; time++)
                {
                    var before = trips.Count;
                    var answer = await ward.Ask(persona, interaction, type, id, body is null ? null : JsonNode.Parse(body), query: query);
                    last = trips.Count - before;
                    if (time == 2) output.WriteLine($"{persona} {interaction.Code} {type} {id}{query}: {answer.Kind} {last} {string.Join(';', answer.Issues.Select(i => i.Text))}");
                }
            }
        }
        finally
        {
            await ward.DisposeAsync();
        }
    }

    private static string Task(int references) => $$"""
        {"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/robin"},
        "input":[{{string.Join(',', Enumerable.Range(0, references).Select(_ => """{"type":{"text":"x"},"valueReference":{"reference":"Patient/robin"}}"""))}}]}
        """;

    private static string Transaction(int entries) => $$"""
        {"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', Enumerable.Range(0, entries).Select(n => $$$"""{"fullUrl":"urn:uuid:0000000{{{n:D3}}}","request":{"method":"POST","url":"Goal"},"resource":{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Sleep {{{n}}}"},"subject":{"reference":"Patient/robin"}}}"""))}}]}
        """;
}
