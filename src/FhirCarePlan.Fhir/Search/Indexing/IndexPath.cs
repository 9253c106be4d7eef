using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>A search expression simple enough to be walked without the FHIRPath engine, as nearly all of R4's are:
/// `Type.a.b`, `(a as T)`, `a.as(T)`, `a.ofType(T)`, `a.where(resolve() is T)`, `a.where(x='s')`, `a.extension('url')`, `a[0]`.
/// Allocates nothing when walked.</summary>
internal sealed class IndexPath
{
    private enum Kind { Child, OfType, TargetIs, Where, Extension, Item }

    /// <param name="Name">Element, type or extension's address.</param>
    private readonly record struct Step(Kind Kind, string Name, byte[] Value, int Item = 0);

    private readonly Step[] steps;

    private IndexPath(List<Step> steps) => this.steps = [.. steps];

    /// <summary>Null when the expression needs the engine.</summary>
    public static IndexPath? TryCompile(string type, string text)
    {
        var reader = new Reader(type, text);
        return reader.Path() && reader.IsAtEnd ? new IndexPath(reader.Steps) : null;
    }

    /// <summary>The element the path ends at by name alone (`Patient.contact.gender`); null for every other path.</summary>
    public ElementInfo? ElementOf(TypeInfo? type)
    {
        ElementInfo? element = null;
        foreach (var step in steps)
        {
            element = step.Kind == Kind.Child ? type?.Element(step.Name) : null;
            if (element is null) return null;
            type = element.Types is [var only] ? only.Type : null;
        }
        return element;
    }

    /// <summary>The element that a step goes down to by name alone, null for every other step and at the end.</summary>
    public string? ChildAt(int at) => at < steps.Length && steps[at].Kind == Kind.Child ? steps[at].Name : null;

    /// <summary>Hands over the nodes that the steps from `at` on find below a node.</summary>
    public void Walk(Node node, int at, RowWriter into)
    {
        if (at == steps.Length) { into.Add(node); return; }
        ref readonly var step = ref steps[at];
        switch (step.Kind)
        {
            case Kind.Child:
                foreach (var child in node.All(step.Name)) Walk(child, at + 1, into);
                break;
            case Kind.OfType:
                if (node.Type.Is(step.Name)) Walk(node, at + 1, into);
                break;
            case Kind.TargetIs:
                if (NamedTarget.Is(node, step.Name)) Walk(node, at + 1, into);
                break;
            case Kind.Where:
                foreach (var child in node.All(step.Name))
                    if (child.HasValue && child.ValueEquals(step.Value))
                    {
                        var outer = into.Anchor;
                        into.Anchor = outer < 0 ? node.Index : outer;
                        Walk(node, at + 1, into);
                        into.Anchor = outer;
                        break;
                    }
                break;
            case Kind.Extension:
                foreach (var child in node.All("extension"))
                    if (child["url"] is { IsMissing: false } url && url.ValueEquals(step.Value)) Walk(child, at + 1, into);
                break;
            case Kind.Item:
                var count = 0;
                foreach (var child in node.All(step.Name))
                    if (count++ == step.Item) { Walk(child, at + 1, into); break; }
                break;
        }
    }

    private ref struct Reader(string type, ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> text = text;
        private int at;

        public List<Step> Steps { get; } = [];
        public readonly bool IsAtEnd => at == text.Length;

        public bool Path()
        {
            if (Take('('))
            {
                if (!Path()) return false;
                if (Take(" as "))
                {
                    if (!Name(out var cast)) return false;
                    Add(Kind.OfType, cast);
                }
                if (!Take(')')) return false;
            }
            else if (!First()) return false;
            while (!IsAtEnd && text[at] is '.' or '[')
                if (!Next()) return false;
            return true;
        }

        private bool First()
        {
            if (!Name(out var name)) return false;
            if (name == type || name is "Resource" or "DomainResource") return true;
            if (char.IsAsciiLetterUpper(name[0]) || Peek('(')) return false;
            Add(Kind.Child, name);
            return true;
        }

        private bool Next()
        {
            if (Take('[')) return Item();
            if (!Take('.') || !Name(out var name)) return false;
            if (!Take('(')) { Add(Kind.Child, name); return true; }
            return name switch
            {
                "as" or "ofType" => Name(out var cast) && Add(Kind.OfType, cast) && Take(')'),
                "extension" => Quoted(out var url) && Add(Kind.Extension, url, url) && Take(')'),
                "where" => Where() && Take(')'),
                _ => false,
            };
        }

        private bool Where()
        {
            if (Take("resolve() is ")) return Name(out var target) && Add(Kind.TargetIs, target);
            if (!Name(out var name)) return false;
            Take(' ');
            if (!Take('=')) return false;
            Take(' ');
            return Quoted(out var value) && Add(Kind.Where, name, value);
        }

        /// <summary>Only directly under the resource, where position in the element is position in the result.</summary>
        private bool Item()
        {
            var start = at;
            while (!IsAtEnd && char.IsAsciiDigit(text[at])) at++;
            if (Steps is not [{ Kind: Kind.Child } child] || !int.TryParse(text[start..at], out var item) || !Take(']')) return false;
            Steps[0] = child with { Kind = Kind.Item, Item = item };
            return true;
        }

        private readonly bool Add(Kind kind, string name, string value = "")
        {
            Steps.Add(new Step(kind, name, System.Text.Encoding.UTF8.GetBytes(value)));
            return true;
        }

        private bool Name(out string name)
        {
            var start = at;
            while (!IsAtEnd && char.IsAsciiLetterOrDigit(text[at])) at++;
            name = text[start..at].ToString();
            return at > start && char.IsAsciiLetter(name[0]);
        }

        private bool Quoted(out string value)
        {
            value = "";
            if (!Take('\'')) return false;
            var end = text[at..].IndexOf('\'');
            if (end < 0 || text.Slice(at, end).Contains('\\')) return false;
            value = text.Slice(at, end).ToString();
            at += end + 1;
            return true;
        }

        private readonly bool Peek(char c) => !IsAtEnd && text[at] == c;

        private bool Take(char c)
        {
            if (!Peek(c)) return false;
            at++;
            return true;
        }

        private bool Take(string word)
        {
            if (!text[at..].StartsWith(word, StringComparison.Ordinal)) return false;
            at += word.Length;
            return true;
        }
    }
}
