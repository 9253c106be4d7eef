using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using FhirCarePlan.Server.Commands;
using FhirCarePlan.Server.Commands.Agreements;
using FhirCarePlan.Server.OpenApi;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server;

/// <summary>What stands behind the program's name: a command, or settings with which the server starts. Nothing that is misspelt is passed over.
/// https://learn.microsoft.com/dotnet/standard/commandline/</summary>
public static class CommandLine
{
    /// <summary>The exit code of everything that is not understood.</summary>
    private const int NotUnderstood = 2;

    public static async Task<int> Run(string[] arguments)
    {
        // Reads its own arguments, and is the one command that is started many times over.
        if (arguments is ["validate", .. var rest]) return ShellCommand.Run(() => ValidateCommand.Run(rest));
        if (arguments is ["help", .. var about]) arguments = [.. about, "--help"];
        var root = Root();
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is HelpAction or VersionAction) return await parsed.InvokeAsync();
        return Fault(parsed, root) is { } fault ? Refuse(fault, parsed.CommandResult.Command) : await parsed.InvokeAsync(Invocation);
    }

    /// <summary>The host itself ends the server on Ctrl+C, and what goes wrong is ours to tell.</summary>
    private static readonly InvocationConfiguration Invocation =
        new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };

    /// <summary>Null when every word is understood.</summary>
    private static string? Fault(ParseResult parsed, RootCommand root)
    {
        var command = parsed.CommandResult.Command;
        if (!TakesSettings(command) && parsed.UnmatchedTokens is [var word, ..])
            return $"`{word}` is not understood{Nearest.Hint(word, [.. Commands(command), .. Options(command)])}";
        if (parsed.Errors.Count > 0) return string.Join("; ", parsed.Errors.Select(e => e.Message.TrimEnd('.')));
        return GivenSettings.Fault(parsed.UnmatchedTokens, [.. Commands(root), .. Options(root)], [.. Options(command).Select(o => o.TrimStart('-'))]);
    }

    private static bool TakesSettings(Command command) => command is RootCommand or { TreatUnmatchedTokensAsErrors: false };
    private static IEnumerable<string> Commands(Command command) => command.Subcommands.Select(c => c.Name);
    private static IEnumerable<string> Options(Command command) => command.Options.Select(o => o.Name);

    private static RootCommand Root()
    {
        var root = new RootCommand($"""
            FhirCarePlan, a FHIR R4 server for care plans that many agencies work on.

            Without a command it starts the server. Give settings as `--Storage:Engine=Sqlite`, in appsettings.json, or in the
            environment as `Storage__Engine`; src/docs/operations.md says what each means:
              {GivenSettings.List}
            And where to listen: `--urls=http://localhost:5080`.
            """)
        { TreatUnmatchedTokensAsErrors = false };
        root.SetAction((parsed, _) => Startup.Run([.. parsed.UnmatchedTokens]));
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.Subcommands.Add(new Command("validate", "Checks resources as the server does; `validate --help` says how."));
        root.Subcommands.Add(Plain("fhirpath",
            """Evaluates FHIRPath: reads {"id","expression","resource","variables"} a line, answers {"id","result"} or {"id","error"}.""",
            _ => ShellCommand.Run(FhirPathCommand.Run)));
        root.Subcommands.Add(With("snapshot",
            """Makes snapshots: reads {"url","structureDefinition"} a line, answers {"url","snapshot"} or {"url","error"}.""",
            [Named("FOLDER", "Definitions over R4: *.ndjson, *.ndjson.gz, *.json, also below")],
            given => ShellCommand.Run(() => SnapshotCommand.Run(given[0]))));
        root.Subcommands.Add(AgreementCommands.All());
        root.Subcommands.Add(Audit());
        root.Subcommands.Add(OnStore("check", "Proves the store whole, also beside a running server. Ends with 0 if it is, 1 if it is not, 2 if that could not be found out.",
            null, (_, settings) => CheckCommand.Run(settings)));
        root.Subcommands.Add(OnStore("backup", "Copies the store to a new folder, also beside a running server.", Named("FOLDER", "Not there yet, or empty"), CopyCommands.Backup));
        root.Subcommands.Add(OnStore("restore", "Makes a database from a backup. It refuses if there is a database already.", Named("FOLDER", "What `backup` made"), CopyCommands.Restore));
        root.Subcommands.Add(OnStore("migrate", "Brings the database's schema up to date; for Storage:Migrate=false.", null, (_, settings) => CopyCommands.Migrate(settings)));
        root.Subcommands.Add(Erase());
        root.Subcommands.Add(With("openapi", "Writes the committed OpenAPI document anew.", [Named("FILE", "openapi/fhircareplan.json")],
            given => OpenApiCommand.Run(given[0]).GetAwaiter().GetResult()));
        root.Subcommands.Add(With("package", "Writes the guide's FHIR package, as the server gives it at /profiles/cpa.tgz.", [Named("FILE", "cpa.tgz")],
            given => ShellCommand.Run(() => PackageCommand.Run(given[0]))));
        root.Subcommands.Add(With("facts", "Makes the embedded facts of R4 anew.",
            [Named("FOLDER", "The official R4 definitions (*.ndjson.gz)"), Named("FILE", "The facts file to write")],
            given => FactsCommand.Run(given[0], given[1])));
        return root;
    }

    private static Command Audit()
    {
        var receipt = new Command("receipt", "Prints the head of the ledger, signed: keep it out of reach of those who run the database.");
        receipt.TreatUnmatchedTokensAsErrors = false;
        receipt.SetAction(parsed => AuditCommand.Receipt([.. parsed.UnmatchedTokens]));
        var kept = new Option<string>("--receipt") { Description = "What `audit receipt` or `$ledger-receipt` gave before", HelpName = "FILE" };
        var verify = new Command("verify", "Walks the ledger. Ends with 0 if it is intact, 1 if it is not, 2 if that could not be found out.") { kept };
        verify.TreatUnmatchedTokensAsErrors = false;
        verify.SetAction(parsed => AuditCommand.Verify(parsed.GetValue(kept), [.. parsed.UnmatchedTokens]));
        var before = new Option<string>("--before") { Description = "The first day that is kept, as 2018-04-01 (UTC)", HelpName = "DAY" };
        var by = new Option<string>("--by") { Description = "Who ordered it; it goes on record", HelpName = "NAME" };
        var erase = new Command("erase", "Erases for good what the ledger says of the time before a day; its chain stays whole. No server may run meanwhile.") { before, by };
        erase.TreatUnmatchedTokensAsErrors = false;
        erase.SetAction(parsed => LedgerEraseCommand.Run(parsed.GetValue(before), parsed.GetValue(by), [.. parsed.UnmatchedTokens]));
        return new Command("audit",
            "Checks the ledger, also beside a running server, and erases what is old. Takes the server's settings: --Storage:ConnectionString, --Ledger:KeyFile")
        { receipt, verify, erase };
    }

    private static Command Erase()
    {
        var patient = new Argument<string?>("PATIENT") { Description = "Patient/x", Arity = ArgumentArity.ZeroOrOne };
        var since = new Option<string>("--untouched-since") { Description = "Everybody about whom nothing was written since this day", HelpName = "DAY" };
        var by = new Option<string>("--by") { Description = "Who ordered it; it goes on record", HelpName = "NAME" };
        var trial = new Option<bool>("--dry-run") { Description = "Says what would go, and erases nothing" };
        var command = new Command("erase", "Removes a person for good: every version of every resource about them, of all parties. Takes the server's settings") { patient, since, by, trial };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            // Without a patient the first setting stands in its place.
            string[] words = [.. parsed.GetValue(patient) is { } first ? (string[])[first] : [], .. parsed.UnmatchedTokens];
            var whom = words.FirstOrDefault(word => !word.StartsWith("--", StringComparison.Ordinal));
            return EraseCommand.Run(new(whom, parsed.GetValue(since), parsed.GetValue(by), parsed.GetValue(trial)), [.. words.Where(word => word != whom)]);
        });
        return command;
    }

    /// <summary>A command that takes the server's settings.</summary>
    private static Command OnStore(string name, string plain, Argument<string>? folder, Func<string, string[], int> run)
    {
        var command = new Command(name, $"{plain} Takes the server's settings") { TreatUnmatchedTokensAsErrors = false };
        if (folder != null) command.Arguments.Add(folder);
        command.SetAction(parsed => run(folder is null ? "" : parsed.GetValue(folder)!, [.. parsed.UnmatchedTokens]));
        return command;
    }

    private static Argument<string> Named(string name, string plain) => new(name) { Description = plain };

    private static Command Plain(string name, string plain, Func<ParseResult, int> run)
    {
        var command = new Command(name, plain);
        command.SetAction(run);
        return command;
    }

    private static Command With(string name, string plain, Argument<string>[] arguments, Func<string[], int> run)
    {
        var command = Plain(name, plain, parsed => run([.. arguments.Select(a => parsed.GetValue(a)!)]));
        foreach (var argument in arguments) command.Arguments.Add(argument);
        return command;
    }

    private static int Refuse(string sentence, Command command)
    {
        var path = command.Parents.OfType<Command>().Append(command).Where(c => c is not RootCommand).Select(c => $" {c.Name}");
        Console.Error.WriteLine($"{sentence}{(sentence.EndsWith('?') ? "" : ".")} Try `{Program}{string.Concat(path)} --help`");
        return NotUnderstood;
    }

    private const string Program = "FhirCarePlan.Server";

    private sealed class VersionAction : System.CommandLine.Invocation.SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.WriteLine($"FhirCarePlan {Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)}, FHIR 4.0.1");
            return 0;
        }
    }
}
