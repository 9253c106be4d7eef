using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The names of a transaction's entries, and the resource stored for each: how a reference finds an entry.
/// https://hl7.org/fhir/R4/bundle.html#references</summary>
public sealed class EntryNames(BaseAddresses own)
{
    private readonly Dictionary<string, string> stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> elsewhere = new(StringComparer.Ordinal);

    public bool IsEmpty => stored.Count == 0 && elsewhere.Count == 0;

    /// <summary>False when another entry is called so already.</summary>
    /// <param name="keptAs">`Type/id` under which the entry's resource is stored.</param>
    public bool TryAdd(string name, string keptAs)
    {
        var key = Key(name);
        if (!stored.TryAdd(key, keptAs) && stored[key] != keptAs) return false;
        if (Reference.BaseOf(key) is { } root) Shadow(key[(root.Length + 1)..], keptAs);
        return true;
    }

    /// <summary>A new resource may be meant by `Type/id` although this server stores it under another id.</summary>
    public void Shadow(string local, string keptAs)
    {
        if (local != keptAs) elsewhere.Add(local);
    }

    /// <summary>`Type/id` of the entry that has this name; null for none.</summary>
    public string? Find(string name) => stored.Count == 0 ? null : stored.GetValueOrDefault(Key(name));

    /// <summary>True when an entry is called `…/Type/id` but is not stored here under `Type/id`.</summary>
    public bool IsElsewhere(string local) => elsewhere.Contains(local);

    /// <summary>The base of an entry's relative references; null for an entry without a RESTful address; empty for this server's
    /// own.</summary>
    public string? BaseOf(string? fullUrl) => fullUrl is null ? null
        : Reference.Parse(fullUrl, own).IsLocal ? "" : Reference.BaseOf(fullUrl);

    /// <summary>One text for all ways to write a name: our own addresses relative, schemes and hosts in lower case as RFC 3986 and RFC 4122
    /// have it, without version (bdl-8).</summary>
    private string Key(string name)
    {
        var reference = Reference.Parse(name, own);
        if (reference.Local is { } local) return local;
        if (reference.Kind == ReferenceKind.Urn)
        {
            var rest = name.IndexOf(':', 4);
            if (rest < 0) return name;
            var scheme = name[..rest].ToLowerInvariant();
            return scheme + (scheme == "urn:uuid" ? name[rest..].ToLowerInvariant() : name[rest..]);
        }
        var address = reference.Address ?? name;
        if (address.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var colon)) return address;
        var host = colon + 3;
        var end = address.AsSpan(host).IndexOfAny("/?#") is >= 0 and var length ? host + length : address.Length;
        return string.Concat(address[..end].ToLowerInvariant(), address.AsSpan(end));
    }
}
