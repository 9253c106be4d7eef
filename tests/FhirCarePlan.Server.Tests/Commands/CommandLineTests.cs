using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.Commands;

/// <summary>What somebody types who does not know the program yet, or slips.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public async Task Help_names_every_command_and_setting(string asked)
    {
        var shell = await Shell.Run("", asked);
        Assert.Equal((0, ""), (shell.ExitCode, shell.Error));
        foreach (var command in (string[])["validate", "fhirpath", "snapshot", "protocol", "audit", "check", "backup", "restore", "migrate", "openapi", "facts", "--version"]) Assert.Contains(command, shell.Output, StringComparison.Ordinal);
        foreach (var setting in ServerSettings.Names()) Assert.Contains(setting[(setting.IndexOf(':') + 1)..], shell.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit --help", "receipt", "verify")]
    [InlineData("audit verify --help", "--receipt", "FILE")]
    [InlineData("help snapshot", "FOLDER", "snapshot")]
    [InlineData("validate --help", "--profile URL", "--json")]
    [InlineData("fhirpath -h", "expression", "result")]
    public async Task Each_command_has_its_own(string arguments, params string[] says)
    {
        var shell = await Shell.Run("", arguments.Split(' '));
        Assert.Equal((0, ""), (shell.ExitCode, shell.Error));
        foreach (var word in says) Assert.Contains(word, shell.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_says_which()
    {
        var shell = await Shell.Run("", "--version");
        Assert.Equal((0, ""), (shell.ExitCode, shell.Error));
        Assert.Matches(@"^FhirCarePlan \d+\.\d+\.\d+, FHIR 4\.0\.1$", shell.Output.Trim());
    }

    [Theory]
    [InlineData("vaildate", "There is no command `vaildate`; did you mean `validate`?")]
    [InlineData("serve", "There is no command `serve`.")]
    [InlineData("-x", "There is no option `-x`")]
    [InlineData("--hepl", "There is no option or setting `hepl`; did you mean `--help`?")]
    [InlineData("--Storage:Engin=Sqlite", "Setting Storage:Engin is not known; did you mean `Storage:Engine`?")]
    [InlineData("--Storage:Engin Sqlite", "Setting Storage:Engin is not known; did you mean `Storage:Engine`?")]
    [InlineData("/Storage:Engin=Sqlite", "Setting Storage:Engin is not known; did you mean `Storage:Engine`?")]
    [InlineData("Storage:Engin=Sqlite", "Setting Storage:Engin is not known; did you mean `Storage:Engine`?")]
    [InlineData("--Storag:Engine=Sqlite", "Setting Storag:Engine is not known; did you mean `Storage:Engine`?")]
    [InlineData("--port=5080", "There is no option or setting `port`.")]
    [InlineData("--url=http://localhost:5080", "There is no option or setting `url`; did you mean `--urls`?")]
    [InlineData("--Samples:Load", "Setting Samples:Load has no value: write `--Samples:Load=VALUE`")]
    [InlineData("--urls=http://127.0.0.1:0 strat", "There is no command `strat`")]
    [InlineData("audit verfiy", "`verfiy` is not understood; did you mean `verify`?")]
    [InlineData("audit mend", "`mend` is not understood.")]
    [InlineData("audit verify --receipt", "--receipt")]
    [InlineData("audit verify --Storage:ConectionString=x", "did you mean `Storage:ConnectionString`?")]
    [InlineData("snapshot", "snapshot")]
    [InlineData("snapshot a b", "`b` is not understood")]
    [InlineData("facts definitions", "facts")]
    [InlineData("openapi", "openapi")]
    [InlineData("fhirpath name", "`name` is not understood")]
    public async Task What_is_not_understood_is_told_and_nothing_is_done(string arguments, string said)
    {
        var shell = await Shell.Run("", arguments.Split(' '));
        Assert.Equal((2, ""), (shell.ExitCode, shell.Output));
        var line = Assert.Single(shell.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.Contains("--help`", line, StringComparison.Ordinal);
    }
}
