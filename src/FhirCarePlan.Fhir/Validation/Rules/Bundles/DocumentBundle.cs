using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules.Bundles;

/// <summary>A document begins with its Composition, a message with its MessageHeader, and what these speak of is in the bundle.
/// https://hl7.org/fhir/R4/documents.html#content https://hl7.org/fhir/R4/messaging.html</summary>
internal static class DocumentBundle
{
    private const string Key = "bundle-reference";

    public static void Check(Node bundle, Run run)
    {
        if (First(bundle, "Composition", run) is not { IsMissing: false } composition) return;
        CheckAll(composition, "subject", run);
        CheckAll(composition, "author", run);
        CheckAll(composition, "encounter", run);
        CheckAll(composition, "custodian", run);
        foreach (var attester in composition.All("attester")) CheckAll(attester, "party", run);
        foreach (var happened in composition.All("event")) CheckAll(happened, "detail", run);
        CheckSections(composition, run);
    }

    public static void CheckMessage(Node bundle, Run run)
    {
        if (First(bundle, "MessageHeader", run) is { IsMissing: false } header) CheckAll(header, "focus", run);
    }

    private static Node First(Node bundle, string type, Run run)
    {
        var resource = bundle["entry"]["resource"];
        if (resource.IsMissing)
            run.Error(IssueType.Required, bundle, "bundle-first",
            $"The first entry is missing: a `{bundle.TextOf("type")}` begins with a `{type}`");
        return !resource.IsMissing && resource.Type.Name == type ? resource : default; // bdl-11 and bdl-12 speak of the type
    }

    private static void CheckSections(Node parent, Run run)
    {
        foreach (var section in parent.All("section"))
        {
            CheckAll(section, "author", run);
            CheckAll(section, "focus", run);
            CheckAll(section, "entry", run);
            CheckSections(section, run);
        }
    }

    private static void CheckAll(Node parent, string name, Run run)
    {
        foreach (var reference in parent.All(name))
            if (reference.TextOf("reference") is { Length: > 0 } literal && literal[0] != '#'
                && !run.References.IsBundled(run.References.BundledTarget(reference, literal)))
                run.Error(IssueType.NotFound, reference, Key,
                    $"`{name}` leads to nothing in the bundle; a document or message must contain what it refers to");
    }
}
