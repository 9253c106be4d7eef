using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Auditing;

/// <summary>One event of the ledger, as its reader may see it, as an AuditEvent: who asked, what for, under which rules, with what outcome,
/// and for each person and holder what was shown, written or refused. https://hl7.org/fhir/R4/auditevent.html</summary>
public static class AuditEventJson
{
    private const string ObjectRole = "http://terminology.hl7.org/CodeSystem/object-role", Person = "1", Resource = "4";

    /// <param name="bits">Says which categories a mask names.</param>
    public static byte[] Render(AuditEntry entry, ProtocolBits bits)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, entry, bits);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, AuditEntry entry, ProtocolBits bits)
    {
        json.WriteStartObject();
        json.WriteString("resourceType", "AuditEvent");
        json.WriteString("id", entry.Id);
        json.WriteStartObject("meta");
        json.WriteString("versionId", entry.Id);
        json.WriteString("lastUpdated", Instant.Text(entry.At));
        json.WriteEndObject();
        Coding(json, "type", AuditCodes.TypeOf(entry.Interaction));
        json.WriteStartArray("subtype");
        Coding(json, null, AuditCodes.SubtypeOf(entry.Interaction));
        json.WriteEndArray();
        json.WriteString("action", AuditCodes.ActionOf(entry.Interaction));
        json.WriteString("recorded", Instant.Text(entry.At));
        json.WriteString("outcome", $"{(int)entry.Outcome}");
        if (entry.Reason is { Length: > 0 } reason) json.WriteString("outcomeDesc", reason);
        Purpose(json, entry);
        Agents(json, entry);
        json.WriteStartObject("source");
        Reference(json, "observer", null, "FhirCarePlan");
        json.WriteEndObject();
        json.WriteStartArray("entity");
        Target(json, entry);
        foreach (var detail in entry.Details) Detail(json, detail, bits);
        foreach (var id in entry.Details.SelectMany(d => d.Ids.Where(id => id != d.Patient)).Distinct().Where(id => id != entry.Target))
            Shown(json, id);
        Request(json, entry);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Purpose(Utf8JsonWriter json, AuditEntry entry)
    {
        if (entry.Purpose is not { } purpose) return;
        json.WriteStartArray("purposeOfEvent");
        json.WriteStartObject();
        json.WriteStartArray("coding");
        Coding(json, null, ("http://terminology.hl7.org/CodeSystem/v3-ActReason", purpose));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Agents(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartArray("agent");
        json.WriteStartObject();
        if (entry.Role is { Length: > 0 } role)
        {
            json.WriteStartArray("role");
            json.WriteStartObject();
            json.WriteString("text", role);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        var who = entry.Agent ?? entry.Organization;
        Reference(json, "who", who, who is not null ? null : entry.Subject is { Length: > 0 } subject ? subject : "unknown");
        if (entry.Subject.Length > 0) json.WriteString("altId", entry.Subject);
        json.WriteBoolean("requestor", true);
        var policies = entry.Details.SelectMany(d => d.Policies).Distinct().ToList();
        if (policies.Count > 0)
        {
            json.WriteStartArray("policy");
            foreach (var policy in policies) json.WriteStringValue(policy);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        if (entry is { Organization: { } organization, Agent: not null })
        {
            json.WriteStartObject();
            Reference(json, "who", organization, null);
            json.WriteBoolean("requestor", false);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The target of the request. A search has a type, not an instance: its entity has a name instead of a reference.</summary>
    private static void Target(Utf8JsonWriter json, AuditEntry entry)
    {
        if (entry.Target.Length == 0) return;
        json.WriteStartObject();
        var isReference = IsReference(entry.Target);
        if (isReference) Reference(json, "what", entry.Target, null);
        Coding(json, "role", (ObjectRole, Resource));
        if (!isReference) json.WriteString("name", entry.Target);
        if (entry.Query is { Length: > 0 } query) json.WriteString("description", $"parameters: {query}");
        json.WriteEndObject();
    }

    private static void Detail(Utf8JsonWriter json, AuditDetail detail, ProtocolBits bits)
    {
        json.WriteStartObject();
        if (detail.Patient is { } patient) Reference(json, "what", patient, null);
        if (detail.Patient is not null) Coding(json, "role", (ObjectRole, Person));
        json.WriteStartArray("detail");
        Say(json, "what", detail.Kind switch { AuditDetailKind.Shown => "shown", AuditDetailKind.Written => "written", _ => "refused" });
        if (detail.Holder is { } holder) Say(json, "holder", holder);
        if (detail.Count > 0) Say(json, "count", $"{detail.Count}");
        foreach (var type in detail.Types) Say(json, "type", type);
        foreach (var category in bits.NamesIn(detail.Mask).Order(StringComparer.Ordinal)) Say(json, "category", category);
        foreach (var policy in detail.Policies) Say(json, "rule", policy);
        if (detail.Gate is { } gate) Say(json, "gate", gate);
        if (detail.IsWidening) Say(json, "effect", "widening");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Shown(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject();
        Reference(json, "what", id, null);
        Coding(json, "type", ("http://hl7.org/fhir/resource-types", Fhir.Model.Reference.Parse(id).Type!));
        json.WriteEndObject();
    }

    private static void Request(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("name", "request");
        json.WriteStartArray("detail");
        if (entry.Status > 0) Say(json, "status", $"{entry.Status}");
        if (entry.CorrelationId is { Length: > 0 } correlation) Say(json, "X-Correlation-Id", correlation);
        if (entry is { Status: <= 0, CorrelationId: null or "" }) Say(json, "status", "unknown");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The target may hold anything that an address can hold.</summary>
    private static bool IsReference(string target) => Fhir.Model.Reference.TryKey(target, out _, out _);

    private static void Say(Utf8JsonWriter json, string type, string value)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("valueString", value);
        json.WriteEndObject();
    }

    private static void Reference(Utf8JsonWriter json, string name, string? reference, string? display)
    {
        json.WriteStartObject(name);
        if (reference != null) json.WriteString("reference", reference);
        if (display != null) json.WriteString("display", display);
        json.WriteEndObject();
    }

    private static void Coding(Utf8JsonWriter json, string? name, (string System, string Code) coding)
    {
        if (name is null) json.WriteStartObject();
        else json.WriteStartObject(name);
        json.WriteString("system", coding.System);
        json.WriteString("code", coding.Code);
        json.WriteEndObject();
    }
}
