using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>The longest text allowed, in characters.
/// https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxLength</summary>
internal sealed class MaxLengthRule(int most, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (node.Raw.Length <= most) return; // more bytes than characters, never fewer
        if (node.Text is { } text && text.Length > most)
            run.Error(IssueType.TooLong, node, "max-length", $"`{node.Name}` has {text.Length} characters; it must have at most {most}",
                profile);
    }
}

/// <summary>The shortest text allowed (`minLength` extension).</summary>
internal sealed class MinLengthRule(int least, string profile) : IRule
{
    public void Check(Node node, Run run)
    {
        if (node.Text is { } text && text.Length < least)
            run.Error(IssueType.Value, node, "min-length", $"`{node.Name}` has {text.Length} characters; it must have at least {least}",
                profile);
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
        if (ValueOrder.Of(node, limit) is not { } order || (isMax ? order <= 0 : order >= 0)) return;
        run.Error(IssueType.Value, node, isMax ? "max-value" : "min-value", $"`{node.Name}` is out of range; it must be {Words()}",
            profile);
    }

    private string Words() =>
        $"{(isMax ? "at most" : "at least")} "
        + $"`{(limit.HasValue ? limit.Text : $"{limit.TextOf("value")} {limit.TextOf("code")}".TrimEnd())}`";
}
