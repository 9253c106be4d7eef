using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>A string literal that elements are compared with: its bytes are made once, so that a comparison is one of memory.</summary>
internal sealed class KnownText(string text)
{
    private readonly byte[] utf8 = Encoding.UTF8.GetBytes(text);
    private readonly bool hasBackslash = text.Contains('\\');
    private readonly Item item = text;

    /// <summary>The texts of code that yields nothing but strings known at compile time; else null.</summary>
    public static KnownText[]? AllOf(Code code) =>
        code.Constant is { } items && Array.TrueForAll(items, i => i.Kind == ItemKind.String)
            ? Array.ConvertAll(items, i => new KnownText(i.String)) : null;

    /// <summary>The item is a string, or an element with a value of a string's type.</summary>
    public bool Equals(in Item other) => !other.IsNode || hasBackslash ? TextView.Of(other).Equals(TextView.Of(item)) : Equals(other.Node);

    /// <param name="node">An element with a value.</param>
    public bool Equals(Node node)
    {
        if (hasBackslash) return Equals((Item)node);
        var raw = node.Raw;
        if (raw[0] == '"') raw = raw[1..^1];
        if (raw.Length == utf8.Length) return raw.SequenceEqual(utf8);
        // Escapes make the source longer than the text, never shorter.
        return raw.Length > utf8.Length && node.HasEscapes && node.Utf8.SequenceEqual(utf8);
    }
}
