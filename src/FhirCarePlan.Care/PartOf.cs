using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>A plan, a stay or a request is part of another one, and never of itself, be it by way of others: rules that ask for the whole
/// would find none (X4, X7, X8, X9, X18). It binds plans everywhere, and every other resource whose `partOf` can lead
/// in a circle where profiles are enforced between parties. https://hl7.org/fhir/R4/careplan-definitions.html#CarePlan.partOf</summary>
/// <param name="all">Stays, requests and places too; else plans alone: R4's own examples have a stay within itself.</param>
public sealed class PartOf(bool all) : ICareRule
{
    /// <summary>Nothing is part of so many others; a longer chain cannot be followed in bounded time.</summary>
    private const int Most = 32;

    public string Id => "cpa-part-of";
    public IReadOnlyList<string> Reads => ["care-plan-summary"];

    public void Check(Written written, ICase around, Report report)
    {
        if (written.Root.IsMissing) return;
        if (written.Type != "CarePlan" && !(all && written.Type is "Encounter" or "Task" or "Organization" or "Location")) return;
        foreach (var reference in written.Root.All("partOf"))
            if (Fault(written, reference, around) is { } fault) report.Error(IssueType.BusinessRule, reference, Id, fault);
    }

    private static string? Fault(Written written, Node reference, ICase around)
    {
        if (IsItself(written.Root, reference))
            return $"`partOf` leads from this {written.Type} to itself; name the one that it is a part of, or leave `partOf` out";
        var known = new HashSet<string>(StringComparer.Ordinal);
        var next = new List<string?> { Reference.Of(reference).Local };
        while (next.Count > 0)
        {
            if (next.Contains(written.Reference))
                return $"The `partOf` chain leads back to this {written.Type}; take `partOf` out of the topmost one";
            if (known.Count > Most)
                return $"The `partOf` chain has more than {Most} links; make this one part of a {written.Type} higher up";
            var found = next.OfType<string>().Where(known.Add).ToList().Select(around.Find).OfType<Recorded>();
            next = [.. found.SelectMany(Wholes).Distinct()];
        }
        return null;
    }

    private static IEnumerable<string?> Wholes(Recorded part)
    {
        foreach (var reference in part.Document.Root.All("partOf")) yield return Reference.Of(reference).Local;
    }

    /// <summary>By `#`, or by an identifier of its own.</summary>
    private static bool IsItself(Node root, Node reference)
    {
        var target = Reference.Of(reference);
        if (target.Kind == ReferenceKind.Contained && target.Fragment is null or "") return true;
        if (reference["identifier"] is not { IsMissing: false } named || named.TextOf("value") is not { } value) return false;
        foreach (var own in root.All("identifier"))
            if (own.TextOf("value") == value && own.TextOf("system") == named.TextOf("system")) return true;
        return false;
    }
}
