using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>`extension(url)`: the extensions of that address. https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal sealed class ExtensionStep(KnownText url) : Step
{
    private static readonly ElementInfo Url = R4.Type("Extension")!.Element("url")!;

    private readonly ChildStep extensions = new("extension");

    public override Node First(Node node) => Meant(extensions.First(node));

    public override Node Next(Node found) => Meant(extensions.Next(found));

    private Node Meant(Node extension)
    {
        for (; !extension.IsMissing; extension = extensions.Next(extension))
            if (extension.First(Url) is { IsMissing: false, HasValue: true } address && url.Equals(address)) return extension;
        return Node.Missing;
    }
}
