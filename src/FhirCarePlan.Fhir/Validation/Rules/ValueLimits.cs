using System.Globalization;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>The longest text allowed, in characters. https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxLength</summary>
internal sealed class MaxLengthRule(int most, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (node.Raw.Length <= most) return; // more bytes than characters, never fewer
        if (node.Text is { } text && text.Length > most)
            run.Error(IssueType.TooLong, node, "max-length", $"`{node.Name}` has {text.Length} characters, allowed are {most}", profile);
    }
}

/// <summary>The shortest text allowed (`minLength` extension).</summary>
internal sealed class MinLengthRule(int least, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (node.Text is { } text && text.Length < least)
            run.Error(IssueType.Value, node, "min-length", $"`{node.Name}` has {text.Length} characters, allowed are at least {least}", profile);
    }
}

/// <summary>The value itself must be there; an extension that says why it is not does not do.</summary>
internal sealed class MustHaveValueRule(string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (!node.HasValue) run.Error(IssueType.Required, node, "value-required", $"`{node.Name}` must have a value", profile);
    }
}

/// <summary>The least or greatest value allowed, for numbers, dates and quantities of one unit.
/// https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_</summary>
internal sealed class LimitRule(Node limit, bool isMax, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (Compare(node, limit) is not { } order || (isMax ? order <= 0 : order >= 0)) return;
        run.Error(IssueType.Value, node, isMax ? "max-value" : "min-value", $"`{node.Name}` is out of range, allowed is {Words()}", profile);
    }

    private string Words() => $"{(isMax ? "at most" : "at least")} `{(limit.HasValue ? limit.Text : $"{limit.TextOf("value")} {limit.TextOf("code")}".TrimEnd())}`";

    /// <summary>Null when the two cannot be compared: other units, another precision.</summary>
    private static int? Compare(Node node, Node limit)
    {
        if (limit.Type.Is("Quantity"))
        {
            var sameUnit = node.TextOf("system") == limit.TextOf("system") && node.TextOf("code") == limit.TextOf("code");
            return sameUnit && Number(node["value"]) is { } a && Number(limit["value"]) is { } b ? a.CompareTo(b) : null;
        }
        if (!node.HasValue || !limit.HasValue) return null;
        if (!limit.IsString) return Number(node) is { } one && Number(limit) is { } other ? one.CompareTo(other) : null;
        if (limit.Type.Name is "date" or "dateTime" or "instant" && node.Text is { } text && limit.Text is { } bound)
        {
            if (text.Length > 10 && bound.Length > 10)
                return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                    && DateTimeOffset.TryParse(bound, CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) ? at.CompareTo(until) : null;
            var length = Math.Min(Math.Min(text.Length, bound.Length), 10);
            var order = string.CompareOrdinal(text, 0, bound, 0, length);
            return order == 0 && text.Length != bound.Length ? null : order;
        }
        return limit.Type.Name == "time" ? string.CompareOrdinal(node.Text, limit.Text) : null;
    }

    private static decimal? Number(Node node) =>
        !node.IsMissing && decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
