using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Labels only rise by ordinary writes: a write without labels keeps them, and only `declassify` removes one
/// (src/docs/sharing.md#labels-in-a-write). https://hl7.org/fhir/R4/security-labels.html</summary>
public sealed class LabelRule(Protocol protocol)
{
    public Refusal? Judge(Write write, Effects effects)
    {
        if (write.New is null || write.Old is null) return null;
        var before = Of(write.Old.Document.Root);
        var missing = before.Except(Of(write.New.Root)).ToList();
        if (missing.Count == 0) return null;
        if (protocol.HasRight(write.Caller, Rights.Declassify)) effects.IsWidening = true;
        else effects.KeptLabels = missing;
        return null;
    }

    public static IReadOnlyList<Label> Of(Node resource)
    {
        var labels = new List<Label>();
        foreach (var coding in resource["meta"].All("security"))
            if (coding.TextOf("code") is { } code) labels.Add(new Label(coding.TextOf("system"), code));
        return labels;
    }
}
