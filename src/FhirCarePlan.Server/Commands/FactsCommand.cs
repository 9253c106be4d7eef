using FhirCarePlan.Fhir.Definitions.Facts;

namespace FhirCarePlan.Server.Commands;

/// <summary>`facts FOLDER FILE`: makes the embedded facts file from the official R4 definitions.</summary>
public static class FactsCommand
{
    public static int Run(string folder, string file)
    {
        var source = GivenPath.Find(folder, Directory.Exists);
        var target = GivenPath.Find(file, path => Directory.Exists(Path.GetDirectoryName(path)));
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
}
