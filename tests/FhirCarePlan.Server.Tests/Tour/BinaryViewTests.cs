using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>Whoever may not see what a Binary belongs to does not see the Binary, in whatever form it is asked for
/// (src/docs/sharing.md#leaks, 32).</summary>
public class BinaryViewTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static JsonObject Document()
    {
        var document = Talk.SampleJson("partnership/DocumentReference-robin-advance-statement.json").AsNew();
        document["author"] = new JsonArray(new JsonObject { ["reference"] = "PractitionerRole/care-coordinator" });
        return document;
    }

    private async Task<Reply> Send(string persona, string? context, string type = "application/pdf") =>
        await (await samples.Process.As(persona)).Send("POST", "Binary", [1, 2, 3], type, context is null ? [] : [$"X-Security-Context: {context}"]);

    [Theory]
    [InlineData(null)]
    [InlineData("Patient/never-was-one")]
    [InlineData("Patient/lee")] // not in the trust's view
    [InlineData("urn:uuid:3f0b9cbe-9b0e-4f3c-8f43-3b0f5b0c6a11")]
    [InlineData("https://elsewhere.example/fhir/Patient/robin")]
    [InlineData("robin")]
    public async Task It_must_be_decidable_whom_it_is_about(string? context)
    {
        var refused = await Send("care-coordinator", context);
        Assert.True(refused.Status == 422, refused.Body);
    }

    /// <summary>What a Binary says cannot be read, so it cannot be said to be about nobody: no refusal would bind it.</summary>
    [Theory]
    [InlineData("Organization/rivelin-trust")]
    [InlineData("Practitioner/social-worker")]
    [InlineData("Location/park-ward")]
    [InlineData("List/register-trust")]
    public async Task It_is_about_a_person(string context)
    {
        var client = await samples.Process.As("care-coordinator");
        Assert.Equal(200, (int)(await client.Get(context)).Status);
        var refused = await Send("care-coordinator", context);
        Assert.True(refused.Status == 422, refused.Body);
        Assert.Contains("about nobody", refused.Body, StringComparison.Ordinal);
        Assert.Equal(422, (int)(await client.Post("Binary", $$$"""{"resourceType":"Binary","contentType":"text/plain","securityContext":{"reference":"{{{context}}}"},"data":"QUJD"}""")).Status);
    }

    [Fact]
    public async Task A_hidden_context_is_an_absent_one() =>
        Assert.Equal((await Send("care-coordinator", "Patient/never-was-one")).Body, (await Send("care-coordinator", "Patient/lee")).Body);

    [Theory]
    [InlineData("DocumentReference/robin-advance-statement")]
    [InlineData("Patient/robin")]
    [InlineData("CarePlan/robin-plan")]
    public async Task Who_sees_the_document_sees_its_content_and_what_belongs_to_anything_else_is_an_assessment(string context)
    {
        var made = await Send("care-coordinator", context);
        Assert.True(made.Status == 201, made.Body);
        var id = (string)made.Json["id"]!;
        foreach (var persona in (string[])["care-coordinator", "gp", "social-worker", "housing-officer", "voluntary-worker", "person", "outsider", "ig-lead"])
        {
            var caller = await samples.Process.As(persona);
            var sees = context.StartsWith("DocumentReference", StringComparison.Ordinal) ? (int)(await caller.Get(context)).Status
                : persona is "care-coordinator" or "person" ? 200 : 404;
            foreach (var accept in (string[])["Accept: application/pdf", "Accept: application/fhir+json"])
            {
                var answer = await caller.Send("GET", $"Binary/{id}", headers: accept);
                Assert.True(answer.Status == sees, $"{persona} {context} {answer.Status}");
                if (sees == 404) Assert.Equal((await caller.Send("GET", "Binary/never-was-one", headers: accept)).Body, answer.Body);
            }
            Assert.Equal(sees == 200 ? 1 : 0, (await caller.Get($"Binary?_id={id}&_summary=count")).Total);
        }
    }

    [Fact]
    public async Task A_context_that_is_restricted_later_takes_it_along()
    {
        var (trust, gp) = (await samples.Process.As("psychiatrist"), await samples.Process.As("gp"));
        var document = Document();
        var made = await trust.Post("DocumentReference", document.ToJsonString());
        Assert.True((int)made.Status == 201, made.Body);
        var binary = (string)(await Send("psychiatrist", $"DocumentReference/{made.Id}")).Json["id"]!;
        Assert.Equal(200, (await gp.Send("GET", $"Binary/{binary}")).Status);
        var label = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", ["code"] = "V" };
        Assert.Equal(200, (int)(await trust.Change($"DocumentReference/{made.Id}", d => d["meta"]!.AsObject()["security"] = new JsonArray(label))).Status);
        Assert.Equal(404, (int)(await gp.Get($"DocumentReference/{made.Id}")).Status);
        Assert.Equal(404, (await gp.Send("GET", $"Binary/{binary}")).Status);
        Assert.Equal(200, (await trust.Send("GET", $"Binary/{binary}")).Status);
    }

    [Fact]
    public async Task The_person_it_is_about_does_not_change()
    {
        var id = (string)(await Send("care-coordinator", "Patient/robin")).Json["id"]!;
        var trust = await samples.Process.As("care-coordinator");
        Assert.Equal(422, (await trust.Send("PUT", $"Binary/{id}", [1], "image/png", "X-Security-Context: Patient/sky")).Status);
        Assert.Equal(200, (await trust.Send("PUT", $"Binary/{id}", [1], "image/png", "X-Security-Context: Patient/robin")).Status);
    }

    [Fact]
    public async Task A_document_and_its_content_go_in_together()
    {
        var document = Document();
        document["content"]![0]!["attachment"] = new JsonObject { ["contentType"] = "application/pdf", ["url"] = "urn:uuid:0c0c3f0e-0000-4000-8000-000000000002" };
        var binary = Wire.Json("""{"resourceType":"Binary","contentType":"application/pdf","securityContext":{"reference":"urn:uuid:0c0c3f0e-0000-4000-8000-000000000001"},"data":"AAAA"}""");
        var trust = await samples.Process.As("care-coordinator");
        var answer = await trust.Post("", Wire.Bundle("transaction",
            Wire.Entry("POST", "Binary", binary, "urn:uuid:0c0c3f0e-0000-4000-8000-000000000002"),
            Wire.Entry("POST", "DocumentReference", document, "urn:uuid:0c0c3f0e-0000-4000-8000-000000000001")).ToJsonString());
        Assert.True((int)answer.Status == 200, answer.Body);
        Assert.StartsWith("DocumentReference/", (string)(await trust.Get($"{((string)answer.Entries[0]["response"]!["location"]!).Split("/_history")[0]}?_format=json")).Json["securityContext"]!["reference"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_person_reads_what_is_about_them()
    {
        var id = (string)(await Send("care-coordinator", "Patient/robin")).Json["id"]!;
        var own = await (await samples.Process.As("person")).Send("GET", $"Binary/{id}");
        Assert.True(own.Status == 200, own.Body);
        var left = await (await samples.Process.As("care-coordinator")).Send("GET", $"AuditEvent?entity=Binary/{id}");
        Assert.True(left.Status is 200, left.Body);
    }
}
