using System.Collections.Frozen;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care.Lifecycles;

/// <summary>Which status may follow which. A new resource may have any status, because it may have begun elsewhere; a deleted one comes
/// back with the status it had.</summary>
/// <param name="Id">`cpa-state-careplan`.</param>
/// <param name="Thing">`a care plan`.</param>
/// <param name="Otherwise">What to do instead, part of every refusal.</param>
public sealed record Lifecycle(string Id, string Thing, string Otherwise)
{
    private readonly FrozenDictionary<string, string[]> next = FrozenDictionary<string, string[]>.Empty;

    /// <summary>Lines `from → to, to`; a status that is not named is final.</summary>
    public required string Table
    {
        init
        {
            var lines = value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('→', StringSplitOptions.TrimEntries)).ToList();
            next = lines.ToFrozenDictionary(parts => parts[0], parts => parts[1].Split(',', StringSplitOptions.TrimEntries));
            Statuses = [.. lines.Select(parts => parts[0])];
        }
    }

    /// <summary>The statuses that are not final, in the order of the table.</summary>
    public IReadOnlyList<string> Statuses { get; private init; } = [];

    public IReadOnlyList<string> After(string status) => next.GetValueOrDefault(status) ?? [];

    public bool Allows(string from, string to) => from == to || After(from).Contains(to);

    public void Check(Node before, Node now, Report report)
    {
        if (before.IsMissing || now.IsMissing || before.TextOf("status") is not { } from || now.TextOf("status") is not { } to
            || Allows(from, to)) return;
        var allowed = After(from) is { Count: > 0 } some
            ? $"after `{from}` comes {string.Join(" or ", some.Select(s => $"`{s}`"))}" : $"`{from}` is the end";
        report.Error(IssueType.BusinessRule, now["status"], Id, $"{Thing} does not go from `{from}` to `{to}`; {allowed}. {Otherwise}");
    }
}
