using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>Turns what base R4 says of a type into a table.</summary>
internal static class BaseCompiler
{
    public static Shape Compile(TypeInfo type, Shapes shapes)
    {
        if (type.Elements.Count > 64) throw new InvalidOperationException($"{type} has more elements than a shape can tell apart");
        var elements = new ElementRules?[type.Elements.Count];
        ulong required = 0;
        foreach (var element in type.Elements)
        {
            elements[element.Order] = new ElementRules { Info = element, Min = element.Min, Max = element.Max, Rules = [.. Rules(element, shapes)] };
            if (element.Min > 0) required |= 1UL << element.Order;
        }
        var rules = Invariants(type, type.Invariants).ToList();
        rules.AddRange(TypeRules.For(type.Name, shapes));
        if (type.Element("contained") != null) rules.Add(new ContainedIdsRule());
        return new Shape
        {
            Type = type,
            Elements = elements,
            Required = required,
            Rules = [.. rules],
            Format = type.IsPrimitive ? PrimitiveFormat.Of(type.Name) : Format.None,
        };
    }

    private static IEnumerable<IRule> Rules(ElementInfo element, Shapes shapes)
    {
        if (element.Binding is { Strength: >= BindingStrength.Extensible } binding && shapes.Definitions.ValueSet(binding.ValueSet) is { } codes)
            yield return new BindingRule(codes, binding.Strength, null);
        // Common languages are preferred, but any must be one: the binding's `maxValueSet`.
        else if (element.Binding?.ValueSet is GrammarCodes.Languages) yield return new BindingRule(R4.ValueSet(GrammarCodes.AllLanguages)!, BindingStrength.Required, null);
        foreach (var choice in element.Types)
            if (choice is { TypeName: "Reference", Targets.Count: > 0 })
                yield return new ReferenceRule([.. choice.Targets.Select(t => new AllowedTarget(t, null))], null, shapes);
            else if (choice is { TypeName: "canonical", Targets.Count: > 0 } && element.Owner.Name != "Meta")
                yield return new CanonicalRule([.. choice.Targets]);
        foreach (var rule in Invariants(element.Owner, element.Invariants)) yield return rule;
        if (element.Types[0].TypeName == "xhtml") yield return new NarrativeRule();
    }

    private static IEnumerable<IRule> Invariants(TypeInfo type, IReadOnlyList<Invariant> invariants)
    {
        foreach (var invariant in invariants)
        {
            var rule = NativeInvariants.For(type, invariant) ?? new InvariantRule(invariant, null);
            if (rule != NativeInvariants.Nothing) yield return rule;
        }
    }
}
