using System.Collections.Concurrent;
using System.Text;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Every type of R4. Each is made once, when first asked for, even if several threads ask at once.</summary>
internal static class TypeTable
{
    private const int LongestName = 128;

    // A type's base is loaded while it is made itself; since bases form a tree, waiting for one another cannot close a circle.
    private static readonly ConcurrentDictionary<string, Lazy<Dictionary<string, TypeInfo>>> Lines = new();
    private static readonly ConcurrentDictionary<string, TypeInfo> Known = new();
    private static readonly ConcurrentDictionary<string, TypeInfo>.AlternateLookup<ReadOnlySpan<char>> KnownByChars =
        Known.GetAlternateLookup<ReadOnlySpan<char>>();

    public static TypeInfo? Find(ReadOnlySpan<byte> utf8Name)
    {
        if (utf8Name.Length > LongestName) return null;
        Span<char> chars = stackalloc char[LongestName];
        var name = chars[..Encoding.UTF8.GetChars(utf8Name, chars)];
        return KnownByChars.TryGetValue(name, out var type) ? type : Load(name.ToString());
    }

    public static TypeInfo? Find(string name) => Known.TryGetValue(name, out var type) ? type : Load(name);

    private static TypeInfo? Load(string name)
    {
        var dot = name.IndexOf('.');
        var root = dot < 0 ? name : name[..dot];
        if (!FactsFile.Lines(FactKind.Types).TryGetValue(root, out var text)) return null;
        var line = Lines.GetOrAdd(root, _ => new Lazy<Dictionary<string, TypeInfo>>(() => TypeLine.Read(text, Refer)));
        // An unknown name is not remembered: names come from outside too.
        return line.Value.TryGetValue(name, out var type) ? Known.GetOrAdd(name, type) : null;
    }

    private static TypeInfo Refer(string name) =>
        Find(name) ?? throw new InvalidOperationException($"The facts refer to `{name}`, which they do not define");
}
