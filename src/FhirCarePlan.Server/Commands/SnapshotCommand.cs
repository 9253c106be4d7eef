using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Commands;

/// <summary>`snapshot FOLDER`: with the definitions of the folder as context over base R4, reads `{"url","structureDefinition"}` a line and answers
/// `{"url","snapshot":{"element":[…]}}` or `{"url","error"}`. https://hl7.org/fhir/R4/profiling.html#snapshot</summary>
internal static class SnapshotCommand
{
    public static int Run(string given)
    {
        if (GivenPath.Find(given, Path.Exists) is not { } folder)
        {
            Console.Error.WriteLine($"There is no folder `{given}`");
            return 2;
        }
        var report = new Report();
        var found = PackageReader.FromPath(folder, report);
        foreach (var issue in report.Issues) Console.Error.WriteLine(issue.Text);
        // Only structures go into a snapshot. Of two with one address the first counts, without a word: folders repeat R4 and each other.
        var context = DefinitionSet.Base.With(FhirPackage.Of(given, found.Files.Where(f => f.ResourceType == "StructureDefinition")), new Report());
        return LineService.Run("url", (line, json) => Answer(line, json, context));
    }

    private static void Answer(JsonElement line, Utf8JsonWriter json, DefinitionSet context)
    {
        if (!line.TryGetProperty("structureDefinition", out var given) || given.ValueKind != JsonValueKind.Object) throw new LineFault("`structureDefinition` is missing; it must be a StructureDefinition as JSON");
        var utf8 = Encoding.UTF8.GetBytes(given.GetRawText());
        if (PackageFile.Peek("input", utf8) is not { ResourceType: "StructureDefinition", Url: { } url } file)
            throw new LineFault("`structureDefinition` must be a StructureDefinition with a `url`");
        var report = new Report();
        var set = context.With(FhirPackage.Of("input", [file]), new Report());
        if (set.Snapshot(url, report) is { } snapshot)
        {
            json.WritePropertyName("snapshot");
            SnapshotJson.Write(snapshot, json);
        }
        else if (report.Issues.Count > 0) throw new LineFault(string.Join("; ", report.Issues.Select(i => i.Text)));
        else if (TypeOf(url) is { } type)
        {
            json.WritePropertyName("snapshot");
            SnapshotJson.Write(type, json);
        }
        else throw new LineFault($"`{url}` is not a constraint on a type of R4, so there is no base to start from");
    }

    private static Fhir.Definitions.TypeInfo? TypeOf(string url) =>
        url.StartsWith("http://hl7.org/fhir/StructureDefinition/", StringComparison.Ordinal) ? Fhir.Definitions.R4.Type(url["http://hl7.org/fhir/StructureDefinition/".Length..]) : null;
}
