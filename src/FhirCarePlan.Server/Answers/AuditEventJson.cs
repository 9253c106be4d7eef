using System.Text.Json;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Answers;

/// <summary>One audit row as an AuditEvent: outcome 0 permit or 4 refusal, the rules as agent.policy, the purpose, what was touched.
/// https://hl7.org/fhir/R4/auditevent.html</summary>
internal static class AuditEventJson
{
    public static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("resourceType", "AuditEvent");
        json.WriteString("id", entry.Id);
        json.WriteStartObject("meta");
        json.WriteString("versionId", entry.Id);
        json.WriteString("lastUpdated", Instant.Text(entry.At));
        json.WriteEndObject();
        Coding(json, "type", "http://terminology.hl7.org/CodeSystem/audit-event-type", "rest");
        json.WriteStartArray("subtype");
        json.WriteStartObject();
        json.WriteString("system", entry.Interaction is "explain" or "validate" ? "https://fhir.cpa.example/CodeSystem/CPA-Operation" : "http://hl7.org/fhir/restful-interaction");
        json.WriteString("code", entry.Interaction);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("action", entry.Interaction switch { "create" => "C", "update" => "U", "delete" => "D", "read" or "vread" or "history-instance" => "R", _ => "E" });
        json.WriteString("recorded", Instant.Text(entry.At));
        json.WriteString("outcome", ((int)entry.Outcome).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (entry.Reason is { } reason) json.WriteString("outcomeDesc", reason);
        if (entry.Purpose is { } purpose)
        {
            json.WriteStartArray("purposeOfEvent");
            json.WriteStartObject();
            json.WriteStartArray("coding");
            json.WriteStartObject();
            json.WriteString("system", "http://terminology.hl7.org/CodeSystem/v3-ActReason");
            json.WriteString("code", purpose);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }
        Agent(json, entry);
        json.WriteStartObject("source");
        Reference(json, "observer", null, "FhirCarePlan");
        json.WriteEndObject();
        json.WriteStartArray("entity");
        if (entry.Target.Length > 0) Entity(json, entry.Target, entry.Query, "4");
        foreach (var detail in entry.Details)
            if (detail.Patient is { } patient && patient != entry.Target) Entity(json, patient, null, "1");
        if (entry.CorrelationId is { } correlation) Detail(json, correlation);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Agent(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartArray("agent");
        json.WriteStartObject();
        if (entry.Role is { } role)
        {
            json.WriteStartArray("role");
            json.WriteStartObject();
            json.WriteString("text", role);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        Reference(json, "who", entry.Agent ?? entry.Organization, entry.Agent is null && entry.Organization is null ? entry.Subject : null);
        json.WriteString("altId", entry.Subject);
        json.WriteBoolean("requestor", true);
        var policies = entry.Details.SelectMany(d => d.Policies).Distinct().ToList();
        if (policies.Count > 0)
        {
            json.WriteStartArray("policy");
            foreach (var policy in policies) json.WriteStringValue(policy);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        if (entry.Organization is { } organization && entry.Agent != null)
        {
            json.WriteStartObject();
            Reference(json, "who", organization, null);
            json.WriteBoolean("requestor", false);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Entity(Utf8JsonWriter json, string target, string? query, string role)
    {
        json.WriteStartObject();
        // A search touches a type, not an instance: it has a name instead of a reference.
        if (target.Contains('/')) Reference(json, "what", target, null);
        Coding(json, "role", "http://terminology.hl7.org/CodeSystem/object-role", role);
        if (!target.Contains('/')) json.WriteString("name", target);
        if (query is { Length: > 0 }) json.WriteString("description", $"parameters: {query}");
        json.WriteEndObject();
    }

    private static void Detail(Utf8JsonWriter json, string correlation)
    {
        json.WriteStartObject();
        json.WriteString("name", "request");
        json.WriteStartArray("detail");
        json.WriteStartObject();
        json.WriteString("type", "X-Correlation-Id");
        json.WriteString("valueString", correlation);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Reference(Utf8JsonWriter json, string name, string? reference, string? display)
    {
        json.WriteStartObject(name);
        if (reference != null) json.WriteString("reference", reference);
        if (display != null) json.WriteString("display", display);
        json.WriteEndObject();
    }

    private static void Coding(Utf8JsonWriter json, string name, string system, string code)
    {
        json.WriteStartObject(name);
        json.WriteString("system", system);
        json.WriteString("code", code);
        json.WriteEndObject();
    }
}
