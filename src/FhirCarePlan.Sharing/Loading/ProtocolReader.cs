using YamlDotNet.RepresentationModel;

namespace FhirCarePlan.Sharing;

/// <summary>Reads a protocol from YAML and reports what it cannot read, with the line. Whether the agreement makes sense is the Linter's
/// business.</summary>
internal sealed partial class ProtocolReader(ProtocolReport report)
{
    private static readonly Dictionary<string, ProtocolStatus> statuses = new()
    {
        ["draft"] = ProtocolStatus.Draft, ["consultation"] = ProtocolStatus.Consultation, ["signing"] = ProtocolStatus.Signing,
        ["active"] = ProtocolStatus.Active, ["suspended"] = ProtocolStatus.Suspended, ["superseded"] = ProtocolStatus.Superseded,
        ["expired"] = ProtocolStatus.Expired,
    };

    public Protocol Read(YamlMappingNode root)
    {
        var map = new YamlMap(root, "protocol", report);
        var prefixes = map.Map("prefixes", null) is var stated ? stated.Keys.ToDictionary(name => $"{{{name}}}", stated.Required) : [];
        var categories = Named(map, "categories", "category", (id, category) => Category(id, category, prefixes));
        var all = categories.ConvertAll(c => c.Id);
        return new Protocol
        {
            Id = map.Required("protocol"),
            Url = map.Required("url"),
            Version = map.Required("version"),
            Title = map.Required("title"),
            Plain = map.Required("plain"),
            Status = StatusOf(map),
            Effective = Period(map.Map("effective", "effective")),
            Parties = [.. map.Maps("parties", "party").Select(p => Party(p, all))],
            Owner = map.Text("owner"),
            Roles = map.Map("roles", null) is var roles ? roles.Keys.ToDictionary(role => role, roles.Required) : [],
            Purposes = Named(map, "purposes", "purpose", Purpose),
            Codes = Named(map, "codes", "codes", CodeList),
            Categories = categories,
            Sensitivities = Named(map, "sensitivities", "sensitivity", (code, m) => new Sensitivity(code, m.Required("system"), m.Required("plain"), m.Line, m.Words("codes"))),
            Gateways = Named(map, "gateways", "gateway", Gateway),
            Rules = [.. map.Maps("rules", "rule").Select(r => Rule(r, all))],
            Bars = [.. map.Maps("bars", "bar").Select(Bar)],
            ConsentDefaults = [.. map.Map("consent", "consent").Maps("defaults", "default").Select(Default)],
            Overrides = [.. map.Maps("overrides", "override").Select(Override)],
            Systems = [.. map.Maps("systems", "system").Select(s => System(s, all))],
            Tests = [.. map.Maps("tests", "test").Select(Test)],
            Sections = ProtocolShapes.Sections.Where(map.Has).ToDictionary(s => s, s => YamlMap.Plain(map.Node(s)!)),
        };
    }

    private ProtocolStatus StatusOf(YamlMap map)
    {
        if (!map.Has("status")) map.Missing("status");
        return map.Choice("status", ProtocolStatus.Draft, statuses);
    }

    private Effective Period(YamlMap map)
    {
        if (!map.Has("from")) map.Missing("from");
        if (!map.Has("to")) map.Missing("to");
        map.Choice("onExpiry", true, new Dictionary<string, bool> { ["deny"] = true });
        return new Effective(map.Date("from") ?? DateOnly.MaxValue, map.Date("to") ?? DateOnly.MinValue, map.Date("review"), map.Line);
    }

    /// <summary>A mapping from names of the author's own to things of one shape, in the order of the file.</summary>
    private List<T> Named<T>(YamlMap map, string key, string shape, Func<string, YamlMap, T> read)
    {
        var names = map.Map(key, null);
        return [.. names.Keys.Select(name => read(name, names.Map(name, shape)))];
    }

    /// <param name="prefixes">`{cpa}` → its address in expressions, so that addresses need not be spelt out each time.</param>
    private static Category Category(string id, YamlMap map, IReadOnlyDictionary<string, string> prefixes)
    {
        var roots = map.Map("roots", null);
        var elements = map.Map("elements", null);
        var rootCodes = map.Map("rootCodes", null);
        return new Category
        {
            Id = id,
            Plain = map.Required("plain"),
            Within = map.Text("within"),
            Codes = map.Words("codes"),
            UnlistedOf = map.Words("unlistedOf"),
            RootCodes = rootCodes.Keys.ToDictionary(type => type, rootCodes.Words),
            Roots = roots.Keys.ToDictionary(type => type, type => Expand(roots.Required(type))),
            Elements = elements.Keys.ToDictionary(type => type, type => (IReadOnlyList<string>)[.. elements.Words(type).Select(Expand)]),
            Line = map.Line,
        };

        string Expand(string expression) => prefixes.Aggregate(expression, (text, prefix) => text.Replace(prefix.Key, prefix.Value, StringComparison.Ordinal));
    }

    private static CodeList CodeList(string id, YamlMap map)
    {
        var systems = map.Map("systems", null);
        if (!systems.Keys.Any()) map.Missing("systems");
        return new CodeList(id, map.Required("plain"), systems.Keys.ToDictionary(system => system, systems.Words), map.Words("words"), map.Line);
    }

    private static Purpose Purpose(string id, YamlMap map) =>
        new(id, map.Required("code"), map.Required("plain"), map.Names("parties", Names.Of()), map.Line);

    private static Gateway Gateway(string id, YamlMap map)
    {
        if (!map.Has("from")) map.Missing("from");
        if (!map.Has("to")) map.Missing("to");
        return new Gateway
        {
            Id = id,
            Gdpr6 = map.Text("gdpr6"),
            Gdpr9 = map.Text("gdpr9"),
            Schedule1 = map.Text("sch1"),
            CommonLaw = map.Text("commonLaw"),
            Power = map.Text("power"),
            SpecialCategory = map.Flag("specialCategory", true),
            From = map.Date("from") ?? DateOnly.MaxValue,
            To = map.Date("to") ?? DateOnly.MinValue,
            Plain = map.Required("plain"),
            Line = map.Line,
        };
    }
}
