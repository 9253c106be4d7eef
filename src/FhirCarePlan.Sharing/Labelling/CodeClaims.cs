using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Categories and sensitivities by what content says of itself in codes, however it was filed (src/docs/sharing.md#leaks, row 47).
/// A code adds to what the resource is of and never takes away, unless the agreement lets a list choose the category.</summary>
internal sealed class CodeClaims
{
    private static readonly TypeInfo CodingType = R4.Type("Coding")!, ConceptType = R4.Type("CodeableConcept")!,
        ExtensionType = R4.Type("Extension")!;

    private const int LongestCode = 24;

    private readonly CodeIndex index;
    private readonly IReadOnlyList<CodeList> lists;
    private readonly long[] added;
    private readonly Dictionary<string, List<(long Bit, long Lists)>> choices = new(StringComparer.Ordinal);
    private readonly HashSet<string> aboutNobody;

    public CodeClaims(Protocol protocol, ProtocolBits bits)
    {
        lists = protocol.Codes;
        index = new CodeIndex(lists);
        added = new long[lists.Count];
        foreach (var category in protocol.Categories)
        {
            Add(category.Codes, bits.Of(category.Id));
            foreach (var (type, names) in category.RootCodes)
            {
                if (!choices.TryGetValue(type, out var known)) choices[type] = known = [];
                known.Add((bits.Of(category.Id), MaskOf(names)));
            }
        }
        foreach (var sensitivity in protocol.Sensitivities) Add(sensitivity.Codes, bits.Of(sensitivity.Code));
        aboutNobody = [.. protocol.TypesWithoutCodes()];

        void Add(IReadOnlyList<string> names, long bit)
        {
            for (var i = 0; i < lists.Count; i++)
                if (names.Contains(lists[i].Id)) added[i] |= bit;
        }
    }

    /// <summary>Null where nothing in the agreement goes by code.</summary>
    public static CodeClaims? Of(Protocol protocol, ProtocolBits bits) => protocol.Codes.Count == 0 ? null : new CodeClaims(protocol, bits);

    /// <summary>True for a node that may bear a code.</summary>
    public static bool MayBear(TypeInfo type) => type == CodingType || type == ConceptType || type == ExtensionType;

    /// <summary>Adds to the part that the node's code speaks of.</summary>
    public void Claim(Node node, long[] masks)
    {
        var of = node.Type == CodingType ? index.Lists(node) : node.Type == ConceptType ? OfText(node) : OfValue(node);
        if (of == 0) return;
        var bits = 0L;
        for (var rest = of; rest != 0; rest &= rest - 1) bits |= added[System.Numerics.BitOperations.TrailingZeroCount(rest)];
        if (bits == 0) return;
        if (CodedPart.Of(node) is { IsMissing: false } part && !IsAboutNobody(part)) masks[part.Index] |= bits;
    }

    /// <summary>The categories that the resource's own code, or its answer, chooses it for: what it is a record of, not what a part of it
    /// says.</summary>
    public long Chosen(Node resource)
    {
        if (!choices.TryGetValue(resource.Type.Name, out var known)) return 0;
        var chosen = 0L;
        foreach (var name in (ReadOnlySpan<string>)["code", "type", "value"])
            foreach (var concept in resource.All(name))
                if (concept.Type == ConceptType)
                    foreach (var (bit, of) in known)
                        if (IsChosen(concept, of)) chosen |= bit;
        return chosen;
    }

    /// <summary>A concept said in several terminologies is chosen by one of them. If one terminology says two things, both have to be of
    /// the lists.</summary>
    private bool IsChosen(Node concept, long of)
    {
        var isOne = false;
        foreach (var coding in concept.All("coding"))
            if ((index.ExactLists(coding) & of) != 0) isOne = true;
            else if (index.IsOfSameSystem(coding, lists, of)) return false;
        return isOne;
    }

    /// <summary>Text is what it is, unless it is nothing but a code.</summary>
    private long OfText(Node concept)
    {
        foreach (var coding in concept.All("coding"))
            if (!coding["code"].IsMissing) return 0;
        var text = concept["text"];
        if (text.IsMissing || text.Utf8.Length > LongestCode || text.Utf8.Trim((byte)' ').Contains((byte)' ')) return 0;
        return index.Lists(text, Node.Missing);
    }

    private long OfValue(Node extension) =>
        extension["value"] is { IsMissing: false } value && value.Type.Name == "code" ? index.Lists(value, Node.Missing) : 0;

    private bool IsAboutNobody(Node part)
    {
        var resource = part.Type.IsResource ? part : part.Resource;
        while (aboutNobody.Contains(resource.Type.Name))
        {
            if (resource.Parent.IsMissing) return true;
            // What is contained is about whom its container is about.
            resource = resource.Parent.Type.IsResource ? resource.Parent : resource.Parent.Resource;
        }
        return false;
    }

    private long MaskOf(IReadOnlyList<string> names)
    {
        var mask = 0L;
        for (var i = 0; i < lists.Count; i++)
            if (names.Contains(lists[i].Id)) mask |= 1L << i;
        return mask;
    }
}
