using Hl7.Fhir.Model;

namespace FhirCarePlan.Client;

/// <summary>What a server says of the parts that it withholds: the extension `CPA-Withheld` of `meta`.</summary>
/// <param name="Categories">Codes of CPA-InformationCategory that the caller is not told about, whether or not there is anything. Empty for
/// a label that the caller is not cleared for, and for a part that the caller asked for with `_elements` or `_summary`.</param>
/// <param name="Clause">Why, in plain words.</param>
/// <param name="Ask">How the caller can ask for access; null where the agreement gives no way.</param>
public sealed record WithheldNotice(IReadOnlyList<string> Categories, string Clause, string? Ask)
{
    private const string Marks = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    /// <summary>Null for a resource that is whole.</summary>
    internal static WithheldNotice? Of(Resource resource)
    {
        if (resource.Meta?.Extension.Find(e => e.Url == Cpa.Extension("Withheld")) is { } extension)
            return new([.. extension.Parts("category").OfType<Code>().Select(c => c.Value!)],
                (extension.Part("clause") as FhirString)?.Value ?? "Parts are withheld", (extension.Part("ask") as FhirString)?.Value);
        var marks = resource.Meta is { } meta ? meta.Tag.Concat(meta.Security) : [];
        return marks.Any(m => m is { System: Marks, Code: "SUBSETTED" or "REDACTED" })
            ? new([], "This is a part of the resource", null) : null;
    }
}

/// <summary>Members of every resource.</summary>
public static class ResourceMembers
{
    extension(Resource resource)
    {
        /// <summary>What is withheld from you; null when nothing is.</summary>
        public WithheldNotice? Withheld => WithheldNotice.Of(resource);
    }
}
