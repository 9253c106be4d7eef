using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>References lead somewhere, where the setting asks for it.</summary>
public class DeleteReferencedTests
{
    [Fact]
    public async Task What_is_referred_to_stays_until_nothing_refers_to_it()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string>(OneOrganisation.Settings) { ["Fhir:DeleteReferenced"] = "refuse" });
        var client = await server.As("system");
        await Put("Organization", "one", "\"name\":\"One\"");
        await Put("Location", "here", "\"name\":\"Here\",\"managingOrganization\":{\"reference\":\"Organization/one\"}");

        var refused = await client.Delete("Organization/one");
        Assert.Equal((409, "referenced"), ((int)refused.Status, Assert.Single(refused.ErrorKeys)));
        Assert.Contains("Location/here", refused.Body, StringComparison.Ordinal);
        Assert.Equal(409, (int)(await client.Post("", Wire.Bundle("transaction", Wire.Entry("DELETE", "Organization/one")).ToJsonString())).Status);
        // Both together, in either order.
        Assert.Equal(200, (int)(await client.Post("", Wire.Bundle("transaction", Wire.Entry("DELETE", "Organization/one"), Wire.Entry("DELETE", "Location/here")).ToJsonString())).Status);

        // An attachment refers as well, by an address relative or absolute.
        foreach (var (id, url) in ((string, string)[])[("b1", "Binary/b1"), ("b2", $"{client.BaseAddress}Binary/b2")])
        {
            await Put("Binary", id, "\"contentType\":\"text/plain\",\"data\":\"QUJD\"");
            await Put("DocumentReference", "doc", $$$"""
                "status":"current","content":[{"attachment":{"contentType":"text/plain","url":"{{{url}}}"}}]
                """);
            var kept = await client.Delete($"Binary/{id}");
            Assert.True((int)kept.Status == 409 && kept.Body.Contains("DocumentReference/doc", StringComparison.Ordinal), kept.Body);
            await Put("DocumentReference", "doc", "\"status\":\"current\",\"content\":[{\"attachment\":{\"contentType\":\"text/plain\",\"url\":\"https://elsewhere.example/x\"}}]");
            Assert.Equal(204, (int)(await client.Delete($"Binary/{id}")).Status);
        }

        // What an older version referred to holds nothing back; what refers to itself neither.
        await Put("Organization", "two", "\"name\":\"Two\",\"partOf\":{\"reference\":\"Organization/two\"}");
        await Put("Location", "there", "\"name\":\"There\",\"managingOrganization\":{\"reference\":\"Organization/two\"}");
        await Put("Location", "there", "\"name\":\"There\"");
        Assert.Equal(204, (int)(await client.Delete("Organization/two")).Status);

        async Task Put(string type, string id, string rest) =>
            Assert.True((int)(await client.Put($"{type}/{id}", $$"""{"resourceType":"{{type}}","id":"{{id}}",{{rest}}}""")).Status is 200 or 201);
    }

    [Fact]
    public async Task What_the_caller_does_not_see_holds_nothing_back()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Fhir:DeleteReferenced"] = "refuse" });
        var (trust, gp) = (await server.As("psychiatrist"), await server.As("gp"));
        var made = await gp.Post("Condition", """{"resourceType":"Condition","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"text":"A cough"},"subject":{"reference":"Patient/robin"}}""");
        Assert.True((int)made.Status == 201, made.Body);
        // What the trust observes word for word is not for the practice.
        var note = await trust.Post("Observation", $$$"""{"resourceType":"Observation","status":"final","code":{"text":"note"},"subject":{"reference":"Patient/robin"},"focus":[{"reference":"Condition/{{{made.Id}}}"}]}""");
        Assert.True((int)note.Status == 201, note.Body);
        Assert.Equal(404, (int)(await gp.Get($"Observation/{note.Id}")).Status);
        Assert.Equal(204, (int)(await gp.Delete($"Condition/{made.Id}", made.ETag)).Status);
    }

    [Fact]
    public async Task Without_the_setting_it_goes()
    {
        await using var server = await ServerProcess.Start(OneOrganisation.Settings);
        var client = await server.As("system");
        await client.Put("Organization/one", """{"resourceType":"Organization","id":"one","name":"One"}""");
        await client.Put("Location/here", """{"resourceType":"Location","id":"here","managingOrganization":{"reference":"Organization/one"}}""");
        Assert.Equal(204, (int)(await client.Delete("Organization/one")).Status);
    }
}
