using System.Text.Json.Nodes;
using FhirCarePlan.Care;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>Reading and changing samples in the tests' own words.</summary>
public static class Sheet
{
    private const string Base = "https://fhir.cpa.example/StructureDefinition/Extension-CPA-",
        Codes = "https://fhir.cpa.example/CodeSystem/CPA-";

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    public static JsonObject Ref(string reference, string display = "somebody") =>
        new() { ["reference"] = reference, ["display"] = display };

    public static JsonObject Code(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = Codes + system, ["code"] = code }) };

    public static JsonObject? Extension(this JsonNode resource, string name) =>
        resource["extension"]?.AsArray().Select(e => e!.AsObject()).FirstOrDefault(e => (string)e["url"]! == Base + name);

    /// <summary>Takes an extension away.</summary>
    public static void Drop(this JsonObject resource, string extension)
    {
        resource["extension"]!.AsArray().Remove(resource.Extension(extension));
        if (resource["extension"]!.AsArray().Count == 0) resource.Remove("extension");
    }

    /// <summary>Sets `valueX` of a complex extension's part, adding what is not there.</summary>
    public static void Say(this JsonObject resource, string extension, string part, string value, JsonNode? content)
    {
        if (resource["extension"] is null) resource["extension"] = new JsonArray();
        var found = resource.Extension(extension);
        if (found is null)
            resource["extension"]!.AsArray().Add(found = new JsonObject { ["url"] = Base + extension, ["extension"] = new JsonArray() });
        var parts = found["extension"]!.AsArray();
        var known = parts.FirstOrDefault(p => (string)p!["url"]! == part);
        if (known != null) parts.Remove(known);
        if (content != null) parts.Add(new JsonObject { ["url"] = part, [value] = content });
    }

    public static JsonObject Participant(this JsonObject team, string role) =>
        team["participant"]!.AsArray().Select(p => p!.AsObject()).Single(p => (string)p["role"]![0]!["coding"]![0]!["code"]! == role);

    public static string? Level(this JsonObject participant) =>
        (string?)participant.Extension("AccessLevel")?["valueCodeableConcept"]!["coding"]![0]!["code"];

    public static void Agrees(this JsonObject participant, string status) =>
        participant.Say("ParticipationAgreement", "status", "valueCodeableConcept", Code("ParticipationStatus", status));

    /// <summary>A member like another, in another role or post.</summary>
    public static JsonObject Join(this JsonObject team, string like, string role, string member, string? agency = null)
    {
        var joined = team.Participant(like).DeepClone().AsObject();
        joined["role"]![0]!["coding"]![0]!["code"] = role;
        joined["member"] = Ref(member);
        if (agency != null) joined.Extension("Agency")!["valueReference"] = Ref(agency);
        team["participant"]!.AsArray().Add(joined);
        return joined;
    }

    /// <summary>Gives everything there is to do to one performer.</summary>
    public static void GivenTo(this JsonObject plan, string performer)
    {
        foreach (var activity in plan["activity"]!.AsArray())
            if (activity!["detail"] is { } detail) detail["performer"] = new JsonArray(Ref(performer));
    }

    /// <summary>The activity's detail.</summary>
    public static JsonObject Detail(this JsonObject plan, int activity = 0) => plan["activity"]![activity]!["detail"]!.AsObject();
}
