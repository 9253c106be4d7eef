using System.Text;
using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Codes of one system as UTF-8, found without making a string: open addressing, at most half full.</summary>
internal sealed class CodeList
{
    private readonly byte[][] codes;
    private readonly int[] slots;

    private CodeList(byte[][] codes)
    {
        this.codes = codes;
        var size = 8;
        while (size < codes.Length * 2) size *= 2;
        slots = new int[size];
        for (var i = 0; i < codes.Length; i++)
        {
            var at = Hash(codes[i]) & (size - 1);
            while (slots[at] != 0) at = (at + 1) & (size - 1);
            slots[at] = i + 1;
        }
    }

    /// <summary>The codes in definition order.</summary>
    public IEnumerable<string> All => codes.Select(Encoding.UTF8.GetString);

    /// <summary>Reads the rest of an array of texts.</summary>
    public static CodeList Read(ref Utf8JsonReader json)
    {
        var codes = new List<byte[]>();
        while (json.Read() && json.TokenType == JsonTokenType.String)
            codes.Add(json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan.ToArray());
        return new CodeList([.. codes]);
    }

    public bool Contains(ReadOnlySpan<byte> code)
    {
        for (var at = Hash(code) & (slots.Length - 1); slots[at] != 0; at = (at + 1) & (slots.Length - 1))
            if (code.SequenceEqual(codes[slots[at] - 1])) return true;
        return false;
    }

    // FNV-1a: codes are short, and many differ in one digit only.
    private static int Hash(ReadOnlySpan<byte> code)
    {
        var hash = 2166136261u;
        foreach (var b in code) hash = (hash ^ b) * 16777619u;
        return (int)(hash ^ (hash >> 15));
    }
}
