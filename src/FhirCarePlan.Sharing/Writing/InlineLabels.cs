using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Labels of single elements. Nothing says which element of one version is which of the next, but by what it says. So a label counts as
/// dropped when an element that bore it is no longer there as it was, and one at its path that does not bear it is new or changed: that one may
/// be what the label was on.
/// http://hl7.org/fhir/uv/security-label-ds4p</summary>
internal static class InlineLabels
{
    private static readonly TypeInfo Extension = R4.Type("Extension")!;

    private sealed record Element(string Content, HashSet<Label> Labels);

    /// <summary>The labels that an update drops from elements which may still be there.</summary>
    public static IEnumerable<(string Path, Label Label)> Dropped(Document before, Document after)
    {
        var old = Labelled(before, []);
        if (old.Count == 0) yield break;
        var now = Labelled(after, old.Keys.ToHashSet(StringComparer.Ordinal));
        foreach (var (path, were) in old)
            foreach (var label in were.SelectMany(e => e.Labels).Distinct())
                if (IsDropped(label, were, now.GetValueOrDefault(path) ?? [])) yield return (path, label);
    }

    private static bool IsDropped(Label label, List<Element> before, List<Element> now)
    {
        var gone = Left(before.Where(e => e.Labels.Contains(label)), now.Where(e => e.Labels.Contains(label)));
        return gone > 0 && Left(now.Where(e => !e.Labels.Contains(label)), before.Where(e => !e.Labels.Contains(label))) > 0;
    }

    /// <summary>How many of the elements have none of the others of their own with the same content.</summary>
    private static int Left(IEnumerable<Element> elements, IEnumerable<Element> others)
    {
        var contents = others.Select(e => e.Content).ToList();
        return elements.Count(e => !contents.Remove(e.Content));
    }

    /// <param name="paths">Where elements are looked at whether they bear labels or not; where some do, all are in any case.</param>
    private static Dictionary<string, List<Element>> Labelled(Document document, HashSet<string> paths)
    {
        var found = new Dictionary<string, List<Element>>(StringComparer.Ordinal);
        if (paths.Count == 0)
            foreach (var label in All(document)) paths.Add(Path(label.Parent));
        if (paths.Count == 0) return found;
        for (var i = 0; i < document.Count; i++)
        {
            var path = Path(document[i]);
            if (!paths.Contains(path)) continue;
            if (!found.TryGetValue(path, out var at)) found[path] = at = [];
            at.Add(new Element(Content(document[i]), [.. document[i].Children.ToList().Where(IsLabel).Select(Of)]));
        }
        return found;
    }

    private static IEnumerable<Node> All(Document document)
    {
        for (var i = 1; i < document.Count; i++)
            if (IsLabel(document[i])) yield return document[i];
    }

    private static bool IsLabel(Node node) => node.Type == Extension && node.TextOf("url") == SecurityLabels.InlineUrl;

    private static Label Of(Node extension) => LabelRule.Of(extension["value"].TextOf("system"), extension["value"].TextOf("code"));

    /// <summary>Without positions: they shift.</summary>
    private static string Path(Node node)
    {
        var names = new List<string>();
        for (; !node.IsMissing; node = node.Parent) names.Add(node.Name);
        names.Reverse();
        return string.Join('.', names);
    }

    /// <summary>What the element says, without its labels.</summary>
    private static string Content(Node node)
    {
        var text = new StringBuilder();
        Add(node, text);
        return text.ToString();
    }

    private static void Add(Node node, StringBuilder text)
    {
        text.Append(node.Name).Append('=').Append(node.Text).Append('{');
        foreach (var child in node.Children)
            if (!IsLabel(child)) Add(child, text);
        text.Append('}');
    }
}
