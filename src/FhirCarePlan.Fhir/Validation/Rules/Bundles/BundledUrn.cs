using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Bundles;

/// <summary>`urn:uuid:…` names an entry of the same bundle and nothing else: in a document or a message, which travel as they are, the entry
/// must be there. https://hl7.org/fhir/R4/bundle.html#references</summary>
internal static class BundledUrn
{
    public static void Check(Node reference, Node literal, Run run)
    {
        if (!literal.Utf8.StartsWith("urn:"u8)) return;
        var bundle = reference.Document.Root;
        if (bundle.Type.Name == "Bundle" && bundle.TextOf("type") is "document" or "message"
            && run.References.Target(reference, literal.Text!).IsMissing)
            run.Error(IssueType.NotFound, reference, "bundle-reference", "The reference names an entry that is not in the bundle");
    }
}
