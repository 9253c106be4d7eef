using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Finds the cuts of a canonical body by reading it in step with the labelled document it was written from. Both are in definition
/// order, so they meet element by element; only `id` and `meta` of the root may differ.</summary>
internal ref struct BodyScan
{
    private readonly Document document;
    private readonly Labels labels;
    private readonly CutList cuts = new();
    /// <summary>For a node below which nothing has other labels, how many nodes of the body it makes with all below it; else 0.</summary>
    private readonly int[] uniform;
    private Utf8JsonReader json;
    private int metaPlace;

    private BodyScan(ReadOnlySpan<byte> body, Document document, Labels labels)
    {
        (this.document, this.labels) = (document, labels);
        uniform = FindUniform(document, labels);
        json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 512 });
    }

    public static CutList Run(ReadOnlySpan<byte> body, Document document, Labels labels)
    {
        var scan = new BodyScan(body, document, labels);
        scan.json.Read();
        scan.cuts.AddNodes(labels.Root);
        scan.ReadRoot();
        return scan.cuts;
    }

    private static int[] FindUniform(Document document, Labels labels)
    {
        var sizes = new int[document.Count];
        var isMixed = new bool[document.Count];
        for (var i = document.Count - 1; i > 0; i--)
        {
            var node = document[i];
            var parent = node.Parent.Index;
            isMixed[parent] |= isMixed[i] || labels[i] != labels[parent];
            // A primitive without value and children leaves nothing in the body but a position in its array.
            if (node.HasValue || node.HasChildren || !node.Type.IsPrimitive) sizes[i]++;
            else isMixed[parent] = true;
            sizes[parent] += sizes[i];
            if (isMixed[i]) sizes[i] = 0;
        }
        return sizes;
    }

    private void ReadRoot()
    {
        bool hasMeta = false, hasId = false;
        var child = document.Root.FirstChild;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)json.TokenStartIndex;
            if (json.ValueTextEquals("resourceType"u8)) json.Read();
            else if (json.ValueTextEquals("id"u8))
            {
                json.Read();
                cuts.AddNodes(labels.Root);
                hasId = true;
            }
            else if (json.ValueTextEquals("_id"u8))
            {
                // It has no known use, so no category claims it.
                var mask = labels.Root | labels.OfMeta("extension");
                var cut = Open(CutList.Cut, start, mask);
                json.Read();
                CountNodes(mask, isCompanion: hasId);
                Close(cut);
            }
            else if (json.ValueTextEquals("meta"u8))
            {
                ReadMeta(start);
                hasMeta = true;
            }
            else
            {
                if (!hasMeta) AddMetaPlace();
                hasMeta = true;
                child = ReadRun(SkipIdentity(child), start, labels.Root);
                continue;
            }
            metaPlace = (int)json.BytesConsumed;
        }
        if (!hasMeta) AddMetaPlace();
    }

    private readonly void AddMetaPlace() => cuts.Entries.Add(new CutList.Entry(CutList.Meta, metaPlace, 0, 0, default));

    private static Node SkipIdentity(Node child)
    {
        while (!child.IsMissing && child.Name is "id" or "meta") child = child.NextSibling;
        return child;
    }

    /// <summary>Reads the members of an object whose start has been read.</summary>
    private void ReadObject(Node node)
    {
        var child = node.FirstChild;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)json.TokenStartIndex;
            if (node.Type.IsResource && json.ValueTextEquals("resourceType"u8)) json.Read();
            else child = ReadRun(child, start, labels[node.Index]);
        }
    }

    /// <summary>Reads one element: a member, or an array, with its `_x`. The property's name has been read.</summary>
    /// <param name="child">The next node of the document, or one before it that left nothing in the body.</param>
    /// <param name="around">Labels of the parent: only what carries more can be cut.</param>
    /// <returns>The node after the run.</returns>
    private Node ReadRun(Node child, int start, long around)
    {
        while (!child.IsMissing && !IsNamed(child.Property!)) child = child.NextSibling;
        if (child.IsMissing) throw new InvalidOperationException("The body was not written from this document");
        var property = child.Property!;
        if (!property.Element.IsCollection)
        {
            ReadSingle(child, property, start, around);
            return child.NextSibling;
        }
        var end = child;
        var isUniform = true;
        while (!end.IsMissing && end.Property == property)
        {
            isUniform &= labels[end.Index] == labels[child.Index];
            end = end.NextSibling;
        }
        var outer = Open(isUniform && labels[child.Index] != around ? CutList.Cut : CutList.Container, start, labels[child.Index]);
        if (property.Type.IsPrimitive) ReadPrimitives(child, end, property, around, isUniform);
        else
        {
            json.Read();
            for (var node = child; node != end; node = node.NextSibling)
            {
                json.Read();
                var item = isUniform || labels[node.Index] == around
                    ? -1 : Open(CutList.Cut, (int)json.TokenStartIndex, labels[node.Index]);
                ReadValue(node);
                Close(item);
            }
            json.Read();
        }
        Close(outer);
        return end;
    }

    private readonly bool IsNamed(PropertyInfo property) =>
        json.ValueTextEquals(property.Utf8Name) || property.Companion is { } companion && json.ValueTextEquals(companion.Utf8Name);

    private void ReadSingle(Node node, PropertyInfo property, int start, long around)
    {
        var cut = labels[node.Index] == around ? -1 : Open(CutList.Cut, start, labels[node.Index]);
        var isCompanion = !json.ValueTextEquals(property.Utf8Name);
        json.Read();
        if (property.Type.IsPrimitive) cuts.AddNodes(labels[node.Index]);
        if (isCompanion) ReadContainer(node, start);
        else if (property.Type.Name == "Meta")
        {
            cuts.AddNodes(labels[node.Index]);
            ReadContainer(node, start);
        }
        else if (!property.Type.IsPrimitive) ReadValue(node);
        else if (HasCompanion(property))
        {
            json.Read();
            start = (int)json.TokenStartIndex;
            json.Read();
            ReadContainer(node, start);
        }
        Close(cut);
    }

    /// <summary>Reads an object, except a primitive's `_x`.</summary>
    private void ReadValue(Node node)
    {
        if (uniform[node.Index] is > 0 and var size)
        {
            json.Skip();
            cuts.AddNodes(labels[node.Index], size);
            return;
        }
        cuts.AddNodes(labels[node.Index]);
        ReadObject(node);
    }

    /// <summary>`_x`, or the `meta` of a bundled resource: nothing says that a part of it must remain.</summary>
    private void ReadContainer(Node node, int start)
    {
        var container = Open(CutList.Container, start, 0);
        ReadObject(node);
        Close(container);
    }

    private readonly bool HasCompanion(PropertyInfo property)
    {
        var ahead = json;
        return property.Companion is { } companion && ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName
            && ahead.ValueTextEquals(companion.Utf8Name);
    }

    private void ReadPrimitives(Node child, Node end, PropertyInfo property, long around, bool isUniform)
    {
        var before = cuts.Entries.Count;
        var hasValues = json.ValueTextEquals(property.Utf8Name);
        var hasNulls = false;
        json.Read();
        if (hasValues)
        {
            for (var node = child; node != end; node = node.NextSibling)
            {
                json.Read();
                hasNulls |= json.TokenType == JsonTokenType.Null;
                cuts.AddNodes(labels[node.Index]);
                if (!isUniform && labels[node.Index] != around) Close(Open(CutList.Cut, (int)json.TokenStartIndex, labels[node.Index]));
            }
            json.Read();
        }
        var hasCompanions = !hasValues || HasCompanion(property);
        if (hasValues && hasCompanions)
        {
            json.Read();
            json.Read();
        }
        if (hasCompanions) ReadCompanions(child, hasValues);
        cuts.NeedsTree |= (hasCompanions || hasNulls) && cuts.Entries.Count > before || !hasValues && !isUniform;
    }

    private void ReadCompanions(Node node, bool hasValues)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            // Without values the array holds only nodes with children.
            while (!hasValues && !node.HasChildren) node = node.NextSibling;
            if (!hasValues) cuts.AddNodes(labels[node.Index]);
            if (json.TokenType == JsonTokenType.StartObject) ReadObject(node);
            node = node.NextSibling;
        }
    }

    // ---- meta --------------------------------------------------------------------------------------------------------------

    private void ReadMeta(int start)
    {
        var at = cuts.Entries.Count;
        cuts.Entries.Add(default);
        cuts.AddNodes(labels.Root);
        json.Read();
        var last = "";
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var member = (int)json.TokenStartIndex;
            var name = json.GetString()!;
            var mask = MaskOfMeta(name);
            json.Read();
            var value = (int)json.TokenStartIndex;
            var isArray = json.TokenType == JsonTokenType.StartArray;
            CountNodes(mask, IsCompanionOf(last, name));
            last = name;
            var end = (int)json.BytesConsumed;
            if (Part(name) is not { } part) continue;
            var isMember = part is MetaPart.Profile or MetaPart.Source;
            var from = isMember ? member : isArray ? value + 1 : value;
            cuts.Entries.Add(new CutList.Entry(CutList.MetaPart, from, (isArray && !isMember ? end - 1 : end) - from, mask, part));
        }
        cuts.Entries[at] = new CutList.Entry(CutList.Meta, start, (int)json.BytesConsumed - start, 0, default);
    }

    /// <summary>The stored `meta` may differ from the document's: a label in the document counts for all elements of the same name
    /// here.</summary>
    private readonly long MaskOfMeta(string name)
    {
        var mask = labels.Root | labels.OfMeta(name);
        var meta = document.Root["meta"];
        if (meta.IsMissing) return mask;
        mask |= labels[meta.Index];
        foreach (var child in meta.All(name)) mask |= labels[child.Index];
        return mask;
    }

    private static MetaPart? Part(string name) =>
        name switch
        {
            "id" => MetaPart.Id,
            "extension" => MetaPart.Extension,
            "versionId" => MetaPart.VersionId,
            "lastUpdated" => MetaPart.LastUpdated,
            "source" => MetaPart.Source,
            "profile" => MetaPart.Profile,
            "security" => MetaPart.Security,
            "tag" => MetaPart.Tag,
            _ => null,
        };

    /// <summary>Adds the mask for each node of the value just begun.</summary>
    private void CountNodes(long mask, bool isCompanion)
    {
        if (json.TokenType == JsonTokenType.StartArray)
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndArray) CountNodes(mask, isCompanion);
            return;
        }
        if (!isCompanion) cuts.AddNodes(mask);
        if (json.TokenType != JsonTokenType.StartObject) return;
        var last = "";
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            CountNodes(mask, IsCompanionOf(last, name));
            last = name;
        }
    }

    private static bool IsCompanionOf(string last, string name) => name.Length > 0 && name[0] == '_' && name.AsSpan(1).SequenceEqual(last);

    // ---- the list ----------------------------------------------------------------------------------------------------------

    private readonly int Open(byte kind, int start, long mask)
    {
        cuts.Entries.Add(new CutList.Entry(kind, start, 0, kind == CutList.Cut ? mask : 0, default));
        return cuts.Entries.Count - 1;
    }

    /// <summary>Sets the end; a container in which nothing can be cut is forgotten.</summary>
    private readonly void Close(int entry)
    {
        if (entry < 0) return;
        var open = cuts.Entries[entry];
        if (open.Kind == CutList.Container && entry == cuts.Entries.Count - 1) cuts.Entries.RemoveAt(entry);
        else cuts.Entries[entry] = open with { Length = (int)json.BytesConsumed - open.Start };
    }
}
