using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The categories that a type can carry at all: those that choose it, those that claim parts of it, `other` for extensions, and
/// the root categories of its references' possible targets, because a reference is hidden with its target. They depend on protocol and
/// type, never on content. src/docs/sharing.md#markers-and-refusals, src/docs/sharing.md#writing-from-a-view</summary>
internal sealed class Reach(Protocol protocol, ProtocolBits bits)
{
    private readonly ConcurrentDictionary<string, long> known = new(StringComparer.Ordinal);

    // The service's own records: nothing stored points at them.
    private readonly long never = bits.Of(Category.Audit) | bits.Of(Category.Conformance);

    public long Of(string type) => known.TryGetValue(type, out var mask) ? mask : known.GetOrAdd(type, Compute(type));

    private long Compute(string type)
    {
        var mask = bits.Other | Roots(type) | Coded(type);
        foreach (var category in protocol.Categories)
            if (category.Elements.ContainsKey(type)) mask |= bits.Of(category.Id);
        // Content that every party may read is about nobody. If it refers to anything else, all of it is hidden from a caller who may not
        // see that.
        var anything = (Roots(type) & ~(bits.Of(Category.Directory) | bits.Of(Category.Conformance))) == 0 ? 0 : bits.Categories & ~never;
        if (R4.Type(type) is { } info) mask |= Targets(info, anything, []);
        return mask;
    }

    /// <summary>All categories that may choose a resource of the type.</summary>
    public long Roots(string type)
    {
        var mask = 0L;
        foreach (var category in protocol.Categories)
            if (category.Roots.ContainsKey(type) || category.RootCodes.ContainsKey(type)) mask |= bits.Of(category.Id);
        return mask == 0 ? bits.Other : mask;
    }

    /// <summary>All categories that the root of a resource of the type may bear; a Binary also those of its security context.</summary>
    public long AnyRoot(string type) => Roots(type) | Coded(type) | (type == SecurityContext.Type ? bits.Categories & ~never : 0);

    /// <summary>All categories that a code in content of the type may bring along.</summary>
    private long Coded(string type) =>
        protocol.MayBearCodes(type) ? bits.Of(protocol.Categories.Where(c => c.GoesByCode).Select(c => c.Id)) : 0;

    private long Targets(TypeInfo type, long anything, HashSet<TypeInfo> seen)
    {
        var mask = 0L;
        if (!seen.Add(type)) return mask;
        foreach (var element in type.Elements)
        {
            if (element.Name is "extension" or "modifierExtension" or "contained" or "meta" or "text" || type.IsResource && PersonReference.Is(element)) continue;
            foreach (var choice in element.Types)
            {
                if (choice.TypeName == "Reference") mask |= choice.Targets.Count == 0 || choice.Targets.Contains("Resource") ? anything : OfTargets(choice.Targets);
                else if (!choice.Type.IsPrimitive && !choice.Type.IsResource) mask |= Targets(choice.Type, anything, seen);
            }
        }
        return mask;
    }

    private long OfTargets(IReadOnlyList<string> targets)
    {
        var mask = 0L;
        foreach (var target in targets) mask |= AnyRoot(target);
        return mask & ~never;
    }
}
