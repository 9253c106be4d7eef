using System.Numerics;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Model;

/// <summary>The shape of an address, over characters or UTF-8 alike.</summary>
internal static class ReferenceText
{
    /// <summary>The part before the id (`Patient` of `…/Patient/1/_history/2`) or before the query (`Patient?x=y`); empty for `#p` and
    /// `urn:…`.</summary>
    public static ReadOnlySpan<T> TypePart<T>(ReadOnlySpan<T> address) where T : unmanaged, IBinaryInteger<T>
    {
        T slash = T.CreateTruncating('/'), query = T.CreateTruncating('?');
        var end = address.IndexOfAny(query, T.CreateTruncating('#'), T.CreateTruncating('|'));
        var isQuery = end >= 0 && address[end] == query;
        if (end >= 0) address = address[..end];
        if (!isQuery)
        {
            var last = address.LastIndexOf(slash);
            if (last <= 0 || last == address.Length - 1) return default;
            address = address[..last];
            // `Patient/1/_history/2`: the part before `2` is not a type, so the two before it are left off.
            if (address.Length > 9 && address[^9] == slash && address[^8] == T.CreateTruncating('_') && IsHistory(address[^7..]))
            {
                address = address[..^9];
                last = address.LastIndexOf(slash);
                if (last <= 0) return default;
                address = address[..last];
            }
        }
        return address[(address.LastIndexOf(slash) + 1)..];
    }

    private static bool IsHistory<T>(ReadOnlySpan<T> text) where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<byte> history = "history"u8;
        for (var i = 0; i < history.Length; i++)
            if (text[i] != T.CreateTruncating(history[i])) return false;
        return true;
    }

    public static bool IsType(ReadOnlySpan<byte> name) =>
        name.Length is > 3 and < 40 && name[0] is >= (byte)'A' and <= (byte)'Z' && R4.Type(name) is { IsResource: true, IsAbstract: false };
}
