using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Rules of base R4 that concern nearly every node, in code instead of FHIRPath. Each equals the published expression, where
/// that says what its words say; a test compares the two on all examples.</summary>
internal static class NativeInvariants
{
    /// <summary>Null when the rule is left to FHIRPath.</summary>
    public static IRule? For(TypeInfo type, Invariant invariant) => (type.Name, invariant.Key) switch
    {
        (_, "ele-1") => Nothing, // checked while walking
        (_, "ext-1") => new Native(invariant, ExtensionHasOne),
        ("Reference", "ref-1") => new ContainedReferenceRule(),
        ("Bundle", "bdl-7") => Nothing, // BundleRule, in linear time
        (_, "qty-3") => new Native(invariant, n => n["code"].IsMissing || !n["system"].IsMissing),
        ("ContactPoint", "cpt-2") => new Native(invariant, n => n["value"].IsMissing || !n["system"].IsMissing),
        ("Attachment", "att-1") => new Native(invariant, n => n["data"].IsMissing || !n["contentType"].IsMissing),
        (_, "dom-2") => new Native(invariant, NoContainedInContained),
        (_, "dom-3") => new ContainedIsUsedRule(),
        (_, "dom-4") =>
            new Native(invariant, n => AllContained(n, static c => c["meta"]["versionId"].IsMissing && c["meta"]["lastUpdated"].IsMissing)),
        (_, "dom-5") => new Native(invariant, n => AllContained(n, static c => c["meta"]["security"].IsMissing)),
        // The narrative of the container speaks for what it contains: https://hl7.org/fhir/R4/references.html#contained
        (_, "dom-6") => new Native(invariant, n => n.Property?.Element.Name == "contained" || !n["text"]["div"].IsMissing),
        // Published as `answer is Boolean`, a type that no element of FHIR has; its own words and R4B's mend say `boolean`.
        ("Questionnaire.item.enableWhen", "que-7") => new Native(invariant, n => n["operator"] is not { IsMissing: false, HasValue: true } asked
            || !asked.ValueEquals("exists"u8) || n["answer"] is not { IsMissing: false } answer || answer.Type.Name == "boolean"),
        // Published as `> 2`; its own words say more than one, as the reference validator does.
        ("Questionnaire.item", "que-12") => new Native(invariant, n => n.CountOf("enableWhen") < 2 || !n["enableBehavior"].IsMissing),
        // Where one of both is less precise FHIRPath says neither yes nor no; then it is not shown that the start is lower.
        ("Period", "per-1") => new Native(invariant, StartsBeforeItEnds),
        ("Narrative", "txt-1") or ("Narrative", "txt-2") => Nothing, // both are NarrativeRule
        _ => null,
    };

    /// <summary>Checked elsewhere.</summary>
    public static readonly IRule Nothing = new Checked();

    private static readonly ElementInfo Inner = R4.Type("Extension")!.Element("extension")!,
        Value = R4.Type("Extension")!.Element("value")!;

    private static bool ExtensionHasOne(Node extension) => extension.First(Inner).IsMissing != extension.First(Value).IsMissing;

    private static bool StartsBeforeItEnds(Node period)
    {
        Node start = period["start"], end = period["end"];
        if (start.IsMissing || end.IsMissing || !start.HasValue || !end.HasValue) return true;
        ReadOnlySpan<byte> from = start.Utf8, until = end.Utf8;
        // Written alike, as nearly always, they are in the order of their letters.
        if (from.Length == until.Length
            && (from.Length <= 10 || from[^6..].SequenceEqual(until[^6..]) || (from.Length == 20 && from[^1] == 'Z' && until[^1] == 'Z')))
            return from.SequenceCompareTo(until) <= 0;
        return ValueOrder.Of(start, end) is { } order ? order <= 0 : !ValueOrder.IsSameButLessPrecise(start, end);
    }

    private static bool NoContainedInContained(Node resource) => AllContained(resource, static c => c["contained"].IsMissing);

    private static bool AllContained(Node resource, Predicate<Node> holds)
    {
        foreach (var contained in resource.All("contained"))
            if (!holds(contained)) return false;
        return true;
    }

    private sealed class Native(Invariant invariant, Predicate<Node> holds) : IRule
    {
        private readonly InvariantRule words = new(invariant, null);

        public void Check(Node node, Run run)
        {
            if (!holds(node)) words.Violated(node, run);
        }
    }

    private sealed class Checked : IRule
    {
        public void Check(Node node, Run run) { }
    }
}
