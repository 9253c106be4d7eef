using System.Security.Claims;
using System.Text.Json;

namespace FhirCarePlan.Server.Authentication;

/// <summary>The values of a token's claims by name. `realm_access.roles` leads into a claim that is an object, or a list of objects.</summary>
internal static class ClaimValues
{
    /// <summary>The only value of the first claim that is there; null when it has several.</summary>
    /// <param name="names">One or several with spaces.</param>
    public static string? One(ClaimsPrincipal user, string names)
    {
        foreach (var name in Names(names))
        {
            string? only = null;
            foreach (var value in All(user, name))
                if (only is not null) return null;
                else only = value;
            if (only is not null) return only.Length == 0 ? null : only;
        }
        return null;
    }

    /// <summary>All values of all these claims.</summary>
    public static IEnumerable<string> Every(ClaimsPrincipal user, string names) => Names(names).SelectMany(name => All(user, name));

    /// <summary>All values of one claim.</summary>
    public static IEnumerable<string> All(ClaimsPrincipal user, string name)
    {
        var isThere = false;
        foreach (var claim in user.FindAll(name))
        {
            isThere = true;
            yield return claim.Value;
        }
        if (isThere || name.IndexOf('.') is not (> 0 and var dot)) yield break;
        foreach (var claim in user.FindAll(name[..dot]))
            foreach (var value in Below(claim.Value, name[(dot + 1)..])) yield return value;
    }

    private static string[] Names(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Below(string json, string path)
    {
        var found = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(json);
            Add(document.RootElement, path, found);
        }
        catch (JsonException)
        {
            // A plain text has nothing below it.
        }
        return found;
    }

    private static void Add(JsonElement element, string? path, List<string> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Add(item, path, found);
                break;
            case JsonValueKind.Object when path is not null:
                if (element.TryGetProperty(path, out var whole)) Add(whole, null, found);
                else if (path.IndexOf('.') is > 0 and var dot && element.TryGetProperty(path[..dot], out var part)) Add(part, path[(dot + 1)..], found);
                break;
            case JsonValueKind.String when path is null: found.Add(element.GetString()!); break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when path is null: found.Add(element.GetRawText()); break;
        }
    }
}
