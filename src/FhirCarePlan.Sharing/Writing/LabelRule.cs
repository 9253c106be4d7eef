using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Labels only rise by ordinary writes: a write without labels keeps them (one of the content is kept in `meta.security`), one
/// without the label of an element is refused, and only `declassify` removes one
/// (src/docs/sharing.md#labels-in-a-write). https://hl7.org/fhir/R4/security-labels.html</summary>
public sealed class LabelRule(Protocol protocol)
{
    public Refusal? Judge(Write write, Effects effects)
    {
        if (write.New is null || write.Old is null) return null;
        var (before, now) = (Of(write.Old.Document.Root), Of(write.New.Root));
        var missing = before.Except(now).ToList();
        var ofElements = InlineLabels.Dropped(write.Old.Document, write.New).Where(d => !now.Contains(d.Label)).ToList();
        if (missing.Count == 0 && ofElements.Count == 0) return null;
        if (protocol.HasRight(write.Caller, Rights.Declassify)) effects.IsWidening = true;
        else if (ofElements.Count > 0) return Lost(ofElements[0].Path, ofElements[0].Label);
        else effects.KeptLabels = missing;
        return null;
    }

    /// <summary>Kept on the whole resource, the label of one element would take all of it from those who may see the rest.</summary>
    private static Refusal Lost(string path, Label label) => new($"right:{Rights.Declassify}",
        $"The security label `{label.System}|{label.Code}` of `{path}` is missing. Send it on the element again, or on the whole resource in `meta.security`; "
            + "to take it away needs the right `declassify`");

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
