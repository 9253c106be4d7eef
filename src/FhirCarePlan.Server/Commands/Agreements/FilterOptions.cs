using System.CommandLine;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>The options that narrow a matrix.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> party = new("--party") { Description = "One party" };
    private readonly Option<string?> role = new("--role") { Description = "One role" };
    private readonly Option<string?> purpose = new("--purpose") { Description = "One purpose" };
    private readonly Option<string?> action = new("--action") { Description = "read, create, update or delete" };
    private readonly Option<string?> type = new("--type") { Description = "One resource type" };
    private readonly Option<string?> category = new("--category") { Description = "One category" };
    private readonly Option<string?> record =
        new("--record") { Description = "own: what the party holds; others: what other parties hold" };
    private readonly Option<bool> labels = new("--labels") { Description = "The labels cleared beside the categories" };

    public FilterOptions() => record.AcceptOnlyFromAmong("own", "others");

    public void AddTo(Command command, bool withCategory)
    {
        foreach (var option in (Option[])[party, role, purpose, action, type, record, labels]) command.Options.Add(option);
        if (withCategory) command.Options.Add(category);
    }

    public MatrixFilter Read(ParseResult parsed) => new()
    {
        Party = parsed.GetValue(party), Role = parsed.GetValue(role), Purpose = parsed.GetValue(purpose), Action = parsed.GetValue(action),
        Type = parsed.GetValue(type),
        Category = parsed.GetValue(category), IsOwn = parsed.GetValue(record) switch { "own" => true, "others" => false, _ => null },
        WithLabels = parsed.GetValue(labels),
    };
}
