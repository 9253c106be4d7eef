using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>A value set or code system as sets of codes by system, and the systems whose other codes it cannot decide.</summary>
internal sealed class CodeSet(string canonical, (string System, HashSet<string> Codes)[] lists, string[] open) : ICodes
{
    private const int ForMessages = 12;

    public string Canonical => canonical;

    public bool? Contains(string? system, string code)
    {
        foreach (var (listed, codes) in lists)
            if ((system == null || system == listed) && codes.Contains(code)) return true;
        foreach (var undecided in open)
            if (system == null || undecided == "*" || system == undecided) return null;
        return false;
    }

    // A HashSet that was only added to gives its items back in that order: the definition's.
    public IReadOnlyList<string> Some => open.Length > 0 ? [] : [.. lists.SelectMany(l => l.Codes).Take(ForMessages)];

    /// <summary>`{"set":…,"all":[system…],"some":{system:[code…]},"open":[system…]}`, or `{"codes":…,"list":[code…],"open":[…]}`.</summary>
    public static CodeSet Read(string canonical, FactLine line, Func<string, HashSet<string>> codesOf)
    {
        var json = new Utf8JsonReader(line.Text);
        var lists = new List<(string, HashSet<string>)>();
        string[] open = [];
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var property = json.GetString();
            json.Read();
            switch (property)
            {
                case "all":
                    while (json.Read() && json.TokenType == JsonTokenType.String) lists.Add((json.GetString()!, codesOf(json.GetString()!)));
                    break;
                case "some":
                    while (json.Read() && json.TokenType == JsonTokenType.PropertyName) lists.Add((json.GetString()!, Texts(ref json)));
                    break;
                case "list":
                    lists.Add((canonical, Rest(ref json)));
                    break;
                case "open":
                    open = [.. Rest(ref json)];
                    break;
            }
        }
        return new CodeSet(canonical, [.. lists], open);
    }

    internal HashSet<string> OnlyList => lists[0].Codes;

    private static HashSet<string> Texts(ref Utf8JsonReader json)
    {
        json.Read();
        return Rest(ref json);
    }

    private static HashSet<string> Rest(ref Utf8JsonReader json)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.String) texts.Add(json.GetString()!);
        return texts;
    }
}
