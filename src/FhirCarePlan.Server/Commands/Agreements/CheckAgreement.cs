using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>`protocol check FILE` and `protocol checks`.</summary>
internal static class CheckAgreement
{
    public static int Run(string path, bool isJson, bool isStrict)
    {
        if (AgreementFile.Find(path) is not { } file) return AgreementFile.NotRead;
        var state = file.Protocol is { } protocol ? Agreement.Status(protocol, AgreementFile.Now) : null;
        if (isJson) ShellOutput.Json(json => CheckJson.Write(json, file, state));
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

    public static int List(bool isJson)
    {
        if (isJson) ShellOutput.Json(CheckJson.WriteAll);
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
