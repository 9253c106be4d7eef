using System.Globalization;
using System.Text;

namespace FhirCarePlan.Fhir.FhirPath.Patterns;

/// <summary>What a match is replaced by.
/// https://learn.microsoft.com/dotnet/standard/base-types/substitutions-in-regular-expressions</summary>
internal static class Substitution
{
    public static void Append(StringBuilder result, string text, string by, int[] marks, IReadOnlyDictionary<string, int> names)
    {
        for (var i = 0; i < by.Length; i++)
        {
            if (by[i] != '$' || i + 1 == by.Length)
            {
                result.Append(by[i]);
                continue;
            }
            var rest = by.AsSpan(i + 1);
            if (rest[0] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (rest[0] == '&')
            {
                Group(0);
                i++;
            }
            else if (Number(rest) is var (number, length) && length > 0 && 2 * number + 1 < marks.Length)
            {
                Group(number);
                i += length;
            }
            else if (rest[0] == '{' && rest.IndexOf('}') is > 0 and var end && Named(rest[1..end].ToString()) is { } named)
            {
                Group(named);
                i += end + 1;
            }
            else result.Append('$');
        }

        int? Named(string name) => names.TryGetValue(name, out var known) ? known
            : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && 2 * number + 1 < marks.Length ? number : null;

        void Group(int number)
        {
            if (marks[2 * number] >= 0) result.Append(text, marks[2 * number], marks[2 * number + 1] - marks[2 * number]);
        }
    }

    private static (int Number, int Length) Number(ReadOnlySpan<char> text)
    {
        var (number, length) = (0, 0);
        while (length < text.Length && length < 3 && char.IsAsciiDigit(text[length])) number = number * 10 + text[length++] - '0';
        return (number, length);
    }
}
