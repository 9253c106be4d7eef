using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Categories and sensitivities by what content says of itself in codes, however it was filed (src/docs/sharing.md#leaks, row 47).
/// A code adds to what the resource is of and never takes away, unless the agreement lets a list choose the category.</summary>
internal sealed class CodeClaims
{
    private static readonly TypeInfo CodingType = R4.Type("Coding")!, ConceptType = R4.Type("CodeableConcept")!,
        QuantityType = R4.Type("Quantity")!, IdentifierType = R4.Type("Identifier")!;

    private const int LongestCode = 24, LongestText = 1000;

    /// <summary>Elements that say who acts, not what about: a code there that no list names is a post or a kinship.</summary>
    private static readonly HashSet<string> whoActs = ["role", "performerType", "relationship"];

    private readonly CodeIndex index;
    private readonly WordIndex words;
    private readonly IReadOnlyList<CodeList> lists;
    private readonly long[] added;
    private readonly Dictionary<string, List<(long Bit, long Lists)>> choices = new(StringComparer.Ordinal);
    private readonly HashSet<string> aboutNobody;

    public CodeClaims(Protocol protocol, ProtocolBits bits)
    {
        lists = protocol.Codes;
        index = new CodeIndex(lists, protocol.Categories.SelectMany(c => c.UnlistedOf));
        words = new WordIndex(lists);
        added = new long[CodeList.Limit + 1];
        foreach (var category in protocol.Categories)
        {
            Add(category.Codes, bits.Of(category.Id));
            if (category.UnlistedOf.Count > 0) added[CodeList.Limit] |= bits.Of(category.Id);
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
    public static bool MayBear(Node node) =>
        node.Type is var type && (type == CodingType || type == ConceptType || type == QuantityType || type.Base == QuantityType
            || type == IdentifierType || IsValue(node));

    /// <summary>Adds to the part that the node's code speaks of.</summary>
    public void Claim(Node node, long[] masks)
    {
        var of = node.Type == CodingType ? index.Lists(node) | Said(node["display"])
            : node.Type == ConceptType ? OfText(node["text"]) | Said(node["text"])
            : node.Type == IdentifierType ? OfTerminology(node["value"], node["system"])
            : IsValue(node) ? OfText(node)
            : node["code"] is { IsMissing: false } unit ? index.Lists(unit, node["system"]) : 0;
        if ((of & CodeIndex.Unlisted) != 0 && SaysWhoActs(node)) of &= ~CodeIndex.Unlisted;
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
            else if (CodeIndex.IsOfSameSystem(coding, lists, of)) return false;
        return isOne;
    }

    /// <summary>A text is what it is. Nothing but a code, it is that code; a code in it that tells what it is counts too.</summary>
    private long OfText(Node text)
    {
        if (text.IsMissing || text.Utf8.Length > LongestText) return 0;
        if (text.Utf8.Length <= LongestCode && !text.Utf8.Trim((byte)' ').Contains((byte)' ')) return index.Lists(text, Node.Missing);
        return index.ListsIn(text);
    }

    private long Said(Node text) => text.IsMissing || text.Utf8.Length > LongestText ? 0 : words.Lists(text);

    /// <summary>An identifier is a code only where its system says so.</summary>
    private long OfTerminology(Node code, Node system) =>
        code.IsMissing || system.IsMissing || Terminologies.Of(system.Text) is null ? 0 : index.Lists(code, system);

    /// <summary>`value[x]` that is text, a code or an address.</summary>
    private static bool IsValue(Node node) =>
        node.Element is { IsChoice: true, Name: "value" } && node.Type.IsPrimitive
        && node.Type.Name is "code" or "string" or "markdown" or "id" or "uri" or "url" or "canonical";

    private static bool SaysWhoActs(Node node)
    {
        var concept = node.Type == CodingType ? node.Parent : node;
        return concept.Type == ConceptType && whoActs.Contains(concept.Name);
    }

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
