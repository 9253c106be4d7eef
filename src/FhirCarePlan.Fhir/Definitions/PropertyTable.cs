using System.Runtime.InteropServices;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Finds a type's property by the UTF-8 bytes of its name without making a string: open addressing over at most a few dozen
/// names.</summary>
internal sealed class PropertyTable
{
    private readonly PropertyInfo?[] slots;

    private PropertyTable(PropertyInfo?[] slots, int count) => (this.slots, Count) = (slots, count);

    public int Count { get; }

    public static PropertyTable Of(TypeInfo type)
    {
        var all = new List<PropertyInfo>();
        foreach (var element in type.Elements)
            foreach (var choice in element.Types)
            {
                var name = element.IsChoice
                    ? element.Name + char.ToUpperInvariant(choice.TypeName[0]) + choice.TypeName[1..] : element.Name;
                var property = new PropertyInfo(element, choice, name, false);
                property.Principal = property;
                all.Add(property);
                if (char.IsLower(choice.TypeName[0]) && choice.Type.IsPrimitive && choice.TypeName != "xhtml" && !element.IsAttribute)
                    all.Add(property.Companion = new PropertyInfo(element, choice, "_" + name, true) { Principal = property });
            }
        var size = 16;
        while (size < all.Count * 3) size *= 2;
        var slots = new PropertyInfo?[size];
        for (var i = 0; i < all.Count; i++)
        {
            var property = all[i];
            property.Slot = i;
            var at = Hash(property.Utf8Name) & (size - 1);
            while (slots[at] is { } taken)
            {
                if (taken.JsonName == property.JsonName) goto next; // contentReference loops may state a choice twice
                at = (at + 1) & (size - 1);
            }
            slots[at] = property;
        next:;
        }
        return new PropertyTable(slots, all.Count);
    }

    public PropertyInfo? Find(ReadOnlySpan<byte> name)
    {
        for (var at = Hash(name) & (slots.Length - 1); slots[at] is { } property; at = (at + 1) & (slots.Length - 1))
            if (name.SequenceEqual(property.Utf8Name)) return property;
        return null;
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return 0;
        var hash = (uint)name.Length * 0x9E3779B1u + name[0];
        hash = hash * 31 + name[name.Length / 2];
        hash = hash * 31 + name[^1];
        if (name.Length >= 4) hash ^= MemoryMarshal.Read<uint>(name[^4..]) * 0x85EBCA6Bu;
        return (int)(hash ^ (hash >> 15));
    }
}
