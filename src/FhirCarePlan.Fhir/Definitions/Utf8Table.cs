using System.Runtime.InteropServices;
using System.Text;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Values by names that are looked up as UTF-8, without making a string: open addressing over names that definitions
/// give.</summary>
internal sealed class Utf8Table<T>
{
    private readonly (byte[] Name, T Value)[] slots;

    public Utf8Table(IEnumerable<KeyValuePair<string, T>> entries)
    {
        var all = entries.Select(e => (Name: Encoding.UTF8.GetBytes(e.Key), e.Value)).ToList();
        var size = 8;
        while (size < all.Count * 2) size *= 2;
        slots = new (byte[], T)[size];
        foreach (var entry in all)
        {
            var at = Hash(entry.Name) & (size - 1);
            while (slots[at].Name is { } taken && !taken.AsSpan().SequenceEqual(entry.Name)) at = (at + 1) & (size - 1);
            slots[at] = entry;
        }
    }

    public bool TryGet(ReadOnlySpan<byte> name, out T value)
    {
        for (var at = Hash(name) & (slots.Length - 1); slots[at].Name is { } known; at = (at + 1) & (slots.Length - 1))
            if (name.SequenceEqual(known))
            {
                value = slots[at].Value;
                return true;
            }
        value = default!;
        return false;
    }

    // Long names are addresses: they begin alike and differ at the end.
    private const int Telling = 20;

    private static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = (uint)name.Length;
        if (name.Length > Telling) name = name[^Telling..];
        for (; name.Length >= 4; name = name[4..]) hash = (hash ^ MemoryMarshal.Read<uint>(name)) * 0x9E3779B1u;
        foreach (var b in name) hash = (hash ^ b) * 0x01000193u;
        return (int)(hash ^ (hash >> 15));
    }
}
