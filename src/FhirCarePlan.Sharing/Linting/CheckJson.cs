using System.Text.Json;

namespace FhirCarePlan.Sharing;

/// <summary>What `check` found, and the list of checks, as JSON. src/docs/agreement.md#check</summary>
public static class CheckJson
{
    /// <param name="state">Whether it is in force; null for a draft, or when nobody can tell.</param>
    public static void Write(Utf8JsonWriter json, ProtocolFile file, AgreementStatus? state)
    {
        json.WriteStartObject();
        json.WriteString("file"u8, Path.GetFileName(file.Path));
        json.WriteString("protocol"u8, file.Protocol?.Canonical);
        json.WriteString("hash"u8, file.Protocol?.Hash);
        json.WriteBoolean("sound"u8, file.IsSound);
        if (state is null) json.WriteNull("inForce"u8);
        else json.WriteBoolean("inForce"u8, state.IsInForce);
        json.WriteString("state"u8, state?.Plain);
        json.WriteStartArray("issues"u8);
        foreach (var issue in file.Issues)
        {
            json.WriteStartObject();
            json.WriteString("check"u8, issue.Check);
            json.WriteString("severity"u8, issue.IsError ? "error" : "warning");
            json.WriteString("file"u8, issue.File);
            json.WriteNumber("line"u8, issue.Line);
            json.WriteNumber("column"u8, issue.Column);
            json.WriteString("text"u8, issue.Text);
            json.WriteString("why"u8, issue.Why);
            json.WriteString("mend"u8, issue.Mend);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteAll(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var check in Checks.All)
        {
            json.WriteStartObject();
            json.WriteString("check"u8, check.Id);
            json.WriteString("severity"u8, check.IsError ? "error" : "warning");
            json.WriteString("finds"u8, check.Finds);
            json.WriteString("why"u8, check.Why);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
