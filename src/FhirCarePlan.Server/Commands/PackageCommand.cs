using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Commands;

/// <summary>`package FILE`: writes the guide's FHIR package, the same bytes as the server gives at `/profiles/cpa.tgz`.</summary>
internal static class PackageCommand
{
    public static int Run(string file)
    {
        if (GivenPath.Find(file, path => Directory.Exists(Path.GetDirectoryName(path))) is not { } target)
            return Fault($"No such folder: {Path.GetDirectoryName(file)}");
        var places = Places.Here();
        if (places.Find("profiles") is not { } profiles) return Fault("There is no folder `profiles`");
        if (places.Find("samples") is not { } samples) return Fault("There is no folder `samples`");
        var bytes = GuideRoutes.Download(Definitions.Load(profiles, null).Own, new GuideSamples(samples));
        File.WriteAllBytes(target, bytes);
        Console.WriteLine($"{bytes.Length:N0} bytes");
        return 0;
    }

    private static int Fault(string text)
    {
        Console.Error.WriteLine(text);
        return 2;
    }
}
