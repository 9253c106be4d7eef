using System.Text;

namespace FhirCarePlan.Fhir.FhirPath.Patterns;

/// <summary>`\d`, `\w` and `\s` mean ASCII, as in the engines that FHIR's own patterns were written for; .NET's also take digits of other
/// scripts, and count a no-break space as white.</summary>
internal static class AsciiClasses
{
    public static string In(string pattern)
    {
        if (!pattern.Contains('\\')) return pattern;
        var result = new StringBuilder(pattern.Length + 32);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                var members = Members(pattern[++i]);
                if (members is null) result.Append(c).Append(pattern[i]);
                else result.Append(inClass ? members : $"[{members}]");
                continue;
            }
            if (c == '[') inClass = true;
            else if (c == ']') inClass = false;
            result.Append(c);
        }
        return result.ToString();
    }

    private static string? Members(char shorthand) => shorthand switch
    {
        'd' => "0-9",
        'D' => @"\u0000-/:-\uffff",
        'w' => "a-zA-Z0-9_",
        'W' => @"\u0000-/:-@\u005b-\u005e`\u007b-\uffff",
        's' => @"\t-\r ",
        'S' => @"\u0000-\b\u000e-\u001f!-\uffff",
        _ => null
    };
}
