using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Commands;

/// <summary>The settings of a command line, as the framework reads them: `--Storage:Engine=Sqlite`, `--Storage:Engine Sqlite`,
/// `/Storage:Engine=Sqlite`, `Storage:Engine=Sqlite`. https://learn.microsoft.com/aspnet/core/fundamentals/configuration/#command-line</summary>
internal static class GivenSettings
{
    /// <summary>Null when every word is a known setting or its value; else what is not.</summary>
    /// <param name="commands">What could have been meant by a word by itself.</param>
    /// <param name="options">Of the command, for a word that begins like one.</param>
    public static string? Fault(IReadOnlyList<string> words, IReadOnlyList<string> commands, IReadOnlyList<string> options)
    {
        var known = ServerSettings.Names().ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            var isOption = word.StartsWith("--", StringComparison.Ordinal) || word.StartsWith('/');
            var key = isOption ? word.TrimStart('-', '/') : word;
            var hasValue = key.IndexOf('=') is > 0 and var at;
            if (hasValue) key = key[..key.IndexOf('=')];
            if (!isOption && !hasValue)
                return word.StartsWith('-') ? $"There is no option `{word}`" : $"There is no command `{word}`{Nearest.Hint(word, commands)}";
            if (UnknownSettings.OnCommandLine(key, known, options) is { } fault) return fault;
            if (hasValue) continue;
            if (++i == words.Count) return $"Setting {key} has no value: write `--{key}=VALUE`";
        }
        return null;
    }

    /// <summary>The names of all settings, by section.</summary>
    public static string List => string.Join("\n  ", ServerSettings.Names().GroupBy(name => name[..name.IndexOf(':')])
        .Select(section => $"{section.Key}: {string.Join(", ", section.Select(name => name[(section.Key.Length + 1)..]))}"));
}
