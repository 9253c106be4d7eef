using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>The one protocol a process enforces: a file, or the only one in force in a folder. Null, with the reasons, when there is none
/// or more than one, or when it has errors: the service then refuses to start.</summary>
public sealed record ProtocolFolder(Protocol? Protocol, string? Path, IReadOnlyList<ProtocolIssue> Issues)
{
    public static ProtocolFolder Load(string path, DateTimeOffset now)
    {
        if (!Directory.Exists(path)) return From(ProtocolFile.Load(path));

        var files = Directory.GetFiles(path, "*.yaml").Where(f => !f.EndsWith(".signatures.yaml", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(f => ProtocolFile.Load(f)).ToList();
        var name = System.IO.Path.GetFileName(path.TrimEnd('/', '\\'));
        // A file that cannot be read might be the one in force, so do not take another instead.
        if (files.FirstOrDefault(f => f.Protocol is null) is { } unread) return From(unread);
        var inForce = files.Where(f => Agreement.IsInForce(f.Protocol!, now)).ToList();
        return inForce switch
        {
            [var one] => From(one),
            [] => Refused(name, "no-protocol", $"None of {files.Count} protocols is in force now.{string.Concat(files.Select(f => $" `{System.IO.Path.GetFileName(f.Path)}`: {Agreement.WhyNot(f.Protocol!, now)}"))}", "One must be active, inside its dates and signed by all; or name the file itself."),
            _ => Refused(name, "two-protocols", $"More than one protocol is in force: {string.Join(", ", inForce.Select(f => $"`{System.IO.Path.GetFileName(f.Path)}`"))}.", "Leave one in the folder, or name the file itself."),
        };
    }

    private static ProtocolFolder From(ProtocolFile file) => new(file.IsSound ? file.Protocol : null, file.Path, file.Issues);

    private static ProtocolFolder Refused(string folder, string check, string text, string mend) =>
        new(null, null, [new ProtocolIssue(check, IssueSeverity.Error, folder, 0, text, mend)]);
}
