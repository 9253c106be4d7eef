using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation.Compiling;

/// <summary>A test at the end of a path.</summary>
internal sealed class PathMatch<T>(Step[] steps, T test) : IMatch where T : ITest
{
    public bool Matches(Node node, Run run) => SlicePath.Any(node, steps, run, test);
}

/// <summary>A test of the instance itself.</summary>
internal sealed class TestMatch(ITest test) : IMatch
{
    public bool Matches(Node node, Run run) => test.Passes(node, run);
}

internal sealed class UrlMatch(string url) : IMatch
{
    private readonly byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(url);

    public string Url => url;

    public bool Matches(Node node, Run run) => node.First(ExtensionRule.Url) is { IsMissing: false } found && found.ValueEquals(utf8);
}

internal sealed class ExistsMatch(Step[] steps, bool wanted) : IMatch
{
    private readonly struct Always : ITest
    {
        public bool Passes(Node node, Run run) => true;
    }

    public bool Matches(Node node, Run run) => SlicePath.Any(node, steps, run, default(Always)) == wanted;
}

/// <summary>The instance has no error against the slice's own rules.</summary>
internal sealed class MeetsMatch(ElementRules rules) : IMatch
{
    public bool Matches(Node node, Run run) => run.Matches(node, rules);
}

internal readonly struct TypeTest(string[] types) : ITest
{
    public bool Passes(Node node, Run run)
    {
        foreach (var type in types)
            if (TypeRule.Is(node, type)) return true;
        return false;
    }
}

internal readonly struct ProfileTest(string[] canonicals, Shapes shapes) : ITest
{
    public bool Passes(Node node, Run run)
    {
        foreach (var canonical in canonicals)
            if (shapes.Profile(canonical, out _) is { } shape && node.Type.Is(shape.Type.Name) && run.Matches(node, shape)) return true;
        return false;
    }
}

internal readonly struct TargetTest(ReferenceRule rule) : ITest
{
    public bool Passes(Node node, Run run) => run.Passes(rule, node);
}

internal sealed class FixedTest(Node wanted) : ITest
{
    public bool Passes(Node node, Run run) => SameValue.Exactly(node, wanted);
}

internal sealed class PatternTest(Node pattern) : ITest
{
    public bool Passes(Node node, Run run) => SameValue.Covers(node, pattern);
}

/// <summary>A code of the set; of a concept, one of its codings.</summary>
internal sealed class CodesTest(ICodes codes) : ITest
{
    public bool Passes(Node node, Run run)
    {
        if (node.HasValue) return Decide(codes.Contains(default, node.Utf8), run);
        if (node.Type.Name != "CodeableConcept")
            return node["code"] is { IsMissing: false } code && node["system"] is { IsMissing: false, HasValue: true } system
                && Decide(codes.Contains(system.Utf8, code.Utf8), run);
        foreach (var coding in node.All("coding"))
            if (Passes(coding, run)) return true;
        return false;
    }

    private static bool Decide(bool? isMember, Run run)
    {
        if (isMember == null) run.IsSliceUndecided = true;
        return isMember == true;
    }
}

/// <summary>Some part of this name passes.</summary>
internal sealed class PartTest(string name, ITest test) : ITest
{
    public bool Passes(Node node, Run run)
    {
        foreach (var part in node.All(name))
            if (test.Passes(part, run)) return true;
        return false;
    }
}

internal sealed class AllTest(ITest[] tests) : ITest
{
    public bool Passes(Node node, Run run)
    {
        foreach (var test in tests)
            if (!test.Passes(node, run)) return false;
        return true;
    }
}

internal sealed class AnyTest(ITest[] tests) : ITest
{
    public bool Passes(Node node, Run run)
    {
        foreach (var test in tests)
            if (test.Passes(node, run)) return true;
        return false;
    }
}
