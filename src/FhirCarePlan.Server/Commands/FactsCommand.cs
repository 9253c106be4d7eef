using FhirCarePlan.Fhir.Definitions.Facts;

namespace FhirCarePlan.Server.Commands;

/// <summary>`facts FOLDER FILE`: makes the embedded facts file anew from the official R4 definitions.</summary>
public static class FactsCommand
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments is not [var folder, var file])
        {
            Console.Error.WriteLine("facts FOLDER FILE: FOLDER holds the official R4 definitions (*.ndjson.gz), FILE is the facts file to write");
            return 2;
        }
        var source = Find(folder, Directory.Exists);
        var target = Find(file, path => Directory.Exists(Path.GetDirectoryName(path)));
        if (source == null || target == null)
        {
            Console.Error.WriteLine($"No such folder: {(source == null ? folder : Path.GetDirectoryName(file))}");
            return 2;
        }
        var facts = FactsGenerator.Generate(source);
        File.WriteAllBytes(target, facts);
        Console.WriteLine($"{facts.Length:N0} bytes");
        return 0;
    }

    /// <summary>Against the current folder, then those above it: `dotnet run` starts the program in the project's own folder.</summary>
    private static string? Find(string path, Func<string, bool> fits)
    {
        for (var folder = Directory.GetCurrentDirectory(); folder != null; folder = Path.GetDirectoryName(folder))
            if (Path.GetFullPath(path, folder) is var full && fits(full)) return full;
        return null;
    }
}
