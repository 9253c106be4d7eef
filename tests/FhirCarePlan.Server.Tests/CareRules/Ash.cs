using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>A person of the ward with a case of their own. Tests name resources as the sample does (`CarePlan/plan`); here they have the
/// server's ids.</summary>
public sealed class Ash(Ward ward)
{
    private readonly Dictionary<string, string> names = [];

    public const string Coordinator = "care-coordinator";

    public static async Task<Ash> Arrives(Ward ward, string file, Action<Dictionary<string, JsonObject>>? change)
    {
        var resources = Talk.SampleJson(file)["entry"]!.AsArray().Select(e => e!["resource"]!.DeepClone().AsObject()).ToDictionary(r => $"{r["resourceType"]}/{((string)r["id"]!).Replace("ash-", "", StringComparison.Ordinal)}");
        var consent = Talk.SampleJson("partnership/Consent-robin-consent-sharing.json");
        consent["patient"] = new JsonObject { ["reference"] = "Patient/ash" };
        consent["performer"] = new JsonArray(new JsonObject { ["reference"] = "Patient/ash" });
        resources["Consent/consent"] = consent;
        // A person of their own: the number would join all of them into one.
        resources["Patient/ash"].Remove("identifier");
        resources["Patient/ash"]["extension"] = JsonNode.Parse("""
            [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberUnavailableReason", "valueCodeableConcept": {"coding": [
              {"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberUnavailableReason", "code": "nhs-number-not-known"}]}}]
            """);
        change?.Invoke(resources);
        var ash = new Ash(ward);
        // What grants is decided on the state before, so a case is built up step by step; the plan and its crisis plan name each other.
        foreach (var name in (string[])["Patient/ash", "EpisodeOfCare/episode", "Consent/consent", "CareTeam/team"])
            if (resources.Remove(name, out var first)) ash.Done(await ash.Create(name, first));
        ash.Done(await ash.Together(resources.Select(r => (r.Key, r.Value))));
        return ash;
    }

    /// <summary>The server's reference for the sample's name.</summary>
    public string this[string name] => names[name];
    public string Id(string name) => names[name].Split('/')[1];

    public Task<JsonObject> Read(string name, string persona = Coordinator) => ward.Read(persona, name.Split('/')[0], Id(name));

    public async Task<Became> Create(string name, JsonObject resource, string persona = Coordinator)
    {
        var body = Own(resource);
        body.Remove("id");
        var became = await ward.Write(persona, Table.Create, name.Split('/')[0], body: body);
        if (became.Kind == AnswerKind.Created) names[name] = $"{name.Split('/')[0]}/{became.Id}";
        return became;
    }

    /// <summary>Reads, changes and writes back.</summary>
    public async Task<Became> Change(string name, Action<JsonObject> change, string persona = Coordinator)
    {
        var type = name.Split('/')[0];
        var answer = await ward.Ask(persona, Table.Read, type, Id(name));
        Assert.True(answer.IsSuccess, $"{persona} reads {name}: {answer.Kind}");
        var resource = JsonNode.Parse(answer.Body.Span)!.AsObject();
        change(resource);
        return await ward.Write(persona, Table.Update, type, Id(name), Own(resource), $"W/\"{answer.VersionId}\"");
    }

    public async Task<Became> Delete(string name, string persona = Coordinator)
    {
        var type = name.Split('/')[0];
        var now = await ward.Ask(persona, Table.Read, type, Id(name));
        return await ward.Write(persona, Table.Delete, type, Id(name), ifMatch: $"W/\"{now.VersionId}\"");
    }

    /// <summary>One transaction: what has a name already is updated, the rest is created.</summary>
    public async Task<Became> Together(IEnumerable<(string Name, JsonObject Resource)> resources, string persona = Coordinator)
    {
        var all = resources.ToList();
        var created = all.Where(r => !names.ContainsKey(r.Name)).Select(r => r.Name).ToList();
        foreach (var name in created) names[name] = $"urn:uuid:{Guid.NewGuid()}";
        var entries = new JsonArray();
        foreach (var (name, resource) in all)
        {
            var (type, body) = (name.Split('/')[0], Own(resource));
            var isNew = created.Contains(name);
            var request = new JsonObject { ["method"] = isNew ? "POST" : "PUT", ["url"] = isNew ? type : names[name] };
            if (isNew) body.Remove("id");
            else
            {
                body["id"] = Id(name);
                request["ifMatch"] = $"W/\"{(await ward.Ask(persona, Table.Read, type, Id(name))).VersionId}\"";
            }
            var entry = new JsonObject { ["resource"] = body, ["request"] = request };
            if (isNew) entry["fullUrl"] = names[name];
            entries.Add(entry);
        }
        var answer = await ward.Ask(persona, Table.Batch, "", body: new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = entries });
        foreach (var name in created) names.Remove(name);
        if (!answer.IsSuccess) return new Became(answer.Kind, answer.Issues, null, null);
        var told = JsonNode.Parse(answer.Body.Span)!["entry"]!.AsArray();
        for (var i = 0; i < all.Count; i++)
            names[all[i].Name] = string.Join('/', ((string)told[i]!["response"]!["location"]!).Split('/')[^4..^2]);
        return new Became(answer.Kind, [], null, null);
    }

    public async Task<Became> Together(params (string Name, Action<JsonObject> Change)[] changes)
    {
        var resources = new List<(string, JsonObject)>();
        foreach (var (name, change) in changes)
        {
            var resource = await Read(name);
            change(resource);
            resources.Add((name, resource));
        }
        return await Together(resources);
    }

    private void Done(Became became) => Assert.True(became.Kind <= AnswerKind.NoContent, became.ToString());

    /// <summary>With this person's references in place of the sample's; those that lead to nothing of the case stay.</summary>
    private JsonObject Own(JsonObject resource)
    {
        var own = resource.DeepClone().AsObject();
        Walk(own);
        return own;

        void Walk(JsonNode? node)
        {
            if (node is JsonArray array)
                foreach (var item in array) Walk(item);
            if (node is not JsonObject json) return;
            if (json["reference"] is JsonValue reference && names.TryGetValue(((string)reference!).Replace("ash-", "", StringComparison.Ordinal), out var real)) json["reference"] = real;
            foreach (var (_, value) in json.ToList()) Walk(value);
        }
    }
}
