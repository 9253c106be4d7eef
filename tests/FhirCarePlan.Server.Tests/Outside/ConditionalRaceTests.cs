using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Equal requests at once: one makes the resource, the others find it. The commit asks the criteria again.</summary>
public class ConditionalRaceTests
{
    private const int AtOnce = 24, Rounds = 4;

    [Fact]
    public async Task In_one_process()
    {
        await using var server = await ServerProcess.Start(OneOrganisation.Settings);
        var client = await server.As("system");
        await Race(client, client);
    }

    [PostgresFact]
    public async Task In_two_processes_on_one_database()
    {
        var settings = new Dictionary<string, string>(OneOrganisation.Settings)
        {
            ["Storage:Engine"] = "Postgres",
            ["Storage:ConnectionString"] = PostgresCluster.NewDatabase(),
            ["Ledger:Key"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(n => (byte)n)]),
        };
        await using var one = await ServerProcess.Start(settings);
        await using var two = await ServerProcess.Start(settings);
        await Race(await one.As("system"), await two.As("system"));
    }

    private static async Task Race(HttpClient first, HttpClient second)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var number = Guid.NewGuid().ToString("N");
            HttpClient Either(int n) => n % 2 == 0 ? first : second;

            var created = await All(n => Either(n).Send("POST", "Patient", Patient($"a{number}", n), Wire.Fhir, $"If-None-Exist: identifier=urn:feed|a{number}"));
            Assert.Single(created, r => r.Status == 201);
            Assert.All(created, r => Assert.Contains(r.Status, (int[])[200, 201]));
            Assert.Single(created.Select(r => (string)r.Json["id"]!).Distinct());
            Assert.Equal(1, await Count(first, $"a{number}"));

            // Different words for the same, and creates beside updates.
            var mixed = await All(n => n % 3 == 0
                ? Either(n).Send("PUT", $"Patient?identifier=b{number}", Patient($"b{number}", n))
                : Either(n).Send("POST", "Patient", Patient($"b{number}", n), Wire.Fhir, $"If-None-Exist: identifier=urn:feed|b{number}&name=Feed"));
            Assert.Single(mixed, r => r.Status == 201);
            Assert.All(mixed, r => Assert.Contains(r.Status, (int[])[200, 201]));
            Assert.Equal(1, await Count(first, $"b{number}"));

            var bundles = await All(n => Either(n).Send("POST", "", Bundle($"c{number}", n)));
            Assert.All(bundles, r => Assert.True(r.Status == 200, r.Body));
            Assert.Equal(1, await Count(first, $"c{number}"));
            Assert.Equal(1, (await first.Get($"Observation?identifier=urn:feed|c{number}")).Total);

            // Every update is done, one after the other.
            var id = (string)created[0].Json["id"]!;
            var updates = await All(n => Either(n).Send("PUT", $"Patient?identifier=urn:feed|a{number}", Patient($"a{number}", n)));
            Assert.All(updates, r => Assert.Equal(200, r.Status));
            Assert.Equal(1 + AtOnce, (await second.Get($"Patient/{id}/_history")).Total);

            var deleted = await All(n => Either(n).Send("DELETE", $"Patient?identifier=urn:feed|a{number}"));
            Assert.All(deleted, r => Assert.Equal(204, r.Status));
            Assert.Equal(2 + AtOnce, (await second.Get($"Patient/{id}/_history")).Total);
        }
    }

    private static Task<Reply[]> All(Func<int, Task<Reply>> ask) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(ask));

    private static async Task<int> Count(HttpClient client, string number) => (await client.Get($"Patient?identifier=urn:feed|{number}")).Total;

    private static byte[] Patient(string number, int n) => Encoding.UTF8.GetBytes($$$"""
        {"resourceType":"Patient","identifier":[{"system":"urn:feed","value":"{{{number}}}"}],"name":[{"family":"Feed","given":["{{{n}}}"]}]}
        """);

    private static byte[] Bundle(string number, int n)
    {
        var patient = Wire.Entry("POST", "Patient", Wire.Json(Encoding.UTF8.GetString(Patient(number, n))), "urn:uuid:0c1d0f2e-0000-4000-8000-000000000001");
        patient["request"]!["ifNoneExist"] = $"identifier=urn:feed|{number}";
        var observation = Wire.Entry("PUT", $"Observation?identifier=urn:feed|{number}", Wire.Json($$$"""
            {"resourceType":"Observation","identifier":[{"system":"urn:feed","value":"{{{number}}}"}],"status":"final","code":{"text":"{{{n}}}"},
            "subject":{"reference":"urn:uuid:0c1d0f2e-0000-4000-8000-000000000001"}}
            """));
        return Encoding.UTF8.GetBytes(Wire.Bundle("transaction", patient, observation).ToJsonString());
    }
}
