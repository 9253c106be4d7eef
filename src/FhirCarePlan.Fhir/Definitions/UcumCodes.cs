using System.Collections.Concurrent;
using System.Text;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Whether a text is a code of UCUM; answers are remembered, since records use few units often. https://ucum.org/ucum</summary>
internal static class UcumCodes
{
    private const int Longest = 64, MostRemembered = 1000;

    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> KnownByChars = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<byte> code)
    {
        if (code.Length > Longest) return Ucum.IsCode(Encoding.UTF8.GetString(code));
        Span<char> chars = stackalloc char[Longest];
        var text = chars[..Encoding.UTF8.GetChars(code, chars)];
        if (KnownByChars.TryGetValue(text, out var isCode)) return isCode;
        isCode = Ucum.IsCode(text.ToString());
        // Texts from outside must not fill the memory.
        if (Known.Count >= MostRemembered) Known.Clear();
        return Known[text.ToString()] = isCode;
    }
}
