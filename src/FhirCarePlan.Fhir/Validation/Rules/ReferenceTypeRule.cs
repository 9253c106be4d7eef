using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Rules.Bundles;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Rules of every reference. `Reference.type` says the type that `Reference.reference` leads to: both SHALL be consistent.
/// https://hl7.org/fhir/R4/references-definitions.html#Reference.type</summary>
internal sealed class ReferenceTypeRule : IRule
{
    public void Check(Node reference, Run run)
    {
        Node literal = reference["reference"], type = reference["type"];
        if (literal.IsMissing || !literal.HasValue) return;
        if (literal.Raw is [_, (byte)'u', ..]) BundledUrn.Check(reference, literal, run);
        if (type.IsMissing || !type.HasValue) return;
        var said = Encoding.UTF8.GetString(Plain(type.Utf8));
        if (Leads(reference, literal, run) is { } found && !found.Is(said))
            run.Error(IssueType.Invalid, type, "reference-type", $"`type` is `{said}`, and the reference leads to `{found.Name}`; both must agree");
    }

    /// <summary>The type of what is at hand (contained, or an entry of the same bundle), else the one that the address names; null when
    /// neither tells.</summary>
    private static TypeInfo? Leads(Node reference, Node literal, Run run)
    {
        var text = literal.Utf8;
        if (text is [(byte)'#', _, ..]) return TypeOf(run.References.ContainedTarget(reference, text[1..]));
        return Reference.NamedType(text) is { IsEmpty: false } named ? R4.Type(Encoding.ASCII.GetString(named))
            : TypeOf(run.References.BundledTarget(reference, literal.Text!));
    }

    private static TypeInfo? TypeOf(Node target) => target.IsMissing ? null : target.Type;

    /// <summary>`http://hl7.org/fhir/StructureDefinition/Patient` is `Patient`.</summary>
    internal static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> type) =>
        type.StartsWith("http://hl7.org/fhir/StructureDefinition/"u8) ? type["http://hl7.org/fhir/StructureDefinition/".Length..] : type;
}
