using System.Net;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>The lead of the party that oversees the agreement gets the ledger's head and can verify the ledger; nobody else can.</summary>
public class LedgerReceiptsTests
{
    private const string Nothing = """{"resourceType":"Parameters"}""";

    [Fact]
    public async Task A_receipt_is_given_and_the_ledger_is_verified_with_it_and_without()
    {
        await using var server = await ServerProcess.Start(OneOrganisation.Settings);
        var client = await server.As("system");
        var receipt = await client.Post("$ledger-receipt", Nothing);
        TourTests.AssertValid("Parameters", receipt.Body);
        Assert.Equal((HttpStatusCode.OK, "true"), Verified(await client.Post("$verify-ledger", receipt.Body)));
        await client.Get("Patient/nobody");
        Assert.Equal((HttpStatusCode.OK, "true"), Verified(await client.Post("$verify-ledger", receipt.Body)));

        var forged = receipt.Json;
        forged["parameter"]![0]!["valueDecimal"] = 999_999;
        Assert.Equal((HttpStatusCode.OK, "false"), Verified(await client.Post("$verify-ledger", forged.ToJsonString())));
        forged["parameter"]!.AsArray().RemoveAt(0);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.Post("$verify-ledger", forged.ToJsonString())).Status);

        static (HttpStatusCode, string?) Verified(Heard answer) =>
            (answer.Status, answer.Json["parameter"]?.AsArray()
                .First(p => (string)p!["name"]! == "result")!["valueBoolean"]!.ToJsonString());
    }

    [Fact]
    public async Task To_everybody_else_there_is_nothing_here()
    {
        await using var server = await ServerProcess.Start();
        foreach (var persona in (string[])["gp", "person", "outsider"])
            foreach (var operation in (string[])["$ledger-receipt", "$verify-ledger"])
                Assert.Equal(HttpStatusCode.NotFound, (await (await server.As(persona)).Post(operation, Nothing)).Status);
    }
}
