namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Code systems that a grammar defines, or whose codes all have one form. Their codes cannot be listed, but a code that breaks the
/// form does not belong to them. https://hl7.org/fhir/R4/terminologies-systems.html</summary>
internal static class CodeGrammar
{
    /// <summary>True when the text cannot be a code of the system; false says nothing.</summary>
    public static bool Refuses(ReadOnlySpan<byte> system, ReadOnlySpan<byte> code)
    {
        if (system.StartsWith("urn:"u8))
        {
            if (system.SequenceEqual("urn:ietf:bcp:47"u8)) return !IsLanguage(code);
            if (system.SequenceEqual("urn:ietf:bcp:13"u8)) return !IsMimeType(code);
            if (system.SequenceEqual("urn:iso:std:iso:4217"u8))
                return code.Length != 3 || code.ContainsAnyExceptInRange((byte)'A', (byte)'Z');
            if (system.SequenceEqual("urn:iso:std:iso:3166"u8)) return !IsCountry(code) && !IsRegion(code);
            return system.SequenceEqual("urn:iso:std:iso:3166:-2"u8) && !IsRegion(code);
        }
        if (system.SequenceEqual("http://unitsofmeasure.org"u8)) return !UcumCodes.Contains(code);
        return system.SequenceEqual("http://unstats.un.org/unsd/methods/m49/m49.htm"u8)
            && (code.Length != 3 || code.ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }

    private static bool IsCountry(ReadOnlySpan<byte> code) =>
        code.Length is 2 or 3 && (AreLetters(code) || (code.Length == 3 && !code.ContainsAnyExceptInRange((byte)'0', (byte)'9')));

    /// <summary>`GB-ENG`.</summary>
    private static bool IsRegion(ReadOnlySpan<byte> code) =>
        code.Length is >= 4 and <= 6 && code[2] == '-' && AreLetters(code[..2]) && AreLettersOrDigits(code[3..]);

    /// <summary>`en`, `en-GB`, `zh-Hant-TW`: parts of up to eight letters and digits, the first of letters.</summary>
    private static bool IsLanguage(ReadOnlySpan<byte> code)
    {
        var isFirst = true;
        while (true)
        {
            var end = code.IndexOf((byte)'-');
            var part = end < 0 ? code : code[..end];
            if (part.Length is 0 or > 8 || !(isFirst ? AreLetters(part) : AreLettersOrDigits(part))) return false;
            if (isFirst && part.Length == 1 && part[0] is not ((byte)'x' or (byte)'i' or (byte)'X' or (byte)'I')) return false;
            if (end < 0) return true;
            isFirst = false;
            code = code[(end + 1)..];
        }
    }

    /// <summary>`application/fhir+json`; R4 itself also writes `xml` and `json`.</summary>
    private static bool IsMimeType(ReadOnlySpan<byte> code)
    {
        var slash = code.IndexOf((byte)'/');
        return slash < 0
            ? AreLetters(code) && code.Length <= 4 : slash > 0 && slash < code.Length - 1 && !code[..slash].ContainsAny(" ;,\t"u8);
    }

    private static bool AreLetters(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
            if (!char.IsAsciiLetter((char)b)) return false;
        return true;
    }

    private static bool AreLettersOrDigits(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
            if (!char.IsAsciiLetterOrDigit((char)b)) return false;
        return true;
    }
}
