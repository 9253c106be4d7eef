using System.Text.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>Takes each required element out of each valid sample in turn: in types, in profiles, in slices, in extensions, at any depth.
/// Every time the fault is found, by name and place.</summary>
public class NothingValidByAccidentTests
{
    public static TheoryData<string> Files => [.. Sample.All.Where(s => s.IsValid).Select(s => s.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Without_a_required_element_it_is_refused(string file)
    {
        var sample = Sample.All.Single(s => s.File == file);
        using var document = JsonParser.Parse(sample.Json, new Report())!;
        var removals = Removals(document.Root, sample.Profile)
            .DistinctBy(r => (r.Parent.Index, string.Join(' ', r.Gone.Select(n => n.Index)), r.Text)).ToList();
        Assert.NotEmpty(removals);
        Assert.Equal([], removals.Where(r => !IsFound(r, sample))
            .Select(r =>
            $"{r.Parent.Location} without {r.Element}: {string.Join(", ", Errors(r, sample).Select(i => $"{i.Key} {i.Expression} {i.Text}"))}"));
    }

    /// <param name="Gone">Removed from the parent, so that one less is left than required.</param>
    /// <param name="Key">`cardinality` or `slice-cardinality`.</param>
    /// <param name="Text">The beginning of the message.</param>
    private sealed record Removal(Node Parent, IReadOnlyList<Node> Gone, string Element, string Key, string Text);

    private static IEnumerable<Removal> Removals(Node root, string profile)
    {
        foreach (var (node, places) in SnapshotWalk.Of(root, profile, Check.Cpa))
        {
            foreach (var element in node.Type.Elements)
                if (element.Min > 0 && node.All(element.Name).ToList() is { Count: > 0 } there
                    && !places.Any(p => p.Deciders.Contains(element.Name)))
                    yield return new(node, there, element.Path, "cardinality", $"`{element.Name}` occurs 0 times");
            foreach (var place in places)
                foreach (var child in place.Element.Children)
                {
                    var there = node.All(child.Name).ToList();
                    if (child.Definition.Min is >= 1 and var min && there.Count >= min && !places.Any(p => p.Deciders.Contains(child.Name)))
                        yield return new(node, there[(min - 1)..], place.Below(child), "cardinality",
                            $"`{child.Name}` occurs {min - 1} times");
                    foreach (var slice in child.Slices)
                        if (slice.Definition.Min is >= 1 and var least && SnapshotWalk.Instances(child, slice, there)
                            .ToList() is var instances && instances.Count >= least)
                            yield return new(node, instances[(least - 1)..], place.Below(slice), "slice-cardinality",
                                $"`{slice.SliceName}` of `{child.Name}` occurs {least - 1} times");
                }
        }
    }

    private static bool IsFound(Removal removal, Sample sample) =>
        Errors(removal, sample)
            .Any(i => i.Key == removal.Key && i.Expression == removal.Parent.Location
            && i.Text.StartsWith(removal.Text, StringComparison.Ordinal));

    private static IEnumerable<Issue> Errors(Removal removal, Sample sample)
    {
        var json = JsonNode.Parse(sample.Json)!.AsObject();
        Remove(At(json, removal.Parent), removal.Gone);
        return Check.With(Check.CpaPackage, json.ToJsonString(), [sample.Profile]).Issues.Where(i => i.IsError);
    }

    private static void Remove(JsonObject parent, IReadOnlyList<Node> gone)
    {
        foreach (var node in gone.Reverse())
            foreach (var name in (string[])[node.Property!.Principal.JsonName, "_" + node.Property.Principal.JsonName])
                if (parent[name] is JsonArray { Count: > 1 } list) list.RemoveAt(node.Position0);
                else parent.Remove(name);
        // An object must not be empty; an id alone says nothing.
        if (parent.Count == 0) parent["id"] = "left";
    }

    private static JsonObject At(JsonObject root, Node node)
    {
        if (node.IsRoot) return root;
        var parent = At(root, node.Parent);
        var property = node.Property!;
        var name = property.JsonName;
        if (property.Type.IsPrimitive) name = "_" + property.Principal.JsonName;
        var value = parent[name]!;
        return (value is JsonArray list ? list[node.Position0] : value)!.AsObject();
    }
}
