using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Server.Answers;

/// <summary>`_elements` and `_summary` of a read: a part of the view, taken after redaction.
/// https://hl7.org/fhir/R4/search.html#elements</summary>
public sealed record PartAsked(SummaryMode Summary, IReadOnlyList<string> Elements)
{
    private static readonly string[] Allowed = ["_elements", "_summary", "_format", "_pretty"];

    /// <summary>A refusal for a parameter that a read does not take; `part` null when the whole resource is asked for.</summary>
    /// <param name="isLenient">Such a parameter is left out instead.</param>
    public static Answer? Of(string query, out PartAsked? part, bool isLenient = false)
    {
        part = null;
        if (query.Length == 0) return null;
        var summary = SummaryMode.False;
        IReadOnlyList<string> elements = [];
        foreach (var (name, value) in QueryParser.Pairs(query))
        {
            if (!Allowed.Contains(name) && isLenient) continue;
            if (!Allowed.Contains(name)) return Refuse($"A read takes only the parameters {string.Join(", ", Allowed)}");
            if (name == "_elements") elements = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (name == "_summary" && (!Enum.TryParse(value, true, out summary) || !Enum.IsDefined(summary))
                || summary == SummaryMode.Count) return Refuse("`_summary` of a read is `true`, `text`, `data` or `false`");
        }
        if (summary != SummaryMode.False || elements.Count > 0) part = new PartAsked(summary, elements);
        return null;
    }

    public static PartAsked? Of(SearchQuery query) =>
        query.Summary is SummaryMode.False or SummaryMode.Count && query.Elements.Count == 0
            ? null : new PartAsked(query.Summary, query.Elements);

    /// <summary>The part of a whole body or of a view.</summary>
    public byte[] Of(ReadOnlyMemory<byte> body) => Sharing.Views.Subset.Write(body.ToArray(), Summary, Elements);

    private static Answer Refuse(string text) => Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, text, key: "parameter");
}
