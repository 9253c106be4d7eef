using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Smart;

/// <summary>Reads the scopes of a token: version 2 (`patient/Observation.rs?category=laboratory`) and version 1 (`patient/Observation.read`).
/// A scope that cannot be read grants nothing, and it still makes the token one that scopes narrow.
/// https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html</summary>
public static class ScopeReader
{
    private const string InOrder = "cruds";

    /// <summary>Words of OAuth and OpenID that say nothing about data.</summary>
    private static readonly HashSet<string> others = new(StringComparer.Ordinal)
        { "openid", "profile", "email", "address", "phone", "roles", "offline_access", "online_access" };

    /// <summary>Null when no scope is one of SMART's, nor meant as one: the token is then not narrowed by scopes.</summary>
    /// <param name="given">The values of the token's claims, each one or several scopes with spaces.</param>
    public static Scopes? Read(IEnumerable<string> given)
    {
        var grants = new List<ScopeGrant>();
        var isSmart = false;
        foreach (var scope in given.SelectMany(g => g.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (others.Contains(scope) || !IsMeant(scope)) continue;
            isSmart = true;
            if (ReadOne(scope) is { } grant) grants.Add(grant);
        }
        return isSmart ? new Scopes(grants) : null;
    }

    /// <summary>Scopes of other resources may be anything, such as an address or a single word; one with a context is SMART's, however it is
    /// misspelt.</summary>
    private static bool IsMeant(string scope)
    {
        // A restriction may hold an address.
        var name = scope.IndexOf('?') is >= 0 and var query ? scope[..query] : scope;
        return name is "fhirUser" or "launch" || name.Contains('/') && !name.Contains("://", StringComparison.Ordinal);
    }

    /// <summary>Null when it grants nothing.</summary>
    private static ScopeGrant? ReadOne(string scope)
    {
        var query = scope.IndexOf('?');
        var (name, restriction) = query < 0 ? (scope, null) : (scope[..query], scope[(query + 1)..]);
        if (restriction is "" || ContextOf(name) is not var (context, rest) || rest.LastIndexOf('.') is not (> 0 and var dot)) return null;
        var (type, permissions) = (rest[..dot], rest[(dot + 1)..]);
        if (type != ScopeGrant.AnyType && !Reference.IsType(type)) return null;
        var letters = permissions switch { "read" => "rs", "write" => "cud", "*" => InOrder, _ => null };
        // Version 1 knows no restrictions.
        if (letters is not null) return restriction is null ? new(context, type, letters, null) : null;
        return IsInOrder(permissions) ? new(context, type, permissions, restriction) : null;
    }

    private static (ScopeContext Context, string Of)? ContextOf(string name)
    {
        foreach (var (prefix, context) in (ReadOnlySpan<(string, ScopeContext)>)[("patient/", ScopeContext.Patient), ("user/", ScopeContext.User), ("system/", ScopeContext.System)])
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return (context, name[prefix.Length..]);
        return null;
    }

    /// <summary>Some of `cruds`, each once, in this order.</summary>
    private static bool IsInOrder(string permissions)
    {
        var at = -1;
        foreach (var letter in permissions)
        {
            var next = InOrder.IndexOf(letter);
            if (next <= at) return false;
            at = next;
        }
        return at >= 0;
    }
}
