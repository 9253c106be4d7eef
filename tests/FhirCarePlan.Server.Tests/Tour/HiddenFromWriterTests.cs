using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Nobody can make a record vanish by a label or a reference: what its own writer may not see is not stored.</summary>
public class HiddenFromWriterTests(SampleServer samples) : IClassFixture<SampleServer>
{
    public static TheoryData<string, string> Ways => new()
    {
        { "Patient/robin", """{"meta":{"security":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-InformationCategory","code":"audit"}]}}""" },
        { "Composition/robin-discharge-letter", """{"section":[{"title":"x","entry":[{"reference":"AuditEvent/x"}]}]}""" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_is_422_whatever_answer_is_preferred_and_the_record_stays(string url, string change)
    {
        var client = await samples.Process.As("care-coordinator");
        foreach (var prefer in (string[])["return=representation", "return=minimal", "return=OperationOutcome"])
        {
            var now = await client.Get(url);
            var body = now.Json;
            foreach (var (name, value) in JsonNode.Parse(change)!.AsObject().ToList()) body[name] = value!.DeepClone();
            var reply = await client.Send("PUT", url, Encoding.UTF8.GetBytes(body.ToJsonString()), Wire.Fhir, $"If-Match: {now.ETag}", $"Prefer: {prefer}");
            Assert.True(reply.Status == 422, $"{prefer}: {reply.Status} {reply.Body}");
            Assert.Contains("hidden-from-writer", reply.Body, StringComparison.Ordinal);
            Assert.Equal(now.Body, (await client.Get(url)).Body);
        }
    }

    [Fact]
    public async Task Nor_in_a_batch_or_a_transaction()
    {
        var client = await samples.Process.As("care-coordinator");
        var message = Wire.Json("""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/robin"},"about":[{"reference":"AuditEvent/x"}]}""");
        var batch = await client.Post("", Wire.Bundle("batch", Wire.Entry("POST", "Communication", message)).ToJsonString());
        Assert.Equal("422", ((string)batch.Entries[0]["response"]!["status"]!)[..3]);
        Assert.Equal(422, (int)(await client.Post("", Wire.Bundle("transaction", Wire.Entry("POST", "Communication", message)).ToJsonString())).Status);
    }

    [Fact]
    public async Task The_directory_speaks_for_ones_own_organisation()
    {
        var body = """{"resourceType":"OrganizationAffiliation","organization":{"reference":"Organization/rivelin-trust"},"participatingOrganization":{"reference":"Organization/rivelin-council"}}""";
        var refused = await (await samples.Process.As("gp")).Post("OrganizationAffiliation", body);
        Assert.Equal(422, (int)refused.Status);
        Assert.Equal(["directory-party"], refused.ErrorKeys);
        Assert.Equal(201, (int)(await (await samples.Process.As("care-coordinator")).Post("OrganizationAffiliation", body)).Status);
    }
}
