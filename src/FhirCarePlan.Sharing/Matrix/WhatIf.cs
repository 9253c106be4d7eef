using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Matrix;

/// <summary>What a caller would see of one resource under an agreement, element by element, with the clause.</summary>
/// <param name="IsSeen">False: to this caller the resource does not exist.</param>
public sealed record WhatIf(string Type, bool IsSeen, IReadOnlyList<SeenElement> Elements)
{
    public static WhatIf Of(Broker broker, Labeller labeller, Document document, Question question, DateTimeOffset now)
    {
        var labels = labeller.Label(document);
        var decision = broker.Decide(question, now);
        var reasons = decision.Reasons.ToDictionary(r => r.Category);
        var isSeen = (labels.Root & ~decision.Permitted) == 0;
        var elements = new List<SeenElement>();
        foreach (var child in document.Root.Children) Add(child);
        return new(document.Type.Name, isSeen, elements);

        // An element whose parts are all of the same labels is told as a whole.
        void Add(Node node)
        {
            var mask = labels[node.Index];
            if (!IsUniform(node, mask))
            {
                foreach (var child in node.Children) Add(child);
                return;
            }
            var categories = broker.Protocol.Categories.Where(c => (broker.Bits.Of(c.Id) & mask) != 0).Select(c => reasons[c.Id]).ToList();
            var withheld = broker.Bits.NamesIn(mask & ~decision.Permitted & broker.Bits.Labels).ToList();
            elements.Add(new(node.Location, isSeen && (mask & ~decision.Permitted) == 0, categories, withheld));
        }

        bool IsUniform(Node node, long mask)
        {
            foreach (var child in node.Children)
                if (labels[child.Index] != mask || !IsUniform(child, mask)) return false;
            return true;
        }
    }
}

/// <param name="Path">As FHIRPath: `CarePlan.activity[0].detail`.</param>
/// <param name="Reasons">Of each category that the element carries: all must be open.</param>
/// <param name="UnclearedLabels">Confidentiality and sensitivity codes on it that the caller does not clear.</param>
public sealed record SeenElement(string Path, bool IsSeen, IReadOnlyList<CategoryReason> Reasons, IReadOnlyList<string> UnclearedLabels)
{
    /// <summary>The clause that decides: of the first category that is closed, or of all that are open.</summary>
    public string Why =>
        Reasons.FirstOrDefault(r => !r.IsPermitted) is { } closed ? $"{closed.Gate}: {closed.Plain}"
        : UnclearedLabels.Count > 0 ? $"G9: the labels {string.Join(", ", UnclearedLabels)} are not cleared."
        : string.Join(" ", Reasons.Select(r => r.Plain).Distinct());
}
