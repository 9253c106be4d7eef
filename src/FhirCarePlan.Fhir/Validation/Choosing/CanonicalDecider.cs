using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>A canonical, with or without a version.</summary>
public sealed record CanonicalDecider(string Element, string Url) : Decider
{
    public override string Words => $"`{Element}` is `{Url}`";
    public override string Wanted => $"`{Element}` with `{Url}`";

    public override Node Find(Node root) => root[Element] is { IsMissing: false } found && Plain(found.Text) == Url ? found : Node.Missing;

    public override (Node At, string Text)? Nearly(Node root) =>
        root[Element] is { IsMissing: false, HasValue: true } found && Plain(found.Text) is { } given && Near.Address(given, Url)
            ? (found, $"`{Element}` is `{given}`, which nobody here knows; did you mean `{Url}`?") : null;

    private static string? Plain(string? canonical) => canonical?.Split('|', '#')[0];
}
