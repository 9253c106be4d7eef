using System.CommandLine;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>`protocol …`: what a governance lead asks of a sharing agreement without a server. src/docs/agreement.md</summary>
internal static class AgreementCommands
{
    public static Command All() => new("protocol", "Checks, tests and reads a sharing agreement. Needs no settings and no data")
    {
        Check(), Checks(), Test(), Matrix(), WhoCanSee(), Diff(), Explain(),
    };

    private static Command Check()
    {
        var (file, format) = (File(), Format("text", "json"));
        var strict = new Option<bool>("--strict") { Description = "A warning counts like an error" };
        var command = new Command("check",
            "Finds what an agreement cannot mean and what it lacks. Ends with 0 if it can be enforced, 1 if not, 2 if it could not be read")
            { file, format, strict };
        command.SetAction(parsed =>
            ShellCommand.Run(() => CheckAgreement.Run(parsed.GetValue(file)!, parsed.GetValue(format) == "json", parsed.GetValue(strict))));
        return command;
    }

    private static Command Checks()
    {
        var format = Format("text", "json");
        var command = new Command("checks", "Lists what `protocol check` looks for, and why") { format };
        command.SetAction(parsed => ShellCommand.Run(() => CheckAgreement.List(parsed.GetValue(format) == "json")));
        return command;
    }

    private static Command Test()
    {
        var (file, format) = (File(), Format("text", "json"));
        var complete = new Option<bool>("--complete") { Description = "A clause that no test needs counts like a test that fails" };
        var command = new Command("test",
            "Runs an agreement's own tests and says which clauses no test needs. Ends with 0 if all hold, 1 if one does not, 2 if it "
            + "could not be read")
            { file, format, complete };
        command.SetAction(parsed =>
            ShellCommand.Run(() =>
            TestAgreement.Run(parsed.GetValue(file)!, parsed.GetValue(format) == "json", parsed.GetValue(complete))));
        return command;
    }

    private static Command Matrix()
    {
        var (file, format, filter) = (File(), Format("table", "json", "csv"), new FilterOptions());
        var command = new Command("matrix",
            "Says who may see and do what, for which purpose and on which condition: every question asked of the decision itself")
            { file, format };
        filter.AddTo(command, withCategory: true);
        command.SetAction(parsed =>
            ShellCommand.Run(() => MatrixAgreement.Run(parsed.GetValue(file)!, parsed.GetValue(format)!, filter.Read(parsed))));
        return command;
    }

    private static Command WhoCanSee()
    {
        var (file, format, filter) = (File(), Format("table", "json", "csv"), new FilterOptions());
        var category = new Argument<string>("CATEGORY") { Description = "Such as risk, or a label such as HIV" };
        var command = new Command("who-can-see", "Says who may read one category, and on which condition") { file, category, format };
        filter.AddTo(command, withCategory: false);
        command.SetAction(parsed => ShellCommand.Run(() => MatrixAgreement.Run(parsed.GetValue(file)!, parsed.GetValue(format)!,
            filter.Read(parsed) with { Category = parsed.GetValue(category), Action = filter.Read(parsed).Action ?? "read" })));
        return command;
    }

    private static Command Diff()
    {
        var (before, after, format) = (File("BEFORE"), File("AFTER"), Format("table", "json", "csv"));
        var command = new Command("diff",
            "Lists every cell that flips between two agreements. Ends with 0 if nothing widens, 1 if something does, 2 if one could not "
            + "be read")
            { before, after, format };
        command.SetAction(parsed =>
            ShellCommand.Run(() => DiffAgreements.Run(parsed.GetValue(before)!, parsed.GetValue(after)!, parsed.GetValue(format)!)));
        return command;
    }

    private static Command Explain()
    {
        var (file, format) = (File(), Format("text", "json"));
        var party = new Option<string>("--party") { Description = "Id of the party that asks", Required = true };
        var role = new Option<string>("--role") { Description = "Its role", Required = true };
        var purpose = new Option<string>("--purpose") { Description = "Id of its purpose", Required = true };
        var action = new Option<string>("--action") { Description = "read, create, update or delete", DefaultValueFactory = _ => "read" };
        action.AcceptOnlyFromAmong("read", "create", "update", "delete");
        var type = new Option<string>("--type") { Description = "Resource type", DefaultValueFactory = _ => "CarePlan" };
        var tie = new Option<string[]>("--tie")
        {
            Description = "Ties to the person, such as care-team",
            AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => []
        };
        var consent = new Option<string>("--consent") { Description = "none, granted or refused", DefaultValueFactory = _ => "none" };
        consent.AcceptOnlyFromAmong("none", "granted", "refused");
        var own = new Option<bool>("--own") { Description = "About the party's own record" };
        var resource = new Option<string?>("--resource") { Description = "A resource as JSON, told element by element", HelpName = "FILE" };
        var command = new Command("explain", "Decides one request and gives the clause for each category") { file, party, role, purpose,
            action, type, tie, consent, own, resource, format };
        command.SetAction(parsed => ShellCommand.Run(() => ExplainAgreement.Run(parsed.GetValue(file)!,
            new(parsed.GetValue(party)!, parsed.GetValue(role)!, parsed.GetValue(purpose)!, parsed.GetValue(action)!,
                parsed.GetValue(type)!, parsed.GetValue(own), parsed.GetValue(consent)!, 0),
            parsed.GetValue(tie)!, parsed.GetValue(resource), parsed.GetValue(format) == "json")));
        return command;
    }

    private static Argument<string> File(string name = "FILE") =>
        new(name) { Description = "The agreement, such as profiles/sharing/rivelin-partnership.yaml" };

    private static Option<string> Format(params string[] formats)
    {
        var option = new Option<string>("--format")
        {
            Description = string.Join(", ", formats), HelpName = "FORMAT",
            DefaultValueFactory = _ => formats[0]
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }
}
