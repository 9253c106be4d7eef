namespace FhirCarePlan.Fhir.Model;

/// <summary>The addresses under which this server is known. Two addresses are the same when they differ only in what RFC 3986 §6 calls
/// normalisation: case of scheme and host, a default port, escaped letters, `.` segments, a slash at the end; and in http against https,
/// since one resource is reached by both.
/// https://hl7.org/fhir/R4/references.html#literal, https://www.rfc-editor.org/rfc/rfc3986#section-6</summary>
public sealed class BaseAddresses
{
    /// <param name="Prefix">With the slash at the end, as most callers write it.</param>
    /// <param name="Port">Null for the default of the scheme.</param>
    /// <param name="Path">Below the host, with slashes at both ends.</param>
    private readonly record struct Base(string Prefix, string Host, int? Port, string Path);

    private readonly Base[] bases;

    public static BaseAddresses None { get; } = new([]);

    /// <exception cref="ArgumentException">One is not an absolute http address: ask IsBase first.</exception>
    public BaseAddresses(IEnumerable<string> addresses) => bases = [.. addresses.Select(Read).Distinct()];

    public bool IsEmpty => bases.Length == 0;

    public static bool IsBase(string text) => Normal(text) is { Query: "", Fragment: "" };

    /// <summary>The part below the base: `Patient/1` of `https://care.example/fhir/Patient/1`; null when the address is not ours.</summary>
    public string? Relative(string address)
    {
        if (bases.Length == 0 || !address.StartsWith("http", StringComparison.OrdinalIgnoreCase)) return null;
        foreach (var own in bases)
            if (address.StartsWith(own.Prefix, StringComparison.Ordinal) && IsPlain(address.AsSpan(own.Prefix.Length)))
                return address[own.Prefix.Length..];
        if (Normal(address) is not { } uri) return null;
        var (host, port, path) = (Host(uri), Port(uri), uri.AbsolutePath);
        foreach (var own in bases)
            if (host == own.Host && port == own.Port && path.StartsWith(own.Path, StringComparison.Ordinal))
                return $"{path.AsSpan(own.Path.Length).TrimEnd('/')}{Behind(address)}";
        return null;
    }

    /// <summary>Query and fragment, as they were written.</summary>
    private static ReadOnlySpan<char> Behind(string address) =>
        address.AsSpan().IndexOfAny('?', '#') is >= 0 and var at ? address.AsSpan(at) : default;

    /// <summary>True when one of the addresses is at this host and port, as a `Host` header states them.</summary>
    /// <param name="port">Null when the header states none.</param>
    public bool IsAt(string host, int? port)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        foreach (var own in bases)
            if (own.Host.Equals(name, StringComparison.OrdinalIgnoreCase) && (port == own.Port || own.Port is null && port is 80 or 443))
                return true;
        return false;
    }

    private static Base Read(string address)
    {
        if (!IsBase(address))
            throw new ArgumentException("An address of this server must be absolute, http or https, without query and fragment",
                nameof(address));
        var uri = Normal(address)!;
        return new Base(address.TrimEnd('/') + "/", Host(uri), Port(uri), uri.AbsolutePath.TrimEnd('/') + "/");
    }

    private static Uri? Normal(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.UserInfo.Length == 0 && uri.Host.Length > 0 ? uri : null;

    private static string Host(Uri uri) => uri.IdnHost.TrimEnd('.').ToLowerInvariant();
    private static int? Port(Uri uri) => uri.IsDefaultPort ? null : uri.Port;

    /// <summary>Nothing in it that another writing could mean the same by.</summary>
    private static bool IsPlain(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[^1] == '/' || rest[0] == '.' || rest.Contains("/.", StringComparison.Ordinal)) return false;
        foreach (var c in rest)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '-' or '_' or '.')) return false;
        return true;
    }
}
