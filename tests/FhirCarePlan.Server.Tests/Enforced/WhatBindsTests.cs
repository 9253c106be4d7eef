using System.Net;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Validation.Choosing;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Enforced;

/// <summary>The table of what binds when, row by row and reason by reason, as the server acts on it and as the guide shows it.</summary>
public class WhatBindsTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static readonly ProfileTable Table = ProfileTable.Read(Path.Combine(AppContext.BaseDirectory, "profiles"));

    public static TheoryData<string, string, int> Reasons
    {
        get
        {
            var all = new TheoryData<string, string, int>();
            foreach (var row in Table.Rows.Where(r => !r.IsService))
            {
                for (var i = 0; i < row.Content.Count; i++) all.Add(row.Profile, "content", i);
                for (var i = 0; i < row.Signs.Count; i++) all.Add(row.Profile, "sign", i);
                if (row.IsOtherwise) all.Add(row.Profile, "otherwise", 0);
            }
            return all;
        }
    }

    /// <summary>A resource that has this and nothing else: to ask for the profile by name finds no more than was found without.</summary>
    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task It_binds(string profile, string kind, int number)
    {
        var row = Table.Rows.Single(r => r.Profile == profile);
        var decider = kind switch { "content" => row.Content[number], "sign" => row.Signs[number], _ => null };
        var writer = decider is WriterDecider { Sector: not "*" } ? "care-coordinator" : "gp";
        var resource = new JsonObject { ["resourceType"] = row.On };
        if (decider != null) Give(resource, decider, kind == "sign");
        var client = await samples.Process.As(writer);
        var found = await client.Post($"{row.On}/$validate", resource.ToJsonString());
        var asked = await client.Post($"{row.On}/$validate?profile={row.Canonical}", resource.ToJsonString());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (found.Status, asked.Status));
        Assert.Equal(asked.ErrorKeys.Order(), found.ErrorKeys.Order());
        if (kind == "sign" && row.Content.Count > 0) Assert.Contains("did-you-mean", found.ErrorKeys);
        else Assert.DoesNotContain("did-you-mean", found.ErrorKeys);
        // And it is told by the page.
        if (decider != null) Assert.Contains(Plain(decider.Words), Plain(await Page()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_has_a_row_for_each_and_no_other()
    {
        var page = await Page();
        Assert.Equal(Table.Rows.Select(r => r.Profile).Order(), System.Text.RegularExpressions.Regex.Matches(page, "id=\"binds-([^\"]+)\"").Select(m => m.Groups[1].Value).Order());
    }

    [Fact]
    public async Task What_the_service_writes_nobody_sends_and_it_meets_its_own_profile()
    {
        var lead = await samples.Process.As("ig-lead");
        Assert.False((await lead.Post("AuditEvent", Talk.Sample("valid/CPA-AuditEvent/permitted.json"))).Status == HttpStatusCode.Created);
        var written = (await lead.Get("AuditEvent?_count=1")).Entries[0]["resource"]!;
        Assert.Empty((await lead.Post("AuditEvent/$validate?profile=https://fhir.cpa.example/StructureDefinition/CPA-AuditEvent", written.ToJsonString())).ErrorKeys);
    }

    private Task<string> Page() => samples.Process.Anonymous.GetStringAsync("profiles/rules");

    private static string Plain(string text) => WebUtility.HtmlDecode(text.Replace("<code>", "", StringComparison.Ordinal).Replace("</code>", "", StringComparison.Ordinal)).Replace("`", "", StringComparison.Ordinal);

    /// <param name="isSign">Any code of the system: one that is none of those that say outright what it is.</param>
    private static void Give(JsonObject resource, Decider decider, bool isSign)
    {
        switch (decider)
        {
            case CodeDecider code: Put(resource, code.Element, new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = code.System, ["code"] = code.Codes.FirstOrDefault() ?? (isSign ? "nothing-like-it" : SomeCode(code.System)) }) }); break;
            case ExtensionDecider extension: resource["extension"] = new JsonArray(new JsonObject { ["url"] = $"{ProfileTable.Profiles}Extension-CPA-{extension.Names[0]}" }); break;
            case SaidDecider said: Say(resource, said); break;
            case ElementDecider element: Put(resource, element.Element, new JsonObject { ["reference"] = "CareTeam/robin-team" }); break;
            case IdentifierDecider identifier: resource["identifier"] = new JsonArray(new JsonObject { ["system"] = identifier.Systems[0], ["value"] = "1" }); break;
            case CanonicalDecider canonical: resource[canonical.Element] = canonical.Url; break;
            case ReferenceDecider reference: resource[reference.Element] = new JsonArray(new JsonObject { ["reference"] = $"{reference.Types[0]}/x" }); break;
            case LinkIdDecider link: resource["item"] = new JsonArray(new JsonObject { ["linkId"] = link.LinkIds[0] }); break;
        }
    }

    private static void Say(JsonObject resource, SaidDecider said)
    {
        var text = said.Phrases.Written[0].Replace("=", "", StringComparison.Ordinal).Replace(" + ", " ", StringComparison.Ordinal);
        var element = R4.Type((string)resource["resourceType"]!)!.Element(said.Elements[0])!;
        Put(resource, element.Name, element.Types[0].Type.IsPrimitive ? text : new JsonObject { ["text"] = text });
    }

    /// <summary>At `a.b.c`, in lists where R4 has lists.</summary>
    private static void Put(JsonObject resource, string path, JsonNode value)
    {
        var type = R4.Type((string)resource["resourceType"]!)!;
        var at = resource;
        var names = path.Split('.');
        for (var i = 0; i < names.Length; i++)
        {
            var element = type.Element(names[i])!;
            var below = i == names.Length - 1 ? value : new JsonObject();
            at[names[i]] = element.IsCollection ? new JsonArray(below) : below;
            if (i < names.Length - 1) (at, type) = (below.AsObject(), element.Types[0].Type);
        }
    }

    private static string SomeCode(string system) =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "profiles", $"CodeSystem-{system[(system.LastIndexOf('/') + 1)..]}.json")))!["concept"]![0]!["code"]!;
}
