using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Interactions;

/// <summary>`Patient?identifier=x`, and the element that holds it.</summary>
public readonly record struct ConditionalReference(string Text, string Type, string Location);

/// <summary>The links of one entry's resource as they will be stored. Names of entries become the stored resources' names, in references,
/// in values of type uri, url, canonical, oid and uuid, and in links of narratives. Ambiguous links are refused.
/// https://hl7.org/fhir/R4/http.html#trules, https://hl7.org/fhir/R4/bundle.html#references</summary>
/// <param name="scratch">Shared by the entries of a bundle, which are written one after the other.</param>
public sealed class EntryLinks(EntryNames names, BaseAddresses own, string? root, bool isTransaction, ArrayBufferWriter<byte> scratch)
{
    private static readonly string[] Directory = ["HealthcareService", "Location", "Organization", "Practitioner", "PractitionerRole"];

    private readonly List<Issue> issues = [];
    private readonly List<ConditionalReference> conditions = [];
    private readonly HashSet<string> entries = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, string>? found;

    /// <summary>Why the resource cannot be stored.</summary>
    public IReadOnlyList<Issue> Issues => issues;
    /// <summary>Its conditional references: they are replaced once they are resolved.</summary>
    public IReadOnlyList<ConditionalReference> Conditions => conditions;
    /// <summary>`Type/id` of the entries that it refers to.</summary>
    public IReadOnlyCollection<string> Entries => entries;

    /// <param name="found">The resources that the conditional references lead to; null before they are resolved.</param>
    /// <returns>The sent bytes when nothing is replaced, so that a large bundle is not held twice.</returns>
    public ReadOnlyMemory<byte> Write(Node resource, IReadOnlyDictionary<string, string>? found = null)
    {
        this.found = found;
        // A Bundle within a bundle has names of its own.
        var (isBundle, isChanged) = (resource.Type.Name == "Bundle", false);
        scratch.ResetWrittenCount();
        CanonicalJson.Write(resource, scratch, isBundle ? null : new WriteOptions { Replace = Replaced });
        return !isChanged && resource.Source is { } source ? source : scratch.WrittenSpan.ToArray();

        string? Replaced(Node node)
        {
            var other = Replace(node);
            isChanged |= other != null;
            return other;
        }
    }

    private string? Replace(Node node) => node.Type.Name switch
    {
        "xhtml" =>
            names.IsEmpty || node.Text is not { } narrative || XhtmlLinks.Rewrite(narrative, Link) is var other
            && ReferenceEquals(other, narrative) ? null : other,
        // A definition's own `url` is its name, not a link.
        "uri" or "url" or "canonical" or "oid" or "uuid" =>
            names.IsEmpty || node is { Name: "url", Parent.Type.IsResource: true } ? null : Named(node.Text!),
        "string" when node.Name == "reference" && node.Parent.Type.Name == "Reference" => Target(node, node.Text!),
        _ => null,
    };

    /// <summary>For a value that is a name as a whole. A resource stored under its own name keeps the value as sent.</summary>
    private string? Named(string text) => names.Find(text) is { } kept && Reference.Parse(text, own).Local != kept ? kept : null;

    private string? Link(string link)
    {
        var (name, fragment) = Split(link);
        if (name.Length == 0) return null;
        var kept = root is { Length: > 0 } && Reference.Parse(link).Local is { } local ? names.Find($"{root}/{local}") : Named(name);
        return kept is null ? null : kept + fragment;
    }

    private string? Target(Node node, string text)
    {
        var reference = Reference.Parse(text, own);
        switch (reference.Kind)
        {
            case ReferenceKind.Local: return Local(node, text, reference);
            case ReferenceKind.Conditional when isTransaction:
                if (found != null) return found.GetValueOrDefault(reference.Text!);
                conditions.Add(new ConditionalReference(reference.Text!, reference.Type!, node.Parent.Location));
                return null;
            case ReferenceKind.Urn or ReferenceKind.Foreign or ReferenceKind.Canonical or ReferenceKind.Unreadable:
                var (name, fragment) = Split(text);
                if (names.Find(name) is { } kept) return Entry(kept) + fragment;
                if (reference.Kind == ReferenceKind.Urn && isTransaction)
                    Refuse(node,
                    "No entry of this transaction has this `urn:` as its `fullUrl`. Add the entry, or refer to a stored resource by "
                    + "`Type/[id]`");
                return null;
            default: return null;
        }
    }

    /// <summary>Relative, or an absolute address of ours.</summary>
    private string? Local(Node node, string text, in Reference reference)
    {
        var (local, fragment) = (reference.Local!, reference.Fragment is { } part ? $"#{part}" : "");
        if (root is { Length: > 0 } && Reference.Parse(text).IsLocal)
        {
            if (names.Find($"{root}/{local}") is { } meant) return Entry(meant) + fragment;
            // R4 does not say what it means outside the bundle. Organisations and posts are nobody's record, and feeds name ours.
            if (!Directory.Contains(reference.Type))
                Refuse(node,
                "This relative reference belongs to the server in the entry's `fullUrl`, and no entry has that address. Add the entry, or "
                + "leave `fullUrl` out to refer to a resource here");
            return null;
        }
        if (names.Find(local) is { } kept)
        {
            Entry(kept);
            return kept == local ? null : kept + fragment;
        }
        if (root is null && names.IsElsewhere(local))
            Refuse(node,
                "This reference could mean an entry of this bundle or a resource of this server. Refer to the entry by its whole `fullUrl`");
        return null;
    }

    private string Entry(string kept)
    {
        entries.Add(kept);
        return kept;
    }

    private void Refuse(Node node, string text) =>
        issues.Add(new Issue(IssueSeverity.Error, IssueType.Value, node.Parent.Location, text) { Key = "bundle-reference" });

    private static (string Name, string Fragment) Split(string text) =>
        text.IndexOf('#') is >= 0 and var at ? (text[..at], text[at..]) : (text, "");
}
