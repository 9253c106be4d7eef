namespace FhirCarePlan.Server.Commands;

/// <summary>Common to all commands for profile authors: whatever happens, a command ends with an exit code and a sentence.</summary>
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
            // The reader of the output, or the disk, has gone.
            Console.Error.WriteLine("Standard input or output ended early");
        }
        return 2;
    }
}
