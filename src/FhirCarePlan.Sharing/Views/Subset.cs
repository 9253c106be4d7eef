using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Sharing.Views;

/// <summary>Leaves out of a view what the caller did not ask for, and tags it SUBSETTED. It works on the view, so it cannot tell more.
/// https://hl7.org/fhir/R4/search.html#summary, #elements</summary>
public static class Subset
{
    /// <summary>The view itself where everything is asked for. `Count` asks for no resources at all and is left to the search.</summary>
    /// <param name="elements">Names of elements of the type; empty for all. Mandatory ones and modifiers come with them.</param>
    public static byte[] Write(byte[] view, SummaryMode summary, IReadOnlyList<string> elements)
    {
        if (elements.Count == 0 && summary is SummaryMode.False or SummaryMode.Count) return view;
        using var document = JsonParser.Parse(view, new Report()) ?? throw new InvalidOperationException("A view is not R4");
        var needed = Needed(document, node => IsAsked(node, summary, elements));
        return WithTag(CanonicalJson.Write(document, new WriteOptions
        {
            Skip = node =>
                node.Name == "contained" && node.Parent.IsRoot
                ? !needed.Contains("#" + node.TextOf("id")) : !IsAsked(node, summary, elements),
        }));
    }

    /// <summary>Addresses of contained resources that the elements asked for refer to, directly or through one another.</summary>
    private static HashSet<string> Needed(Document document, Func<Node, bool> isAsked)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        if (document.Root["contained"].IsMissing) return needed;
        Collect(document.Root);
        return needed;

        void Collect(Node node)
        {
            if (node.IsString && node.Raw[1] == '#' && needed.Add(node.Text!))
                foreach (var contained in document.Root.All("contained"))
                    if ("#" + contained.TextOf("id") == node.Text) Collect(contained);
            foreach (var child in node.Children)
                if (child.Name != "contained" && isAsked(child)) Collect(child);
        }
    }

    private static bool IsAsked(Node node, SummaryMode summary, IReadOnlyList<string> elements)
    {
        if (node.Element is not { } element) return true;
        if (element.Min > 0 || element.IsModifier || element.Name is "id" or "meta" && element.Owner.IsResource) return true;
        if (!node.Parent.IsRoot && node.Resource.IsRoot is false) return true;
        if (!node.Parent.IsRoot) return summary != SummaryMode.True || !IsPart(node) || element.IsSummary;
        if (elements.Count > 0 && !elements.Contains(element.Name)) return false;
        return summary switch
        {
            SummaryMode.True => element.IsSummary,
            SummaryMode.Text => element.Name == "text",
            SummaryMode.Data => element.Name != "text",
            _ => true,
        };
    }

    /// <summary>True below the root down to the elements that the resource defines itself: data types are shown whole.</summary>
    private static bool IsPart(Node node) =>
        node.Element!.Owner.Kind == TypeKind.Backbone && node.Element.Name is not ("extension" or "modifierExtension");

    /// <summary>Tells a part that was asked for from a partial view, which is tagged SUBSETTED as well: a part must never be written
    /// back.</summary>
    public const string PartDisplay = "Only the elements asked for";

    private const string PartTag =
        $$"""{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED","display":"{{PartDisplay}}"}""";

    /// <summary>Adds the tag to the resource's `meta`.</summary>
    private static byte[] WithTag(byte[] json)
    {
        var (at, text) = Place(json);
        var tagged = new byte[json.Length + text.Length];
        json.AsSpan(0, at).CopyTo(tagged);
        Encoding.ASCII.GetBytes(text, tagged.AsSpan(at));
        json.AsSpan(at).CopyTo(tagged.AsSpan(at + text.Length));
        return tagged;
    }

    private static (int At, string Text) Place(ReadOnlySpan<byte> json)
    {
        const string tag = PartTag;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var place = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMeta = reader.ValueTextEquals("meta"u8);
            if (!isMeta && !reader.ValueTextEquals("resourceType"u8) && !reader.ValueTextEquals("id"u8)) break;
            reader.Read();
            if (!isMeta)
            {
                place = (int)reader.BytesConsumed;
                continue;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isTag = reader.ValueTextEquals("tag"u8);
                reader.Read();
                reader.Skip();
                if (isTag) return ((int)reader.BytesConsumed - 1, $",{tag}"); // `tag` is the last of meta and never empty
            }
            return ((int)reader.BytesConsumed - 1, $",\"tag\":[{tag}]"); // nor is meta
        }
        return (place, $",\"meta\":{{\"tag\":[{tag}]}}");
    }
}
