using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Enforced;

/// <summary>Each invariant of each CPA profile, over HTTP: a resource that breaks just that one, and names no profile, is refused by its name.</summary>
public class EveryInvariantTests(SampleServer samples) : IClassFixture<SampleServer>
{
    /// <summary>Samples in which one invariant and nothing else is broken.</summary>
    public static TheoryData<string, string> Broken
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var row in JsonDocument.Parse(Talk.Sample("expectations.json")).RootElement.EnumerateArray())
                if (row.GetProperty("file").GetString()!.StartsWith("invalid/", StringComparison.Ordinal) && row.GetProperty("expect").EnumerateArray().ToList() is [var only]
                    && only.GetProperty("key").GetString()!.StartsWith("cpa-", StringComparison.Ordinal))
                    all.Add(row.GetProperty("file").GetString()!, only.GetProperty("key").GetString()!);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task It_binds_whoever_names_no_profile(string file, string key)
    {
        var resource = Talk.SampleJson(file);
        resource.Remove("meta");
        resource.Remove("id");
        var refused = await (await samples.Process.As("care-coordinator")).Post((string)resource["resourceType"]!, resource.ToJsonString());
        Assert.True(refused.Status == HttpStatusCode.UnprocessableEntity, refused.Body);
        Assert.Contains(key, refused.ErrorKeys);
        // And by naming R4's own, or another profile, nobody gets out of it.
        resource["meta"] = new JsonObject { ["profile"] = new JsonArray($"http://hl7.org/fhir/StructureDefinition/{resource["resourceType"]}") };
        Assert.Contains(key, (await (await samples.Process.As("care-coordinator")).Post((string)resource["resourceType"]!, resource.ToJsonString())).ErrorKeys);
    }

    /// <summary>Warnings are told and refuse nothing; the errors are all here.</summary>
    [Fact]
    public void None_is_left_out()
    {
        var warnings = (string[])["cpa-con-9", "cpa-cp-14", "cpa-cp-15", "cpa-pat-4"];
        var profiles = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "profiles"), "StructureDefinition-*.json")
            .SelectMany(f => System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(f), "\"key\": \"(cpa-[a-z]+-[0-9]+)\"").Select(m => m.Groups[1].Value)).ToHashSet();
        Assert.Equal(profiles.Except(warnings).Order(), Broken.Select(b => (string)b[1]).Distinct().Order());
    }
}
