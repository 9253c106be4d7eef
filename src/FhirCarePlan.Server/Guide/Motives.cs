using FhirCarePlan.Server.Answers;
using System.Text.RegularExpressions;

namespace FhirCarePlan.Server.Guide;

/// <summary>The numbers of the requirements behind an element or a rule, `Motive M5–M11, M32`, as links to the requirements.</summary>
internal static partial class Motives
{
    private const string Mark = "Motive ";

    public static void Write(Html cell, string? requirements)
    {
        if (requirements is null || !requirements.StartsWith(Mark, StringComparison.Ordinal)) return;
        cell.Add($" <span class=\"motive\">");
        var text = requirements[Mark.Length..];
        var at = 0;
        foreach (var number in Number().EnumerateMatches(text))
        {
            var name = text.Substring(number.Index, number.Length);
            cell.Add($"{text[at..number.Index]}<a href=\"/profiles/requirements#{name}\">{name}</a>");
            at = number.Index + number.Length;
        }
        cell.Add($"{text[at..]}</span>");
    }

    /// <summary>`M5`, `M6`, … of `Motive M5–M7, M32`, ranges counted out.</summary>
    public static IEnumerable<string> In(string? requirements)
    {
        foreach (Match range in Range().Matches(requirements ?? ""))
        {
            var from = int.Parse(range.Groups[1].ValueSpan, null);
            var to = range.Groups[2].Success ? int.Parse(range.Groups[2].ValueSpan, null) : from;
            for (var i = from; i <= to; i++) yield return $"M{i}";
        }
    }

    [GeneratedRegex(@"\bM[0-9]{1,3}\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"\bM([0-9]{1,3})\b(?:–M([0-9]{1,3})\b)?")]
    private static partial Regex Range();
}
