using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Labels only rise by ordinary writes: a write without labels keeps them (one of the content or of an element is kept in
/// `meta.security`), and only `declassify` removes one
/// (src/docs/sharing.md#labels-in-a-write). https://hl7.org/fhir/R4/security-labels.html</summary>
public sealed class LabelRule(Protocol protocol)
{
    public Refusal? Judge(Write write, Effects effects)
    {
        if (write.New is null || write.Old is null) return null;
        var before = Of(write.Old.Document.Root).Concat(InlineLabels.Dropped(write.Old.Document, write.New));
        var missing = before.Except(Of(write.New.Root)).ToList();
        if (missing.Count == 0) return null;
        if (protocol.HasRight(write.Caller, Rights.Declassify)) effects.IsWidening = true;
        else effects.KeptLabels = missing;
        return null;
    }

    /// <summary>In place of a label that is told in words alone: no agreement knows it, so it hides as the words did.
    /// https://hl7.org/fhir/R4/codesystem-data-absent-reason.html</summary>
    private static readonly Label Unknown = new("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown");

    public static IReadOnlyList<Label> Of(Node resource)
    {
        var labels = new List<Label>();
        foreach (var (system, code) in StatedLabels.Of(resource))
            labels.Add(Of(system, code));
        return labels;
    }

    public static Label Of(string? system, string? code) => code is null ? Unknown : new Label(system, code);
}
