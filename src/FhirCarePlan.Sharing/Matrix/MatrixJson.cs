using System.Text.Json;

namespace FhirCarePlan.Sharing.Matrix;

/// <summary>Matrices, differences and single answers as JSON. src/docs/agreement.md#json</summary>
public static class MatrixJson
{
    public static void Write(Utf8JsonWriter json, Protocol protocol, IReadOnlyList<MatrixRow> rows)
    {
        json.WriteStartObject();
        json.WriteString("protocol"u8, protocol.Canonical);
        json.WriteString("hash"u8, protocol.Hash);
        json.WriteStartArray("rows"u8);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            Write(json, row);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <param name="people">How many persons each flip touches; empty where nobody counted.</param>
    public static void Write(Utf8JsonWriter json, MatrixDiff diff, IReadOnlyList<int> people)
    {
        json.WriteStartObject();
        json.WriteString("before"u8, diff.Before.Canonical);
        json.WriteString("beforeHash"u8, diff.Before.Hash);
        json.WriteString("after"u8, diff.After.Canonical);
        json.WriteString("afterHash"u8, diff.After.Hash);
        json.WriteBoolean("widens"u8, diff.Widens);
        json.WriteStartArray("flips"u8);
        for (var i = 0; i < diff.Flips.Count; i++)
        {
            var flip = diff.Flips[i];
            json.WriteStartObject();
            json.WriteString("change"u8, flip.Widens ? "widens" : "narrows");
            Write(json, flip.Row);
            if (i < people.Count) json.WriteNumber("people"u8, people[i]);
            json.WriteStartObject("example"u8);
            json.WriteString("party"u8, flip.Example.Party);
            json.WriteString("role"u8, flip.Example.Role);
            json.WriteString("purpose"u8, flip.Example.Purpose);
            json.WriteString("action"u8, flip.Example.Action);
            json.WriteString("type"u8, flip.Example.Type);
            json.WriteString("category"u8, flip.Example.Category);
            json.WriteString("record"u8, flip.Example.IsOwn ? "own" : "others'");
            json.WriteString("tie"u8, flip.Example.Tie);
            json.WriteString("consent"u8, flip.Example.Consent);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("other"u8);
        foreach (var other in diff.Other)
        {
            json.WriteStartObject();
            json.WriteBoolean("mayWiden"u8, other.MayWiden);
            json.WriteString("text"u8, other.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Protocol protocol, Decision decision, WhatIf? resource)
    {
        json.WriteStartObject();
        json.WriteString("protocol"u8, protocol.Canonical);
        json.WriteString("hash"u8, protocol.Hash);
        json.WriteStartArray("categories"u8);
        foreach (var reason in decision.Reasons)
        {
            json.WriteStartObject();
            json.WriteString("category"u8, reason.Category);
            json.WriteBoolean("permitted"u8, reason.IsPermitted);
            json.WriteString("gate"u8, reason.Gate);
            Write(json, "clauses", reason.Rules);
            json.WriteString("gateway"u8, reason.Gateway);
            Write(json, "obligations", reason.Obligations);
            json.WriteString("plain"u8, reason.Plain);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (resource is not null) Write(json, resource);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, WhatIf resource)
    {
        json.WriteStartObject("resource"u8);
        json.WriteString("type"u8, resource.Type);
        json.WriteBoolean("seen"u8, resource.IsSeen);
        json.WriteStartArray("elements"u8);
        foreach (var element in resource.Elements)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, element.Path);
            json.WriteBoolean("seen"u8, element.IsSeen);
            Write(json, "categories", [.. element.Reasons.Select(r => r.Category)]);
            Write(json, "clauses", [.. element.Reasons.SelectMany(r => r.Rules).Distinct()]);
            json.WriteString("why"u8, element.Why);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MatrixRow row)
    {
        json.WriteString("party"u8, row.Party);
        Write(json, "roles", row.Roles);
        json.WriteString("purpose"u8, row.Purpose);
        json.WriteString("record"u8, row.Record);
        Write(json, "actions", row.Actions);
        Write(json, "types", row.Types);
        Write(json, "categories", row.Data);
        json.WriteString("condition"u8, row.Condition);
        json.WriteStartArray("when"u8);
        foreach (var part in Condition.Parts(row.Cell))
        {
            json.WriteStartObject();
            Write(json, "ties", part.Ties);
            json.WriteString("consent"u8, part.Consent);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("aboutNobody"u8, Condition.IsOpenAboutNobody(row.Cell));
        Write(json, "clauses", row.Clauses);
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
