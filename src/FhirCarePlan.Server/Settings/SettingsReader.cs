using System.Globalization;

namespace FhirCarePlan.Server.Settings;

/// <summary>Reads settings one by one and collects their faults, so that all are reported at once.</summary>
public sealed class SettingsReader(IConfiguration configuration, bool isDevelopment, Places places)
{
    private readonly List<string> faults = [];
    private readonly HashSet<string> asked = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Faults => faults;
    /// <summary>The names of all settings that were asked for, whether they are there or not.</summary>
    public IReadOnlySet<string> Asked => asked;
    public bool IsDevelopment => isDevelopment;
    public Places Places => places;
    public IConfiguration Configuration => configuration;

    public void Fault(string sentence) => faults.Add(sentence);

    public string? Text(string name)
    {
        asked.Add(name);
        return configuration[name] is { Length: > 0 } text ? text : null;
    }

    /// <summary>When all were asked for: a fault for each that is set and that nobody asks for.</summary>
    public void RefuseOthers() => faults.AddRange(UnknownSettings.Faults(configuration, asked));

    public bool Flag(string name, bool otherwise = false)
    {
        if (Text(name) is not { } text) return otherwise;
        if (bool.TryParse(text, out var value)) return value;
        Fault($"Setting {name} is `{text}`; it must be `true` or `false`");
        return otherwise;
    }

    public int Number(string name, int otherwise, int least)
    {
        if (Text(name) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least) return number;
        Fault($"Setting {name} is `{text}`; it must be a whole number from {least}");
        return otherwise;
    }

    /// <summary>A number between 0 and 1, such as `0.05` for one in twenty; 0 when nothing is set.</summary>
    public double Share(string name)
    {
        if (Text(name) is not { } text) return 0;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1) return share;
        Fault($"Setting {name} is `{text}`; it must be a share between 0 and 1, such as `0.05` for one in twenty");
        return 0;
    }

    /// <summary>`12:00:00`, or `1.00:00:00` for a day.</summary>
    public TimeSpan Duration(string name, TimeSpan otherwise)
    {
        if (Text(name) is not { } text) return otherwise;
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero) return time;
        Fault($"Setting {name} is `{text}`; it must be a length of time, such as `12:00:00` for twelve hours");
        return otherwise;
    }

    public T Choice<T>(string name, T otherwise) where T : struct, Enum
    {
        if (Text(name) is not { } text) return otherwise;
        foreach (var choice in Enum.GetNames<T>())
            if (choice.Equals(text, StringComparison.OrdinalIgnoreCase)) return Enum.Parse<T>(choice);
        Fault($"Setting {name} is `{text}`; it must be one of {string.Join(", ", Enum.GetNames<T>().Select(n => $"`{n}`"))}");
        return otherwise;
    }

    /// <summary>`Fhir:Types:0`, `Fhir:Types:1` …, or one text with commas; null when there is none.</summary>
    public IReadOnlyList<string>? List(string name)
    {
        var listed = configuration.GetSection(name).GetChildren().Select(c => c.Value).OfType<string>().ToList();
        if (Text(name) is { } text) listed = [.. text.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries)];
        return listed.Count == 0 ? null : listed;
    }

    /// <summary>Full path of an existing file or folder; null, with a fault, when it does not exist; null without one when nothing is
    /// set.</summary>
    public string? Existing(string name)
    {
        if (Text(name) is not { } path) return null;
        if (places.Find(path) is { } found) return found;
        Fault($"Setting {name} is `{path}`; there is no such file or folder");
        return null;
    }
}
