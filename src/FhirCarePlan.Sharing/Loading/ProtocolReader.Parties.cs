namespace FhirCarePlan.Sharing;

/// <summary>Parties, what they do at home, their rights, and the service's own actors.</summary>
internal sealed partial class ProtocolReader
{
    private static readonly Dictionary<string, PartyStatus> partyStatuses = new()
    {
        ["joined"] = PartyStatus.Joined, ["suspended"] = PartyStatus.Suspended, ["left"] = PartyStatus.Left,
    };

    private static readonly Dictionary<string, string> confidentialities = new() { ["N"] = "N", ["R"] = "R", ["V"] = "V" };

    private Party Party(YamlMap map, IReadOnlyList<string> categories)
    {
        var id = map.Required("id");
        var officers = map.Map("officers", null);
        var home = map.Maps("home", "home").ToList();
        if (!map.Has("status")) map.Missing("status");
        return new Party
        {
            Id = id,
            Name = map.Required("name"),
            Plain = map.Text("plain"),
            Sector = map.Text("sector"),
            Status = map.Choice("status", PartyStatus.Suspended, partyStatuses),
            Organizations = map.Words("organizations"),
            Clients = [.. map.Maps("clients", "client").Select(c => new Client(c.Required("issuer"), c.Required("id"), c.Line))],
            Officers = officers.Keys.ToDictionary(office => office, officers.Required),
            IsSignatory = map.Flag("signatory", true),
            Home = [.. home.Select((h, at) => Home(h, $"{id}-home{(home.Count > 1 ? $"-{at + 1}" : "")}", null, categories))],
            Rights = Rights(map.Map("rights", null)),
            ClientIds = map.Flag("clientIds", false),
            Line = map.Line,
        };
    }

    /// <param name="roles">Of a system actor, which names none itself: all.</param>
    private HomeRule Home(YamlMap map, string id, Names? roles, IReadOnlyList<string> categories)
    {
        if (roles is null && !map.Has("roles")) map.Missing("roles");
        if (!map.Has("purposes")) map.Missing("purposes");
        return new HomeRule(
            map.Text("id") ?? id,
            roles ?? map.Names("roles", Names.Of()),
            map.Names("purposes", Names.Of()),
            Data(map, categories),
            map.Names("actions", Names.Of("read")),
            map.Names("types", Names.All),
            Kinds(map, 0),
            Clearance(map),
            map.Text("plain") ?? "Your own organisation holds this record, and your role works with it.",
            map.Line);
    }

    private List<Right> Rights(YamlMap map)
    {
        var rights = new List<Right>();
        foreach (var name in map.Keys)
        {
            if (map.Node(name) is YamlDotNet.RepresentationModel.YamlMappingNode)
            {
                var right = map.Map(name, "right");
                rights.Add(new Right(name, right.Names("roles", Names.Of()), Kinds(right, 0), right.Line));
            }
            else
                rights.Add(new Right(name, map.Names(name, Names.Of()), 0, map.LineOf(name)));
        }
        return rights;
    }

    private SystemActor System(YamlMap map, IReadOnlyList<string> categories)
    {
        var id = map.Required("id");
        return new SystemActor(id, map.Required("plain"), map.Names("parties", Names.Of()),
            Home(map.Map("home", "home"), id, Names.All, categories), map.Words("rights"), map.Line);
    }

    /// <summary>`data`, less what `except` takes out of it.</summary>
    private Names Data(YamlMap map, IReadOnlyList<string> categories)
    {
        if (!map.Has("data")) map.Missing("data");
        var data = map.Names("data", Names.Of());
        var except = map.Words("except");
        foreach (var name in except)
            if (!categories.Contains(name))
                report.ErrorAt("unknown-category", map.PlaceOf("except"), $"`{name}` is not a category of this protocol.",
                "Name one that `categories` defines.");
        return except.Count == 0 ? data : Names.Of([.. (data.IsAll ? categories : data.Listed).Where(c => !except.Contains(c))]);
    }

    /// <summary>Relationships by name, as bits.</summary>
    private long Kinds(YamlMap map, long otherwise)
    {
        if (!map.Has("relationship")) return otherwise;
        var kinds = 0L;
        var words = map.Words("relationship");
        foreach (var name in words)
        {
            if (!Relations.ByName.TryGetValue(name, out var kind))
                report.ErrorAt("unknown-relationship", map.PlaceOf("relationship"), $"`{name}` is not a relationship.",
                    $"Allowed: {string.Join(", ", Relations.ByName.Keys)}.");
            else if (kind == 0 && words.Count > 1)
                report.ErrorAt("unknown-relationship", map.PlaceOf("relationship"), "`none` is listed with other relationships.",
                    "Say either `none` or the relationships, one of which is needed.");
            kinds |= kind;
        }
        return kinds;
    }

    private Clearance Clearance(YamlMap map)
    {
        if (!map.Has("clearance")) return Sharing.Clearance.None;
        if (map.Node("clearance") is YamlDotNet.RepresentationModel.YamlScalarNode { Value: "all" }) return Sharing.Clearance.All;
        var clearance = map.Map("clearance", "clearance");
        return new Clearance(
            clearance.Choice("confidentiality", "N", confidentialities),
            clearance.Names("sensitivities", Names.Of()),
            clearance.Flag("unknownLabels", false));
    }
}
