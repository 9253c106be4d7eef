using System.Collections.Concurrent;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Every type of R4, each made once, when first asked for, whoever asks at the same time.</summary>
internal static class TypeTable
{
    // A type's base is loaded while it is made itself; since bases form a tree, waiting for one another cannot close a circle.
    private static readonly ConcurrentDictionary<string, Lazy<Dictionary<string, TypeInfo>>> Lines = new();

    public static TypeInfo? Find(string name)
    {
        var dot = name.IndexOf('.');
        var root = dot < 0 ? name : name[..dot];
        if (!Lines.TryGetValue(root, out var line))
        {
            if (!FactsFile.Embedded.Types.TryGetValue(root, out var text)) return null;
            line = Lines.GetOrAdd(root, _ => new Lazy<Dictionary<string, TypeInfo>>(() => TypeLine.Read(text, Load)));
        }
        return line.Value.GetValueOrDefault(name);
    }

    private static TypeInfo Load(string name) => Find(name) ?? throw new InvalidOperationException($"The facts refer to `{name}`, which they do not define");
}
