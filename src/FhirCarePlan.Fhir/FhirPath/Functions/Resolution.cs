using System.Runtime.CompilerServices;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath.Syntax;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>`resolve()`: contained resources, entries of the same Bundle, then resources that the context knows.
/// https://hl7.org/fhir/R4/references.html, https://hl7.org/fhir/R4/bundle.html#references</summary>
internal static class Resolution
{
    private static readonly ConditionalWeakTable<Document, Dictionary<string, int>> Entries = new();

    public static Code Resolve(Call call)
    {
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var (end, keep) = (e.Top, start);
            for (var i = start; i < end; i++)
            {
                e.Tick();
                if (Address(e[i]) is { } address && Target(e, e[i], address) is { IsMissing: false } target) e[keep++] = target;
            }
            e.Top = keep;
        });
    }

    /// <summary>`resolve() is Patient`, which search parameters ask of every reference: most addresses name the type themselves, so that
    /// nothing need be fetched. Empty when neither the address nor a target tells.</summary>
    public static Code TargetIs(Invocation resolve, TypeName type)
    {
        var input = resolve.Input is null ? Compiler.This : Compiler.Compile(resolve.Input);
        var run = input.Run;
        return Code.OfTruth(e =>
        {
            var start = e.Top;
            run(e);
            if (!e.TakeOne(start, out var item, "is") || Address(item) is not { } address) return Truth.Empty;
            var target = Reference.NamedType(address) is { } named ? R4.Type(named) : null;
            if (target is null && Target(e, item, address) is { IsMissing: false } node) target = node.Type;
            if (target is null && item.IsNode && item.Node.TextOf("type") is { } stated) target = R4.Type(stated);
            return target is null ? Truth.Empty : target.Is(type.Name) && type.Namespace != "System" ? Truth.True : Truth.False;
        });
    }

    private static string? Address(in Item item)
    {
        if (!item.IsNode) return item.Kind == ItemKind.String ? item.String : null;
        return item.Node.Type.IsPrimitive ? item.Node.Text : item.Node.TextOf("reference") is { } address ? address : null;
    }

    private static Node Target(Evaluation e, in Item item, string address)
    {
        var from = item.IsNode ? item.Node : e.Focus;
        if (!from.IsMissing)
        {
            var local = address.StartsWith('#') ? Contained(Evaluation.RootResource(from), address[1..]) : Bundled(from, address);
            if (!local.IsMissing || address.StartsWith('#')) return local;
        }
        return e.Context.Resolve is { } resolve ? resolve(address) : Node.Missing;
    }

    /// <summary>`#` alone is the container itself.</summary>
    private static Node Contained(Node root, string id)
    {
        if (id.Length == 0) return root;
        foreach (var resource in root.All("contained"))
            if (resource.TextOf("id") == id) return resource;
        return Node.Missing;
    }

    private static Node Bundled(Node from, string address)
    {
        var resource = Evaluation.RootResource(from);
        if (resource.IsRoot || resource.Parent.Type.Name != "Bundle.entry") return Node.Missing;
        var entries = Entries.GetValue(from.Document, ByFullUrl);
        address = Reference.Parse(address).Address ?? address;
        if (!entries.TryGetValue(address, out var index)
            && (Base(resource) is not { } start || !entries.TryGetValue(start + address, out index))) return Node.Missing;
        return from.Document[index];
    }

    /// <summary>The base of the entry's own address: relative references belong to the same server.</summary>
    private static string? Base(Node resource)
    {
        if (resource.Parent.TextOf("fullUrl") is not { } url) return null;
        var ending = $"{resource.Type.Name}/{resource.TextOf("id")}";
        return url.EndsWith(ending, StringComparison.Ordinal) ? url[..^ending.Length] : null;
    }

    private static Dictionary<string, int> ByFullUrl(Document document)
    {
        var entries = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < document.Count; i++)
        {
            if (document[i].Type.Name != "Bundle.entry") continue;
            if (document[i].TextOf("fullUrl") is { } url && document[i]["resource"] is { IsMissing: false } resource)
                entries.TryAdd(url, resource.Index);
        }
        return entries;
    }
}
