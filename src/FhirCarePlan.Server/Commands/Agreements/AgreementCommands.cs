using System.CommandLine;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>`protocol …`: what a governance lead asks of a sharing agreement without a server. src/docs/agreement.md</summary>
internal static class AgreementCommands
{
    public static Command All() => new("protocol", "Checks, tests and reads a sharing agreement. Needs no settings and no data")
    {
        Check(), Checks(), Test(),
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
