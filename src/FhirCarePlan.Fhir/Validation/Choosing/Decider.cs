using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>One thing about a resource that decides which profile binds it.</summary>
public abstract record Decider
{
    /// <summary>Profiles before which it steps back.</summary>
    public IReadOnlyList<string> Unless { get; init; } = [];

    /// <summary>What the guide says of it: `` `category` is `need` of … ``.</summary>
    public abstract string Words { get; }

    /// <summary>The same as the subject of a sentence about one resource.</summary>
    public virtual string Says => Words;

    /// <summary>The same as what a sender should have given.</summary>
    public virtual string Wanted => Words;

    /// <summary>Where the resource has it; Missing when it has not.</summary>
    public abstract Node Find(Node root);

    /// <summary>Where the resource has something that is probably a slip of it, and what to say; null for none.</summary>
    public virtual (Node At, string Text)? Nearly(Node root) => null;

    /// <summary>All nodes at `a.b.c` below the root.</summary>
    protected static IEnumerable<Node> At(Node from, string[] path, int step = 0)
    {
        foreach (var node in from.All(path[step]).ToList())
            if (step == path.Length - 1) yield return node;
            else
                foreach (var below in At(node, path, step + 1)) yield return below;
    }
}

/// <summary>An extension of ours at the root: `Extension-CPA-NAME`.</summary>
public sealed record ExtensionDecider(IReadOnlyList<string> Names) : Decider
{
    private readonly HashSet<string> urls = [.. Names.Select(n => $"{ProfileTable.Profiles}Extension-CPA-{n}")];

    public override string Words => $"the extension {string.Join(" or ", Names.Select(n => $"`{n}`"))}";

    public override string Says => Names.Count == 1 ? Words : $"One of the extensions {string.Join(", ", Names.Select(n => $"`{n}`"))}";

    public override Node Find(Node root)
    {
        foreach (var extension in root.All("extension"))
            if (extension.TextOf("url") is { } url && urls.Contains(url)) return extension;
        return Node.Missing;
    }
}

/// <summary>An element that has anything in it.</summary>
public sealed record ElementDecider(string Element) : Decider
{
    public override string Words => $"`{Element}`";
    public override Node Find(Node root) => root[Element];
}

/// <summary>An element that has no code: neither one of ours nor one that says what else it is.</summary>
public sealed record UncodedDecider(string Element) : Decider
{
    private readonly string[] path = Element.Split('.');

    public override string Words => $"no code in `{Element}`";

    public override Node Find(Node root)
    {
        foreach (var concept in At(root, path))
            foreach (var coding in concept.All("coding"))
                if (!coding["code"].IsMissing && !coding["system"].IsMissing) return Node.Missing;
        return root;
    }
}

/// <summary>An identifier of one of these systems.</summary>
public sealed record IdentifierDecider(IReadOnlyList<string> Systems) : Decider
{
    public override string Words => $"an identifier of {string.Join(" or ", Systems.Select(s => $"`{s}`"))}";

    public override Node Find(Node root)
    {
        foreach (var identifier in root.All("identifier"))
            if (identifier.TextOf("system") is { } system && Systems.Contains(system)) return identifier;
        return Node.Missing;
    }
}

/// <summary>A reference to a resource of one of these types.</summary>
public sealed record ReferenceDecider(string Element, IReadOnlyList<string> Types) : Decider
{
    public override string Words => $"`{Element}` refers to a {string.Join(", ", Types)}";

    public override Node Find(Node root)
    {
        foreach (var reference in root.All(Element))
            if ((Reference.Of(reference).Type ?? reference.TextOf("type")) is { } type && Types.Contains(type)) return reference;
        return Node.Missing;
    }
}

/// <summary>Items of these link ids, where an element that would say whose they are is left out.</summary>
public sealed record LinkIdDecider(IReadOnlyList<string> LinkIds, string Without) : Decider
{
    public override string Words => $"no `{Without}`, and an item {string.Join(", ", LinkIds.Select(l => $"`{l}`"))}";

    public override Node Find(Node root)
    {
        if (!root[Without].IsMissing) return Node.Missing;
        foreach (var item in root.All("item"))
            if (item.TextOf("linkId") is { } link && LinkIds.Contains(link)) return item;
        return Node.Missing;
    }
}

/// <summary>Who writes it: an agency of this kind; `*` for any that is party to an agreement with others.</summary>
/// <param name="Uncoded">It steps back where this element has a code: then that says what the resource is. Null for none.</param>
public sealed record WriterDecider(string Sector, string? Uncoded = null) : Decider
{
    public override string Words => (Sector == "*" ? "written by a party to a sharing agreement" : $"written by a `{Sector}`")
        + (Uncoded is null ? "" : $", and `{Uncoded}` has no code");

    public override string Says => $"A writer of the kind `{Sector}`";
    public override Node Find(Node root) => Node.Missing;

    public Node Find(Node root, string? writer)
    {
        if (writer is null || Sector != "*" && writer != Sector) return Node.Missing;
        if (Uncoded != null)
            foreach (var concept in root.All(Uncoded))
                if (Concept.IsCoded(concept)) return Node.Missing;
        return root;
    }
}
