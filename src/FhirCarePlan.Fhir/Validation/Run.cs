using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Compiling;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>One validation under way: the input, its definitions, and the findings so far.</summary>
internal sealed class Run(Document document, Shapes shapes, IReadOnlyList<string> asked, ValidateOptions options, TimeProvider clock)
{
    private Findings findings = new(options.MaxIssues, options.Least);
    private FhirPathContext? context;
    private ReferenceResolution? references;
    private List<(Node Node, Shape Shape)>? targets;

    public Document Document => document;
    public Shapes Shapes => shapes;
    public DefinitionSet Definitions => shapes.Definitions;
    public ValidateOptions Options => options;
    public Findings Findings => findings;

    /// <summary>Set where codes that nobody here knows decide whether something falls into a slice.</summary>
    public bool IsSliceUndecided { get; set; }

    /// <summary>Where references of this document lead.</summary>
    public ReferenceResolution References => references ??= new ReferenceResolution(document, options.Resolve);

    // R4's own rules and ours take some tens of steps a node. Rules of profiles from outside may be written to take without end.
    private const long Steps = 2_000_000, StepsANode = 200;

    public FhirPathContext Context => context ??= new FhirPathContext(clock)
    {
        Budget = new StepBudget(Steps + StepsANode * document.Count),
        Resolve = options.Resolve,
        MemberOf = (valueSet, system, code) => Definitions.ValueSet(valueSet)?.Contains(system, code),
        ConformsTo = (node, profile) => Conforms(node, profile),
    };

    /// <summary>True for a profile that the resource is held to anyway.</summary>
    public bool IsAsked(string canonical)
    {
        foreach (var profile in asked)
            if (profile == canonical) return true;
        return false;
    }

    public bool IsFull => findings.IsFull;
    public bool Wants(IssueSeverity severity) => findings.Wants(severity);

    public void Error(string code, Node at, string key, string text, string? profile = null) =>
        findings.Add(IssueSeverity.Error, code, at, key, text, profile);
    public void Warning(string code, Node at, string key, string text, string? profile = null) =>
        findings.Add(IssueSeverity.Warning, code, at, key, text, profile);
    public void Information(string code, Node at, string key, string text, string? profile = null) =>
        findings.Add(IssueSeverity.Information, code, at, key, text, profile);

    /// <summary>Whether a value set has the code, by those who know codes that nobody here knows; null when they do not say.</summary>
    public bool? Elsewhere(string valueSet, Node system, Node code) =>
        options.MemberElsewhere is { } ask && system.Text is { } address && code.Text is { } asked ? ask(valueSet, address, asked) : null;

    /// <summary>True when the node has no errors against the shape; the findings are thrown away.</summary>
    public bool Matches(Node node, Shape shape)
    {
        var outer = Begin();
        Walk.Profile(node, shape, this);
        return End(outer);
    }

    public bool Matches(Node node, ElementRules rules)
    {
        var outer = Begin();
        Walk.Element(node, rules, this);
        return End(outer);
    }

    public bool Passes(IRule rule, Node node)
    {
        var outer = Begin();
        rule.Check(node, this);
        return End(outer);
    }

    private bool? Conforms(Node node, string profile) =>
        Shapes.IsBase(profile, out var type) ? node.Type.Is(type)
        : shapes.Profile(profile, out _) is { } shape ? node.Type.Is(shape.Type.Name) && Matches(node, shape) : null;

    private Findings Begin()
    {
        var outer = findings;
        findings = new Findings(1, IssueSeverity.Error);
        return outer;
    }

    private bool End(Findings outer)
    {
        var errors = findings.Errors;
        findings = outer;
        return errors == 0;
    }

    /// <summary>Checks the target of a reference; a reference back to something that is being checked counts as met.</summary>
    public bool TargetMatches(Node target, Shape shape)
    {
        targets ??= [];
        if (targets.Contains((target, shape))) return true;
        targets.Add((target, shape));
        var matches = Matches(target, shape);
        targets.RemoveAt(targets.Count - 1);
        return matches;
    }
}
