using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>A code that its terminology cannot have says nothing, so nobody could tell from whom to keep it
/// (src/docs/sharing.md#codes). It is asked of the terminologies of which the agreement speaks; whether a code exists is another question.
/// https://hl7.org/fhir/R4/terminologies.html</summary>
public sealed class CodeRule
{
    private const int LongestQuoted = 40;

    private readonly Protocol protocol;
    private readonly HashSet<Terminology> judged;

    public CodeRule(Protocol protocol)
    {
        this.protocol = protocol;
        judged = [.. protocol.Codes.SelectMany(c => c.Systems.Keys).Concat(protocol.Categories.SelectMany(c => c.UnlistedOf))
            .Select(Terminologies.Of).OfType<Terminology>().Where(t => t.Form != null)];
    }

    public void Check(Write write, Document document, List<Issue> issues)
    {
        if (judged.Count == 0 || !protocol.MayBearCodes(write.Type)) return;
        HashSet<string>? before = null;
        for (var i = 1; i < document.Count; i++)
        {
            if (document[i] is not { Type.Name: "Coding" } coding || Fault(coding) is not { } of) continue;
            before ??= write.Old is { } old ? Faults(old.Document) : [];
            var code = coding.TextOf("code")!;
            if (before.Contains(code)) continue;
            var quoted = code.Length > LongestQuoted ? $"{code[..LongestQuoted]}…" : code;
            issues.Add(new Issue(IssueSeverity.Error, IssueType.CodeInvalid, coding.Location,
                $"`{quoted}` cannot be a code of {of.Name}: {of.Must}. Correct the code")
            { Key = "code-form" });
        }
    }

    private HashSet<string> Faults(Document document)
    {
        var faults = new HashSet<string>();
        for (var i = 1; i < document.Count; i++)
            if (document[i] is { Type.Name: "Coding" } coding && Fault(coding) != null) faults.Add(coding.TextOf("code")!);
        return faults;
    }

    /// <summary>The terminology that cannot have the coding's code; null for one that may be right. Labels and tags have their own
    /// meaning.</summary>
    private Terminology? Fault(Node coding) =>
        coding.TextOf("code") is { } code && coding.Parent.Name != "meta" && Terminologies.Of(coding.TextOf("system")) is { } of
            && judged.Contains(of) && !of.Form!(code) ? of : null;
}
