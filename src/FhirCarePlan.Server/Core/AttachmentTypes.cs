using System.Collections.Frozen;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Server.Core;

/// <summary>Types whose resources may hold a scan or a recording: an element of theirs is base64, or an Attachment. Their bodies may be
/// larger.
/// https://hl7.org/fhir/R4/datatypes.html#Attachment</summary>
public static class AttachmentTypes
{
    private static readonly Lazy<FrozenSet<string>> types = new(() =>
        R4.ResourceTypes.Where(name => R4.Type(name) is { } type && Carries(type, [])).ToFrozenSet(StringComparer.Ordinal));

    public static bool Has(string? type) => type != null && types.Value.Contains(type);

    private static bool Carries(TypeInfo type, HashSet<TypeInfo> seen)
    {
        if (!seen.Add(type)) return false;
        foreach (var element in type.Elements)
            // What any resource may hold, in an extension or contained, makes no resource larger.
            if (element.Name is not ("extension" or "modifierExtension" or "contained" or "meta" or "text"))
                foreach (var choice in element.Types)
                    if (choice.TypeName == "base64Binary" || !choice.Type.IsResource && !choice.Type.IsPrimitive && Carries(choice.Type, seen)) return true;
        return false;
    }
}
