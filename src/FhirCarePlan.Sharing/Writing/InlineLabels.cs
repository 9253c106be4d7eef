using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Labels of single elements. Nothing says which element of one version is which of the next. So a label counts as dropped when
/// fewer elements at its path bear it than before, and one of the others there is new or changed: that one may be what it was on.
/// http://hl7.org/fhir/uv/security-label-ds4p</summary>
internal static class InlineLabels
{
    private static readonly TypeInfo Extension = R4.Type("Extension")!;

    private sealed class At
    {
        public Dictionary<Label, int> Borne { get; } = [];
        public List<(string Content, HashSet<Label> Labels)> Elements { get; } = [];
    }

    /// <summary>The labels that an update drops from elements which may still be there.</summary>
    public static IEnumerable<(string Path, Label Label)> Dropped(Document before, Document after)
    {
        var old = Labelled(before, []);
        if (old.Count == 0) yield break;
        var now = Labelled(after, old.Keys.ToHashSet(StringComparer.Ordinal));
        foreach (var (path, was) in old)
        {
            var remaining = now.GetValueOrDefault(path) ?? new At();
            foreach (var (label, count) in was.Borne)
                if (remaining.Borne.GetValueOrDefault(label) < count && HasOther(label, was, remaining)) yield return (path, label);
        }
    }

    /// <summary>True if an element bears no such label now, and none with the same content went without it before.</summary>
    private static bool HasOther(Label label, At before, At now)
    {
        var free = before.Elements.Where(e => !e.Labels.Contains(label)).Select(e => e.Content).ToList();
        return now.Elements.Any(e => !e.Labels.Contains(label) && !free.Remove(e.Content));
    }

    /// <param name="paths">Where elements are looked at whether they bear labels or not; where some do, all are in any case.</param>
    private static Dictionary<string, At> Labelled(Document document, HashSet<string> paths)
    {
        var found = new Dictionary<string, At>(StringComparer.Ordinal);
        if (paths.Count == 0)
            foreach (var label in All(document)) paths.Add(Path(label.Parent));
        if (paths.Count == 0) return found;
        for (var i = 0; i < document.Count; i++)
        {
            var path = Path(document[i]);
            if (!paths.Contains(path)) continue;
            if (!found.TryGetValue(path, out var at)) found[path] = at = new At();
            var labels = new HashSet<Label>();
            foreach (var child in document[i].Children)
                if (IsLabel(child) && labels.Add(Of(child))) at.Borne[Of(child)] = at.Borne.GetValueOrDefault(Of(child)) + 1;
            at.Elements.Add((Content(document[i]), labels));
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
