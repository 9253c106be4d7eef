namespace FhirCarePlan.Server.Settings;

/// <summary>Settings that nobody reads: a misspelt one would leave the default in force without a word. Known are those that the readers ask
/// for, so the list cannot go stale.</summary>
internal static class UnknownSettings
{
    /// <summary>What the framework reads, with everything below it.</summary>
    private static readonly string[] Framework =
    [
        "Logging", "Kestrel", "AllowedHosts", "urls", "http_ports", "https_ports", "https_port", "environment", "contentRoot", "applicationName",
        "webRoot", "detailedErrors", "captureStartupErrors", "shutdownTimeoutSeconds", "suppressStatusMessages", "preferHostingUrls", "hostBuilder",
    ];

    /// <summary>A sentence for each key below one of our sections that is not among those asked for, and for each section that is nearly ours.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration, IReadOnlySet<string> asked)
    {
        var sections = Sections(asked);
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (value is null || key.IndexOf(':') is not (> 0 and var colon)) continue;
            var section = key[..colon];
            if (sections.Contains(section))
            {
                if (!IsAsked(key, asked)) yield return $"Setting {key} is not known{Hint(key, asked)}";
            }
            else if (!IsFrameworks(section) && Nearest.Of(section, sections) is { } meant)
                yield return $"Setting {key} is not known; did you mean `{meant}{key[colon..]}`?";
        }
    }

    /// <summary>Null for a setting that may stand on the command line, ours or the framework's; else a sentence.</summary>
    /// <param name="options">Of the command, which may be meant by a word without a colon.</param>
    public static string? OnCommandLine(string key, IReadOnlySet<string> asked, IEnumerable<string> options) =>
        IsAsked(key, asked) || IsFrameworks(key) ? null
        : key.Contains(':') ? $"Setting {key} is not known{Hint(key, asked)}"
        : Nearest.Of(key, options.Concat(Framework)) is { } meant ? $"There is no option or setting `{key}`; did you mean `--{meant}`?"
        : $"There is no option or setting `{key}`";

    /// <summary>The setting that was probably meant; else those of its section.</summary>
    private static string Hint(string key, IReadOnlySet<string> asked)
    {
        if (Nearest.Hint(key, asked.Concat(Framework)) is { Length: > 0 } meant) return meant;
        var section = key[..(key.IndexOf(':') + 1)];
        var known = asked.Where(a => a.StartsWith(section, StringComparison.OrdinalIgnoreCase)).Select(a => a[section.Length..]).Order().ToList();
        return known.Count == 0 ? "" : $"; {section[..^1]} has {string.Join(", ", known)}";
    }

    private static HashSet<string> Sections(IReadOnlySet<string> asked) =>
        asked.Select(name => name[..name.IndexOf(':')]).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>`Fhir:Types:0` is one of the list `Fhir:Types`; of a list with parts each entry has the parts of the first.</summary>
    private static bool IsAsked(string key, IReadOnlySet<string> asked) =>
        asked.Contains(key) || asked.Contains(string.Join(':', key.Split(':').Select(part => int.TryParse(part, out _) ? "0" : part))) || key.LastIndexOf(':') is > 0 and var last && int.TryParse(key.AsSpan(last + 1), out _) && asked.Contains(key[..last]);

    private static bool IsFrameworks(string key) =>
        Framework.Any(name => key.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (key.Length == name.Length || key[name.Length] == ':'));
}
