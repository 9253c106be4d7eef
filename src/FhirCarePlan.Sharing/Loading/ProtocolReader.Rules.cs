namespace FhirCarePlan.Sharing;

/// <summary>Rules, bars, consent defaults, overrides, and the file's own tests.</summary>
internal sealed partial class ProtocolReader
{
    private static readonly Dictionary<string, ConsentNeed> consentNeeds = new()
    {
        ["explicit"] = ConsentNeed.Explicit, ["objection-honoured"] = ConsentNeed.ObjectionHonoured, ["none"] = ConsentNeed.None,
    };

    private static readonly Dictionary<string, bool> outcomes = new() { ["permit"] = true, ["deny"] = false };
    private static readonly Dictionary<string, string> consents = new() { ["none"] = "none", ["granted"] = "granted", ["refused"] = "refused" };

    private Rule Rule(YamlMap map, IReadOnlyList<string> categories)
    {
        if (map.Has("permit") == map.Has("forbid"))
            report.ErrorAt("rule-scope", map.PlaceOf("id"), "A rule has exactly one of `permit` and `forbid`.", "Split it in two, or say which it is.");
        var isPermit = map.Has("permit");
        var scope = map.Map(isPermit ? "permit" : "forbid", "scope");
        var requires = map.Map("requires", "requires");
        if (!scope.Has("to")) scope.Missing("to");
        if (isPermit)
        {
            if (!scope.Has("roles")) scope.Missing("roles");
            if (!scope.Has("purpose") && !scope.Has("purposes")) scope.Missing("purposes");
            if (!map.Has("gateway")) map.Missing("gateway");
            if (!requires.Has("consent")) requires.Missing("consent");
            if (!requires.Has("relationship")) requires.Missing("relationship");
        }
        else
            foreach (var key in new[] { "gateway", "requires", "clearance", "obligations" })
                if (map.Has(key)) report.ErrorAt("unknown-key", map.PlaceOf(key), $"`{key}` has no meaning in a rule that forbids.", "Leave it out.");
        return new Rule
        {
            Id = map.Required("id"),
            IsPermit = isPermit,
            To = scope.Names("to", Names.Of()),
            Roles = scope.Names("roles", isPermit ? Names.Of() : Names.All),
            Purposes = scope.Names(scope.Has("purpose") ? "purpose" : "purposes", isPermit ? Names.Of() : Names.All),
            Data = Data(scope, categories),
            Actions = scope.Names("actions", isPermit ? Names.Of("read") : Names.All),
            Types = scope.Names("types", Names.All),
            Gateway = map.Text("gateway"),
            Consent = requires.Choice("consent", ConsentNeed.Explicit, consentNeeds),
            Relationship = Kinds(requires, 0),
            Clearance = Clearance(map),
            Obligations = map.Words("obligations"),
            Plain = map.Required("plain"),
            Line = map.Line,
        };
    }

    private static Bar Bar(YamlMap map)
    {
        if (!map.Has("to")) map.Missing("to");
        if (!map.Has("data")) map.Missing("data");
        return new Bar(map.Required("id"), map.Names("to", Names.All), map.Names("roles", Names.All), map.Names("data", Names.All), map.Required("plain"), map.Line, map.Flag("home", true));
    }

    private ConsentDefault Default(YamlMap map)
    {
        foreach (var key in new[] { "purposes", "parties", "default" })
            if (!map.Has(key)) map.Missing(key);
        return new ConsentDefault(map.Names("purposes", Names.Of()), map.Names("parties", Names.Of()), map.Choice("default", false, outcomes), map.Required("plain"), map.Line);
    }

    private static Override Override(YamlMap map)
    {
        var review = map.Map("review", "review");
        return new Override(map.Required("id"), map.Words("lifts"), map.Names("roles", Names.Of()), map.Span("expires"), review.Text("by"), review.Span("within"), map.Required("plain"), map.Line);
    }

    private ProtocolTest Test(YamlMap map)
    {
        var given = map.Map("given", "given");
        var expect = map.Map("expect", null);
        if (!expect.Keys.Any()) map.Missing("expect");
        return new ProtocolTest(
            new TestCase(
                given.Required("party"),
                given.Required("role"),
                given.Required("purpose"),
                given.Text("action") ?? "read",
                given.Text("type") ?? "CarePlan",
                given.Flag("home", false),
                given.Choice("consent", "none", consents),
                Kinds(given, 0)),
            expect.Keys.ToDictionary(category => category, category => expect.Choice(category, false, outcomes)),
            map.Required("why"),
            map.Line);
    }
}
