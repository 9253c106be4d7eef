using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Labels every node of a resource under one protocol, at write time. src/docs/sharing.md#the-promise</summary>
public sealed class Labeller
{
    /// <summary>Counts up when the rules of labelling change. Labels made under another number, or under a protocol with another hash, are
    /// old.</summary>
    public const int Rules = 4;

    private static readonly TypeInfo Extension = R4.Type("Extension")!, Narrative = R4.Type("Narrative")!, Meta = R4.Type("Meta")!, ReferenceType = R4.Type("Reference")!;

    private readonly ConcurrentDictionary<string, TypeClaims> claims = new(StringComparer.Ordinal);
    private readonly Protocol protocol;
    private readonly ProtocolBits bits;
    private readonly SecurityLabels security;
    private readonly Reach reach;
    private readonly CodeClaims? codes;
    private readonly FhirPathContext context;

    /// <exception cref="FhirPathException">A category's expression is not FHIRPath.</exception>
    public Labeller(Protocol protocol, ProtocolBits bits, TimeProvider clock)
    {
        if (bits.Other == 0) throw new InvalidOperationException("The protocol has no category `other`, to which belongs what no other claims");
        (this.protocol, this.bits) = (protocol, bits);
        security = new SecurityLabels(protocol, bits);
        reach = new Reach(protocol, bits);
        codes = CodeClaims.Of(protocol, bits);
        context = new FhirPathContext(clock);
        foreach (var type in protocol.Categories.SelectMany(c => c.Roots.Keys.Concat(c.Elements.Keys)).Distinct()) ClaimsOf(type);
    }

    /// <summary>The categories that resources of the type can carry. A caller who lacks one has a partial view of the type, whatever a
    /// resource holds, and may not update it (src/docs/sharing.md#writing-from-a-view).</summary>
    public long CanCarry(string type) => reach.Of(type);

    /// <summary>CanCarry and the labels that any element may carry: a caller permitted all of it sees a resource of the type whole or not
    /// at all.</summary>
    public long WholeView(string type) => reach.Of(type) | bits.Labels;

    /// <summary>Every category that may choose a resource of the type.</summary>
    public long RootsOf(string type) => reach.Roots(type);

    /// <summary>The answer for a local reference whose target is not stored: all that the root of a resource of the type may bear, so that to who
    /// may not see all of the type an absent target looks like a hidden one (src/docs/sharing.md#leaks, row 18).</summary>
    public long AbsentRoot(string type) => reach.AnyRoot(type);

    /// <param name="meta">The `meta` object that will be stored, as JSON, if it differs from the document's own.</param>
    /// <param name="target">`Condition/x` → root mask of the stored resource, null when there is none: a caller who may not see it does not
    /// see the reference.</param>
    public Labels Label(Document document, ReadOnlySpan<byte> meta = default, Func<string, long?>? target = null)
    {
        var masks = new long[document.Count];
        var claimed = new bool[document.Count];
        var wide = WholeView(document.Type.Name);
        var references = new List<string>();
        for (var i = 0; i < document.Count; i++)
            if (document[i].Type.IsResource) LabelResource(document[i], masks, claimed, i == 0 ? target : null);
        if (!meta.IsEmpty) masks[0] |= security.OfMeta(meta);
        var person = PersonReference.Of(document.Root);
        for (var i = 1; i < document.Count; i++)
        {
            var node = document[i];
            var type = node.Type;
            if (codes != null && CodeClaims.MayBear(node)) codes.Claim(node, masks);
            if (type == Extension) LabelExtension(node, masks, claimed);
            else if (type == Narrative) masks[i] |= wide;
            else if (type == Meta)
                foreach (var child in node.Children) masks[child.Index] |= Labels.OfMeta(child.Name, wide, bits.Other);
            else if (type == ReferenceType && Reference.Of(node).Local is { } address && address != person)
            {
                references.Add(address);
                masks[i] |= target?.Invoke(address) ?? 0;
            }
        }
        new Closure(document, masks).Close(wide);
        return new Labels(masks, wide, bits.Other, references);
    }

    private void LabelResource(Node resource, long[] masks, bool[] claimed, Func<string, long?>? target)
    {
        var type = ClaimsOf(resource.Type.Name);
        var followed = target != null && SecurityContext.Document(resource) is { } document ? target(document) ?? 0 : 0;
        masks[resource.Index] |= (followed != 0 ? followed : type.RootOf(resource, context, codes?.Chosen(resource) ?? 0)) | security.OfResource(resource);
        type.Claim(resource, context, masks, claimed);
    }

    /// <summary>An extension that no category claims is `other`, except the named parts of one that is claimed.</summary>
    private void LabelExtension(Node extension, long[] masks, bool[] claimed)
    {
        var url = extension.TextOf("url");
        if (url == SecurityLabels.InlineUrl) masks[extension.Parent.Index] |= security.Of(extension["value"]);
        if (claimed[extension.Index]) return;
        var isPart = extension.Parent is var whole && whole.Type == Extension && claimed[whole.Index] && url != null && !url.Contains(':');
        if (isPart) claimed[extension.Index] = true;
        else masks[extension.Index] |= bits.Other;
    }

    private TypeClaims ClaimsOf(string type) => claims.TryGetValue(type, out var known) ? known : claims.GetOrAdd(type, new TypeClaims(type, protocol, bits));
}
