namespace FhirCarePlan.Server.Requests;

/// <summary>Every interaction there is, and which of them an address means.</summary>
public sealed class InteractionTable(IReadOnlyList<Interaction> all)
{
    /// <summary>An address that names an interaction, taken apart.</summary>
    public sealed record Match(Interaction Interaction, string Type, string Id, string VersionId)
    {
        public (string Type, string Id)? Compartment { get; init; }
    }

    public IReadOnlyList<Interaction> All => all;

    /// <param name="action">`create`, `update` or `delete`.</param>
    public Interaction Writing(string action) => all.First(i => i.Action == action);

    /// <summary>Null when no interaction has this method and path.</summary>
    /// <param name="path">Below the base: `CarePlan/x/_history`.</param>
    public Match? Find(string method, string path)
    {
        var have = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var interaction in all)
            foreach (var route in interaction.Routes)
                if (route.Method == method && !route.IsOfAnyAddress && Matches(route.Pattern, have) is { } match) return match with { Interaction = interaction, Type = interaction.TypeOf(match.Type) };
        return null;
    }

    /// <summary>Methods that this path answers for its type, in the order of the table; OPTIONS, which every path answers, aside.</summary>
    public IReadOnlyList<string> Methods(string path)
    {
        var have = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return [.. all.SelectMany(i => i.Routes.Where(r => !r.IsOfAnyAddress && Matches(r.Pattern, have) is { } match && (match.Type.Length == 0 || i.IsFor(match.Type)))).SelectMany(Methods).Distinct()];
    }

    /// <summary>The type that this path names; empty when it names none.</summary>
    public string TypeOf(string path)
    {
        var have = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return all.SelectMany(i => i.Routes).Where(r => !r.IsOfAnyAddress).Select(r => Matches(r.Pattern, have)?.Type).FirstOrDefault(type => type is { Length: > 0 }) ?? "";
    }

    /// <summary>HEAD is answered as GET, headers only. https://hl7.org/fhir/R4/http.html#read</summary>
    public static string[] Methods(InteractionRoute route) => route.Method == "GET" ? ["GET", "HEAD"] : [route.Method];

    private static Match? Matches(string pattern, string[] have)
    {
        var want = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (want.Length != have.Length) return null;
        var match = new Match(null!, "", "", "");
        for (var i = 0; i < want.Length; i++)
        {
            if (want[i][0] != '{')
            {
                if (want[i] != have[i]) return null;
                continue;
            }
            // `$x` and `_x` are operations and interactions, never types or ids.
            if (have[i][0] is '$' or '_') return null;
            if (want[i] == "{type}" && !char.IsAsciiLetterUpper(have[i][0])) return null;
            match = want[i] switch
            {
                "{type}" => match with { Type = have[i] },
                "{id}" => match with { Id = have[i] },
                "{compartment}" => match with { Compartment = (have[i], "") },
                "{owner}" => match with { Compartment = match.Compartment!.Value with { Id = have[i] } },
                _ => match with { VersionId = have[i] },
            };
        }
        return match;
    }
}
