using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Tests.Labelling;

public class SharedReadingTests
{
    /// <summary>Rules that read several elements and hold whatever of them is hidden: each says that something is absent, or only compares
    /// what is there.</summary>
    private static readonly HashSet<string> harmless =
    [
        "ait-2", // clinicalStatus must be absent
        "cmp-2", "cpl-3", "lst-1", "obs-6", "qrs-1", "sev-1", // one of two must be absent
        "con-5", // clinicalStatus must be absent
        "fhs-1", // age or born must be absent
        "inv-1", // Task: compares two times if both are there
        "mdd-1", // compares two times if both are there
        "md-1", "ras-2", // one element, compared if it is there
        "obs-7", // no component may repeat the code
        "dom-2", "dom-3", "dom-4", "dom-5", "dom-6", // contained resources: ContainedLinks; narrative: advice
        "ele-1", "ext-1", // the closure's own rules
    ];

    [Fact]
    public void Every_base_rule_that_reads_several_elements_has_a_row_or_a_reason()
    {
        var missing = new List<string>();
        foreach (var type in R4.ResourceTypes.Select(n => R4.Type(n)!).SelectMany(WithParts).Where(t => !SharedReading.IsWhole(t)))
            foreach (var rule in RulesOn(type)
                .Where(r => !harmless.Contains(r.Key) && !r.Expression.StartsWith("name.matches(", StringComparison.Ordinal)))
            {
                if (FhirPathExpression.Compile(rule.Expression).ReadsOf?.Count == 0) continue;
                if (SharedReading.All.Any(r => r.Key == rule.Key && r.Type == type.Name)) continue;
                missing.Add($"{type.Name} {rule.Key}: {rule.Expression}");
            }
        Assert.True(missing.Count == 0, string.Join("\n", missing.Distinct()));
    }

    /// <summary>Rules whose focus is the type: its own, and those that an element puts on its one type of part. What an element asks of a
    /// data type needs no row, since data types are shown whole.</summary>
    private static IEnumerable<Invariant> RulesOn(TypeInfo type) =>
        type.Kind != TypeKind.Backbone ? type.Invariants
            : type.Invariants.Concat(Owner(type).Elements.Where(e => e.Types.Any(t => t.Type == type)).SelectMany(e => e.Invariants));

    private static TypeInfo Owner(TypeInfo part) => R4.Type(part.Name[..part.Name.LastIndexOf('.')])!;

    private static IEnumerable<TypeInfo> WithParts(TypeInfo type) =>
        type.Elements.SelectMany(e => e.Types).Select(t => t.Type)
            .Where(t => t.Kind == TypeKind.Backbone && t.Name.StartsWith(type.Name + ".", StringComparison.Ordinal))
            .Distinct().SelectMany(WithParts).Prepend(type);

    [Fact]
    public void Every_row_names_elements_of_its_type_and_a_rule_it_has() =>
        Assert.All(SharedReading.All, row =>
        {
            var type = R4.Type(row.Type);
            Assert.NotNull(type);
            Assert.All(row.Elements.Concat(row.Needed), name => Assert.NotNull(type.Element(name)));
            Assert.Contains(RulesOn(type), rule => rule.Key == row.Key);
        });
}
