using System.Numerics;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Limits how often an element occurs. https://hl7.org/fhir/R4/conformance-rules.html#cardinality</summary>
internal static class Cardinality
{
    private const string Key = "cardinality";

    public static void Check(Node parent, ElementRules rules, int count, Run run)
    {
        if (count < rules.Min || count > rules.Max)
            run.Error(count < rules.Min ? IssueType.Required : IssueType.Structure, parent, Key,
                $"`{rules.Info.Name}` occurs {count} times; it must occur {rules}", rules.Profile);
    }

    /// <summary>All elements of the shape that must occur and do not.</summary>
    public static void Missing(Node parent, Shape shape, ulong seen, Run run)
    {
        for (var missing = shape.Required & ~seen; missing != 0; missing &= missing - 1)
        {
            var rules = shape.Elements[BitOperations.TrailingZeroCount(missing)]!;
            if (rules.Min > 0) Check(parent, rules, 0, run);
            else rules.Slicer!.Check(parent, Node.Missing, run);
        }
    }

    /// <summary>Base R4 knows 1 and `*` only, and JSON shows which: so this is a choice made twice.</summary>
    public static void TooMany(Node parent, ElementRules rules, Run run) =>
        run.Error(IssueType.Structure, parent, Key,
            $"`{rules.Info.Name}` occurs {parent.CountOf(rules.Info.Name)} times; it must occur {rules}", rules.Profile);

    public static string Range(int min, int max) => $"{min}..{(max == int.MaxValue ? "*" : max.ToString())}";
}
