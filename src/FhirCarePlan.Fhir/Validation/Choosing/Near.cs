namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>What is probably a slip of the pen: one or two letters or digits wrong, missing, too many or in the wrong order. A code of
/// SNOMED CT with a right check digit means what it says. https://confluence.ihtsdotools.org/display/DOCRELFMT/5.5+Check-digit</summary>
internal static class Near
{
    private const int Few = 2;
    /// <summary>Nothing that is compared is longer; longer input is no slip of the pen.</summary>
    private const int Longest = 200;

    /// <summary>The one that was probably meant; null for none, and when the code is one of them.</summary>
    public static string? Code(string given, IReadOnlyList<string> known)
    {
        if (given.Length is 0 or > Longest || known.Contains(given)) return null;
        var isNumber = IsNumber(given);
        // What may be a code of its own means what it says; a digit too many or too few is a slip all the same.
        var most = isNumber && IsSnomed(given) ? 1 : Few;
        string? best = null;
        var least = int.MaxValue;
        foreach (var code in known)
        {
            var limit = code.Length < 6 ? 1 : most;
            if (isNumber != IsNumber(code) && code.Length < 6) continue;
            if (Distance(given.ToLowerInvariant(), code.ToLowerInvariant(), limit) is { } distance && distance < least)
                (best, least) = (code, distance);
        }
        return best;
    }

    /// <summary>Another way to write the address of a code system: `http` for `https`, a slash or a version at its end, the OID of SNOMED CT, a
    /// slip.</summary>
    public static bool System(string given, string known) => given.Length <= Longest && given != known && (Bare(given) == Bare(known)
        || known == "http://snomed.info/sct" && IsSnomedSystem(given)
        || Distance(Bare(given), Bare(known), Few) != null);

    private static bool IsSnomedSystem(string given) => given is "urn:oid:2.16.840.1.113883.6.96" or "SNOMED" or "SNOMED CT"
        || Bare(given).StartsWith("snomed.info/sct/", StringComparison.Ordinal);

    public static bool Address(string given, string known) =>
        given.Length <= Longest && given != known && Distance(Bare(given), Bare(known), Few + 1) != null;

    private static string Bare(string address)
    {
        var text = address.Trim().ToLowerInvariant();
        if (text.IndexOf('|') is > 0 and var version) text = text[..version];
        if (text.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme) text = text[(scheme + 3)..];
        return text.TrimEnd('/');
    }

    private static bool IsNumber(string code) => code.All(char.IsAsciiDigit);

    /// <summary>An identifier of a concept of SNOMED CT: with the mark of one and a right check digit.</summary>
    public static bool IsSnomed(string code) => code.Length is >= 6 and <= 18 && IsNumber(code)
        && code[^3] is ('0' or '1') && code[^2] == '0' && Verhoeff(code) == 0;

    private static int Verhoeff(string digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            for (var turn = 0; turn < i % 8; turn++) digit = "1576283094"[digit] - '0';
            check = Product(check, digit);
        }
        return check;
    }

    /// <summary>In the dihedral group of ten: five turns, and five turns of the other side.</summary>
    private static int Product(int a, int b) => (a < 5, b < 5) switch
    {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 - b + 5) % 5 + 5,
        (false, false) => (a - b + 5) % 5,
    };

    /// <summary>Letters to change, take out, put in or swap with their neighbour; null when that are more than the limit.</summary>
    public static int? Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit) return null;
        // Addresses begin alike, and what is alike costs nothing.
        var alike = a.AsSpan().CommonPrefixLength(b);
        (a, b) = (a[alike..], b[alike..]);
        int[] older = new int[b.Length + 1], before = [.. Enumerable.Range(0, b.Length + 1)], now = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(now[j - 1] + 1, before[j] + 1), before[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = Math.Min(now[j], older[j - 2] + 1);
                least = Math.Min(least, now[j]);
            }
            if (least > limit) return null;
            (older, before, now) = (before, now, older);
        }
        return before[b.Length] <= limit ? before[b.Length] : null;
    }
}
