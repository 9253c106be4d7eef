using Hl7.Fhir.Model;

namespace FhirCarePlan.Client;

/// <summary>Addresses of the CPA guide, and the parts of its extensions.</summary>
public static class Cpa
{
    public const string Base = "https://fhir.cpa.example/";

    /// <summary>`CareCoordinator` → the address of the extension.</summary>
    public static string Extension(string name) => $"{Base}StructureDefinition/Extension-CPA-{name}";
    /// <summary>`CarePlan` → the address of the profile.</summary>
    public static string Profile(string name) => $"{Base}StructureDefinition/CPA-{name}";
    /// <summary>`NeedDomain` → the address of the code system.</summary>
    public static string System(string name) => $"{Base}CodeSystem/CPA-{name}";

    internal static DataType? Part(this Extension extension, string name) => extension.Parts(name).FirstOrDefault();

    internal static IEnumerable<DataType?> Parts(this Extension extension, string name) =>
        extension.Extension.Where(e => e.Url == name).Select(e => e.Value);

    /// <summary>The code of a concept in one of our systems; null when it has none.</summary>
    internal static string? CodeOf(DataType? concept, string system) =>
        (concept as CodeableConcept)?.Coding.Find(c => c.System == System(system))?.Code;

    internal static CodeableConcept Concept(string system, string code) => new(System(system), code);

    internal static DateOnly? DateOf(DataType? date) =>
        date is Date { Value: { } text } && DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : null;

    internal static Date? Day(DateOnly? day) =>
        day is { } given ? new Date(given.ToString("yyyy-MM-dd", global::System.Globalization.CultureInfo.InvariantCulture)) : null;

    /// <summary>Sets one part of the one extension of a kind, which is made if it is not there; null takes the part away.</summary>
    internal static void SetPart(DomainResource resource, string extension, string part, DataType? value)
    {
        var whole = resource.Extension.Find(e => e.Url == Extension(extension));
        if (whole is null)
        {
            if (value is null) return;
            resource.Extension.Add(whole = new Extension { Url = Extension(extension) });
        }
        whole.Extension.RemoveAll(e => e.Url == part);
        if (value != null) whole.Extension.Add(new Extension(part, value));
        if (whole.Extension.Count == 0) resource.Extension.Remove(whole);
    }

    /// <summary>Sets the value of the one extension of a kind; null takes it away.</summary>
    internal static void SetValue(DomainResource resource, string extension, DataType? value)
    {
        resource.Extension.RemoveAll(e => e.Url == Extension(extension));
        if (value != null) resource.Extension.Add(new Extension(Extension(extension), value));
    }

    internal static Extension? Find(DomainResource resource, string extension) =>
        resource.Extension.Find(e => e.Url == Extension(extension));
    internal static IEnumerable<Extension> All(DomainResource resource, string extension) =>
        resource.Extension.Where(e => e.Url == Extension(extension));
}
