using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care.Lifecycles;

/// <summary>A consent to sharing is proposed, active, then withdrawn or superseded. While it is active its content is not edited, so that
/// what was shared under it stays explainable. https://hl7.org/fhir/R4/valueset-consent-state-codes.html;
/// src/docs/sharing.md#consents</summary>
public sealed class ConsentStatus : ICareRule
{
    public static Lifecycle Lifecycle { get; } = new("cpa-state-consent", "A consent",
        "Record what the person says now as a new Consent, and make the old one `inactive` in the same transaction")
    {
        Table = """
            draft → proposed, active, rejected, entered-in-error
            proposed → active, rejected, inactive, entered-in-error
            active → inactive, entered-in-error
            inactive → entered-in-error
            rejected → entered-in-error
            """,
    };

    public string Id => Lifecycle.Id;
    public IReadOnlyList<string> Reads => [];

    public void Check(Written written, ICase around, Report report)
    {
        if (written.Type != "Consent" || written.Now is null || written.Before is null) return;
        if (!Cpa.IsSharingConsent(written.Root) && !Cpa.IsSharingConsent(written.Old)) return;
        Lifecycle.Check(written.Old, written.Root, report);
        if (Cpa.IsActive(written.Old) && Cpa.IsActive(written.Root) && !Same(written.Old["provision"], written.Root["provision"]))
            report.Error(IssueType.BusinessRule, written.Root["provision"] is { IsMissing: false } provision ? provision : written.Root, Id,
                $"The provision of an `active` consent is not edited in place. {Lifecycle.Otherwise}");
    }

    private static bool Same(Node a, Node b)
    {
        if (a.IsMissing || b.IsMissing) return a.IsMissing == b.IsMissing;
        ArrayBufferWriter<byte> first = new(512), second = new(512);
        CanonicalJson.Write(a, first);
        CanonicalJson.Write(b, second);
        return first.WrittenSpan.SequenceEqual(second.WrittenSpan);
    }
}
