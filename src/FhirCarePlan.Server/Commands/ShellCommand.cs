namespace FhirCarePlan.Server.Commands;

/// <summary>What every command for people who write profiles has in common: whatever happens, it ends with an exit code and a sentence.</summary>
internal static class ShellCommand
{
    /// <returns>The command's own code; 2 when it could not go on.</returns>
    public static int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (InvalidDataException refused)
        {
            Console.Error.WriteLine(refused.Message);
        }
        catch (IOException)
        {
            // Whoever read the output has gone, or the disk has.
            Console.Error.WriteLine("Standard input or output ended early");
        }
        return 2;
    }
}
