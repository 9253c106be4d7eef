using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A resource with one to three things changed that keep it JSON: a value of another kind, an element gone, doubled, moved,
/// wrapped, or under a name of its own.</summary>
internal static class Mutation
{
    private static readonly string[] Names = ["extension", "contained", "id", "resourceType", "value", "nonsense", "_id", "meta"];

    public static string Of(JsonObject resource, IReadOnlyList<string> values, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var all = new List<JsonNode?>();
            Collect(resource, all);
            var places = all.OfType<JsonNode>().Where(n => n.Parent != null).ToList();
            if (places.Count == 0) break;
            var place = places[random.Next(places.Count)];
            switch (random.Next(6))
            {
                case 0: Replace(place, JsonNode.Parse(values[random.Next(values.Count)])); break;
                case 1: Remove(place); break;
                case 2 when place.Parent is JsonObject owner:
                    owner[Name(owner, random)] = places[random.Next(places.Count)].DeepClone(); break;
                case 3: Replace(place, places[random.Next(places.Count)].DeepClone()); break;
                case 4 when place.Parent is JsonArray list: list.Add(place.DeepClone()); break;
                case 5: Replace(place, new JsonArray(place.DeepClone())); break;
                default: break;
            }
        }
        // The writer would refuse what a hostile sender does not.
        return resource.ToJsonString().Replace("half a character", "\\ud800", StringComparison.Ordinal);
    }

    private static string Name(JsonObject owner, Random random) =>
        random.Next(2) == 0 ? Names[random.Next(Names.Length)] : $"_{owner.Select(p => p.Key).ElementAt(random.Next(owner.Count))}";

    private static void Replace(JsonNode place, JsonNode? by)
    {
        if (place.Parent is JsonObject owner) owner[place.GetPropertyName()] = by;
        else if (place.Parent is JsonArray list) list[place.GetElementIndex()] = by;
    }

    private static void Remove(JsonNode place)
    {
        if (place.Parent is JsonObject owner) owner.Remove(place.GetPropertyName());
        else if (place.Parent is JsonArray list) list.Remove(place);
    }

    private static void Collect(JsonNode? node, List<JsonNode?> all)
    {
        all.Add(node);
        if (node is JsonObject properties)
            foreach (var (_, value) in properties) Collect(value, all);
        else if (node is JsonArray items)
            foreach (var item in items) Collect(item, all);
    }
}
