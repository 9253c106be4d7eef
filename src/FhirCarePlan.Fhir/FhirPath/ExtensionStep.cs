using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>`extension(url)`: the extensions of that address, told apart while looking at them, so that the others are never collected.
/// https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal sealed class ExtensionStep
{
    private readonly ChildStep extensions = new("extension"), urls = new("url");

    public Code Code(Run run, KnownText url) => FhirPath.Code.Of(e =>
    {
        var start = e.Top;
        run(e);
        Replace(e, start, url);
    }, any: e =>
    {
        var start = e.Top;
        run(e);
        var any = false;
        for (var i = start; i < e.Top && !any; i++) any = !First(e, e[i], url).IsMissing;
        e.Top = start;
        return any;
    });

    /// <summary>Replaces [start, Top) by their extensions of the address.</summary>
    public void Replace(Evaluation e, int start, KnownText url)
    {
        var end = e.Top;
        if (end - start == 1)
        {
            var only = e[start];
            e.Top = start;
            Push(e, only, url);
            return;
        }
        for (var i = start; i < end; i++) Push(e, e[i], url);
        e.Drop(start, end);
    }

    private void Push(Evaluation e, in Item item, KnownText url)
    {
        for (var found = First(e, item, url); !found.IsMissing; found = From(found.NextSibling, found, url)) e.Push(found);
    }

    private Node First(Evaluation e, in Item item, KnownText url)
    {
        e.Tick();
        if (!item.IsNode) return Node.Missing;
        var first = extensions.First(item.Node);
        return From(first, first, url);
    }

    /// <summary>The next extension of the address, this one included; `like` is of the element meant.</summary>
    private Node From(Node extension, Node like, KnownText url)
    {
        for (; !extension.IsMissing && extension.Property == like.Property; extension = extension.NextSibling)
            if (urls.First(extension) is { IsMissing: false, HasValue: true } address && url.Equals(address)) return extension;
        return Node.Missing;
    }
}
