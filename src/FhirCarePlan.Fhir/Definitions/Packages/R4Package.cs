using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>R4's own profiles, extensions and concept maps as the package below all others. Their bytes stay in the facts.</summary>
internal static class R4Package
{
    private const string Version = "4.0.1";

    public static FhirPackage Read() => new("hl7.fhir.r4.core", Version, new Dictionary<string, string>(), Files());

    private static List<PackageFile> Files()
    {
        var files = new List<PackageFile>(FactsFile.Lines(FactKind.Profiles).Count + FactsFile.Lines(FactKind.ConceptMaps).Count);
        Add(files, FactKind.Profiles, "StructureDefinition");
        Add(files, FactKind.ConceptMaps, "ConceptMap");
        return files;
    }

    private static void Add(List<PackageFile> files, FactKind kind, string type)
    {
        foreach (var (url, line) in FactsFile.Lines(kind))
        {
            // {"profile":"http://…","definition":{…}}
            var start = line.Text.IndexOf(",\"definition\":"u8) + ",\"definition\":".Length;
            files.Add(new PackageFile(type, url, Version, Reference.LastPart(url), "R4", line.Memory(start, line.Text.Length - start - 1)));
        }
    }
}
