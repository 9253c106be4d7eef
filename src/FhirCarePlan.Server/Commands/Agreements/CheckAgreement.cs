using System.Text.Json;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>`protocol check FILE` and `protocol checks`.</summary>
internal static class CheckAgreement
{
    public static int Run(string path, bool isJson, bool isStrict)
    {
        if (AgreementFile.Find(path) is not { } file) return AgreementFile.NotRead;
        var state = file.Protocol is { } protocol ? Agreement.Status(protocol, AgreementFile.Now) : null;
        if (isJson) ShellOutput.Json(json => Write(json, file, state));
        else ShellOutput.Text(text => Write(text, file, state));
        return !file.IsSound || isStrict && file.Issues.Count > 0 ? AgreementFile.Faulty : AgreementFile.Done;
    }

    private static void Write(TextWriter text, ProtocolFile file, AgreementStatus? state)
    {
        foreach (var issue in file.Issues)
        {
            text.WriteLine($"{issue.File}:{issue.Line}{(issue.Column > 0 ? $":{issue.Column}" : "")} "
                + $"{(issue.IsError ? "error" : "warning")} {issue.Check}");
            text.WriteLine($"    {issue.Text}");
            if (issue.Why is { } why) text.WriteLine($"    Why:  {why}");
            text.WriteLine($"    Mend: {issue.Mend}");
        }
        var errors = file.Issues.Count(i => i.IsError);
        text.WriteLine($"{Path.GetFileName(file.Path)}: {ShellOutput.Count(errors, "error")}, {ShellOutput.Count(file.Issues.Count - errors, "warning")}. "
            + (file.IsSound ? "It can be enforced." : "It cannot be enforced."));
        if (file.Protocol is { } protocol) text.WriteLine($"{protocol.Canonical}, SHA-256 {protocol.Hash}. {state!.Plain}");
    }

    private static void Write(Utf8JsonWriter json, ProtocolFile file, AgreementStatus? state)
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

    public static int List(bool isJson)
    {
        if (isJson) ShellOutput.Json(json =>
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
        });
        else ShellOutput.Text(text =>
        {
            foreach (var check in Checks.All)
            {
                text.WriteLine($"{(check.IsError ? "error" : "warning"),-8}{check.Id}");
                text.WriteLine($"        {check.Finds} {check.Why}");
            }
            text.WriteLine(ShellOutput.Count(Checks.All.Count, "check"));
        });
        return AgreementFile.Done;
    }
}
