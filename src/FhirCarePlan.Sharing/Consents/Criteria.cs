using System.Text;

namespace FhirCarePlan.Sharing;

/// <summary>The criteria of one provision. Null: not stated, so it covers all. AND across elements, OR inside one. `?` is a value that this
/// server does not know: it matches nothing in a permit and everything in a deny.</summary>
/// <param name="To">Recipients: `Organization/x`, `CareTeam/x`, `RelatedPerson/x`, `PractitionerRole/x`, `Patient/x`.</param>
/// <param name="For">Purposes, codes of v3-ActReason.</param>
/// <param name="Types">Resource types.</param>
/// <param name="Data">Information categories.</param>
/// <param name="Labels">Confidentiality (`N`, `R`, `V` …) and sensitivity codes.</param>
public sealed record Criteria(IReadOnlyList<string>? To, IReadOnlyList<string>? For, IReadOnlyList<string>? Types,
    IReadOnlyList<string>? Data, IReadOnlyList<string>? Labels)
{
    public const string Unknown = "?";
    public static Criteria Everything { get; } = new(null, null, null, null, null);

    /// <summary>`{to=Organization/x;data=risk}`: elements in this order, values sorted, so that equal meaning gives equal text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        Write(text, "to", To);
        Write(text, "for", For);
        Write(text, "type", Types);
        Write(text, "data", Data);
        Write(text, "label", Labels);
        return text.Append('}').ToString();
    }

    private static void Write(StringBuilder text, string key, IReadOnlyList<string>? values)
    {
        if (values is null) return;
        if (text.Length > 1) text.Append(';');
        text.Append(key).Append('=').AppendJoin(',', values.Distinct().Order(StringComparer.Ordinal));
    }

    /// <exception cref="FormatException">The text was not written by ToString.</exception>
    public static Criteria Parse(string text)
    {
        if (text is not ['{', .. var inner, '}']) throw new FormatException("Not criteria.");
        var criteria = Everything;
        foreach (var part in inner.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=');
            if (at < 0) throw new FormatException("Not a criterion.");
            string[] values = part[(at + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
            criteria = part[..at] switch
            {
                "to" => criteria with { To = values },
                "for" => criteria with { For = values },
                "type" => criteria with { Types = values },
                "data" => criteria with { Data = values },
                "label" => criteria with { Labels = values },
                _ => throw new FormatException("Unknown criterion."),
            };
        }
        return criteria;
    }

    public bool Equals(Criteria? other) => other is not null && ToString() == other.ToString();
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
