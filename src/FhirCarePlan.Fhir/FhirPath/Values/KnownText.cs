using System.Text;

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
    public bool Equals(in Item other)
    {
        if (!other.IsNode || hasBackslash) return TextView.Of(other).Equals(TextView.Of(item));
        var node = other.Node;
        var raw = node.Raw;
        if (raw[0] == '"') raw = raw[1..^1];
        if (raw.Length == utf8.Length) return raw.SequenceEqual(utf8);
        // Escapes make the source longer than the text, never shorter.
        return raw.Length > utf8.Length && raw.Contains((byte)'\\') && node.Utf8.SequenceEqual(utf8);
    }
}
