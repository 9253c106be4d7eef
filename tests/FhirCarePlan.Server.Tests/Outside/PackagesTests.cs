using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Tests.Commands;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>FHIR packages dropped into the folder of `Validation:Packages`.</summary>
public class PackagesTests
{
    [SharedFact]
    public async Task The_international_patient_summary_and_the_extensions_load_and_what_they_published_is_valid()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            Packed.Ips(folder);
            Packed.Extensions(folder);
            await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Validation:Packages"] = folder, ["Validation:Profiles"] = "Declared" });
            var client = await server.As("gp");
            Assert.DoesNotContain("Definitions:", server.Output, StringComparison.Ordinal);
            var faults = new List<string>();
            foreach (var example in Packed.Read(SharedData.Folder("data/packages/ips-2.0.0/examples.ndjson.gz")!))
            {
                // The server enforces its own profiles on core types; published resources claim others.
                var resource = JsonNode.Parse(example)!;
                if (StoredTypes.Core.Contains((string)resource["resourceType"]!)) continue;
                var answer = await client.Send("POST", $"{resource["resourceType"]}/$validate", Encoding.UTF8.GetBytes(example));
                if (answer.Status != 200 || answer.Body.Contains("\"severity\":\"error\"", StringComparison.Ordinal)) faults.Add($"{resource["id"]}: {answer.Said}");
            }
            Assert.Equal([], faults.Take(3));
            var profile = await client.Send("GET", "StructureDefinition?url=http://hl7.org/fhir/uv/ips/StructureDefinition/Patient-uv-ips");
            Assert.NotEmpty(profile.Json["entry"]![0]!["resource"]!["snapshot"]!["element"]!.AsArray());
            Assert.Contains("Patient-uv-ips", (await client.Send("POST", "Patient/$validate?profile=http://hl7.org/fhir/uv/ips/StructureDefinition/Patient-uv-ips", """{"resourceType":"Patient"}"""u8.ToArray())).Said, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_missing_doubled_or_ours_is_said_by_name_and_ours_stands()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            static string ValueSet(string url, string version) => $$"""{"resourceType":"ValueSet","id":"v","url":"{{url}}","version":"{{version}}","status":"active"}""";
            Packed.Write(folder, "a.package", "1.0.0", ["hl7.fhir.r4.core", "cpa.fhir", "not.there"], [("v.json", ValueSet("http://a.example/v", "1"))]);
            Packed.Write(folder, "b.package", "2.0.0", ["a.package"],
            [
                ("v.json", ValueSet("http://a.example/v", "2")),
                ("ours.json", """{"resourceType":"StructureDefinition","id":"CPA-CarePlan","url":"https://fhir.cpa.example/StructureDefinition/CPA-CarePlan","name":"X","status":"active","kind":"resource","abstract":false,"type":"CarePlan","baseDefinition":"http://hl7.org/fhir/StructureDefinition/CarePlan","derivation":"constraint","differential":{"element":[{"id":"CarePlan","path":"CarePlan"}]}}"""),
            ]);
            await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Validation:Packages"] = folder });
            Assert.Contains("`a.package#1.0.0` depends on `not.there#any`, which is not loaded", server.Output, StringComparison.Ordinal);
            Assert.Contains("`http://a.example/v` of `b.package#2.0.0` (version 2) replaces the one of `a.package#1.0.0` (version 1)", server.Output, StringComparison.Ordinal);
            Assert.Contains("`https://fhir.cpa.example/StructureDefinition/CPA-CarePlan` of `cpa.fhir#", server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("depends on `cpa.fhir", server.Output, StringComparison.Ordinal);
            var client = await server.As("care-coordinator");
            Assert.Equal("2", (string?)(await client.Send("GET", "ValueSet?url=http://a.example/v")).Json["entry"]![0]!["resource"]!["version"]);
            Assert.Contains("cpa-cp-4", (await client.Send("POST", "CarePlan/$validate", File.ReadAllBytes(Path.Combine(SharedData.Repository, "samples", "tour", "care-plan-without-crisis-plan.json")))).Body, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_broken_package_and_a_folder_that_is_not_there_refuse_to_start_with_the_reason()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "broken.tgz"), [1, 2, 3, 4]);
            var (exit, _, error) = await ServerProcess.RunToEnd(new Dictionary<string, string> { ["urls"] = "http://127.0.0.1:0", ["Validation:Packages"] = folder }, "Development");
            Assert.Equal(1, exit);
            Assert.Contains("Setting Validation:Packages: `broken.tgz` is not a package", error, StringComparison.Ordinal);
            (exit, _, error) = await ServerProcess.RunToEnd(new Dictionary<string, string> { ["urls"] = "http://127.0.0.1:0", ["Validation:Packages"] = "no/such/folder" }, "Development");
            Assert.Equal(1, exit);
            Assert.Contains("Setting Validation:Packages is `no/such/folder`", error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_unknown_claim_is_an_error_where_the_setting_says_so()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string>(OneOrganisation.Settings) { ["Validation:UnknownProfile"] = "Error" });
        var client = await server.As("system");
        var body = """{"resourceType":"Goal","meta":{"profile":["http://unknown.example/p"]},"lifecycleStatus":"active","description":{"text":"x"},"subject":{"display":"x"}}"""u8.ToArray();
        var refused = await client.Send("POST", "Goal", body);
        Assert.Equal(422, refused.Status);
        Assert.Contains("`http://unknown.example/p` is not known", refused.Said, StringComparison.Ordinal);
    }
}
