namespace FhirCarePlan.Server.Settings;

/// <summary>A value of a claim, and the word of the agreement that it stands for.</summary>
/// <param name="Is">Id of a party, role or purpose.</param>
public sealed record ClaimRule(string Claim, string Value, string Is);

/// <summary>`Authentication:Mapping:…`: which values of which claims lead to which party, role or purpose of the agreement. Empty lists: the
/// claims of ClaimNames say it in the agreement's own words.</summary>
public sealed record ClaimMapping
{
    public IReadOnlyList<ClaimRule> Party { get; init; } = [];
    public IReadOnlyList<ClaimRule> Role { get; init; } = [];
    public IReadOnlyList<ClaimRule> Purpose { get; init; } = [];

    private static readonly string[] parts = [nameof(ClaimRule.Claim), nameof(ClaimRule.Value), nameof(ClaimRule.Is)];

    internal static ClaimMapping Read(SettingsReader read) =>
        new() { Party = Rules(read, nameof(Party)), Role = Rules(read, nameof(Role)), Purpose = Rules(read, nameof(Purpose)) };

    private static List<ClaimRule> Rules(SettingsReader read, string of)
    {
        var name = $"Authentication:Mapping:{of}";
        if (read.Text(name) is { } text) read.Fault($"Setting {name} is `{text}`; it must be a list, such as {name}:0:Claim, {name}:0:Value and {name}:0:Is");
        foreach (var part in parts) _ = read.Text($"{name}:0:{part}");
        var rules = new List<ClaimRule>();
        foreach (var entry in read.Configuration.GetSection(name).GetChildren())
        {
            var at = $"{name}:{entry.Key}";
            string Part(string part)
            {
                if (read.Text($"{at}:{part}") is { } given) return given;
                read.Fault($"Setting {at}:{part} is missing: an entry has Claim, Value and Is");
                return "";
            }
            var rule = new ClaimRule(Part("Claim"), Part("Value"), Part("Is"));
            if (rules.Find(r => (r.Claim, r.Value) == (rule.Claim, rule.Value)) is { } other && other.Is != rule.Is)
                read.Fault($"Setting {at} gives `{rule.Value}` of `{rule.Claim}` a second meaning: `{other.Is}` and `{rule.Is}`");
            rules.Add(rule);
        }
        return rules;
    }
}
