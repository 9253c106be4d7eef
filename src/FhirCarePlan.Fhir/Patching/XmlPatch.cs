using System.Text;
using System.Xml;
using System.Xml.Linq;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>XML Patch on the XML form of a resource: `add`, `replace` and `remove` below one root, whatever it is called. White space means
/// nothing in FHIR, so `ws` is passed over. https://www.rfc-editor.org/rfc/rfc5261, https://www.rfc-editor.org/rfc/rfc7351</summary>
internal sealed class XmlPatch(XDocument document, PatchBudget budget)
{
    private static readonly string[] Places = ["before", "after", "prepend"];

    private int number;

    /// <returns>Null, with the patched XML, when all operations were done.</returns>
    public static Issue? Apply(ReadOnlyMemory<byte> patch, Document resource, PatchBudget budget, out byte[] patched)
    {
        patched = [];
        if (XmlTree.Read(patch)?.Root is not { } root)
            return PatchFault.Malformed("An XML Patch is well-formed XML in UTF-8 without a document type (RFC 5261)");
        var operations = root.Elements().ToList();
        if (operations.Count > PatchBudget.MostOperations) return PatchFault.TooMany;
        var run = new XmlPatch(XmlTree.Read(ResourceXml.Write(resource))!, budget);
        foreach (var operation in operations)
        {
            if (run.Do(operation) is { } fault) return fault;
            run.number++;
        }
        patched = Encoding.UTF8.GetBytes(run.Document.ToString(SaveOptions.DisableFormatting));
        return null;
    }

    private XDocument Document => document;

    private Issue? Do(XElement operation)
    {
        if (operation.Name.LocalName is not ("add" or "replace" or "remove") || operation.Name.Namespace != operation.Parent!.Name.Namespace)
            return Malformed($"{PatchFault.Shown(operation.Name.LocalName)} is not an operation; it must be add, replace or remove");
        if ((string?)operation.Attribute("sel") is not { Length: > 0 } sel) return Malformed("`sel` is missing");
        var selector = new XmlSelector(sel, operation, budget);
        var found = selector.Find(document);
        if (selector.Fault is { } wrong) return Malformed(wrong);
        if (selector.IsTooCostly) return PatchFault.TooCostly(number);
        if (found is not [var target])
            return Unfit($"{PatchFault.Shown(sel)} leads to {(found.Count == 0 ? "nothing" : $"{found.Count} nodes")}; it must lead to one");
        return operation.Name.LocalName switch
        {
            "add" => Add(operation, target),
            "replace" => Replace(operation, target),
            _ => Remove(target),
        };
    }

    private Issue? Add(XElement operation, XObject target)
    {
        if ((string?)operation.Attribute("type") is { } type) return AddAttribute(operation, target, type);
        var place = (string?)operation.Attribute("pos");
        if (place != null && !Places.Contains(place)) return Malformed($"`pos` must be one of {string.Join(", ", Places)}");
        if (place is "before" or "after")
        {
            if (target is not XNode { Parent: not null } beside) return Unfit("beside this node nothing can be added");
            if (TooDeep(operation, beside.Parent) is { } tooDeep) return tooDeep;
            if (place == "before") beside.AddBeforeSelf(Content(operation));
            else beside.AddAfterSelf(Content(operation));
            return null;
        }
        if (target is not XElement parent) return Unfit("only an element can have children");
        if (TooDeep(operation, parent) is { } deep) return deep;
        if (place == "prepend") parent.AddFirst(Content(operation));
        else parent.Add(Content(operation));
        return null;
    }

    private Issue? AddAttribute(XElement operation, XObject target, string type)
    {
        if (!type.StartsWith('@') || !IsName(type[1..])) return Malformed("`type` must name an attribute, such as `@value`; FHIR has no other namespaces");
        if (target is not XElement element) return Unfit("only an element can have attributes");
        if (element.Attribute(type[1..]) != null) return Unfit($"the attribute {PatchFault.Shown(type)} is there already; use `replace`");
        element.SetAttributeValue(type[1..], operation.Value);
        return null;
    }

    private Issue? Replace(XElement operation, XObject target)
    {
        switch (target)
        {
            case XAttribute attribute:
                attribute.Value = operation.Value;
                return null;
            case XText text:
                text.Value = operation.Value;
                return null;
            case XElement element when operation.Elements().ToList() is [var by]:
                if (TooDeep(operation, element.Parent) is { } deep) return deep;
                element.ReplaceWith(new XElement(by));
                return null;
            default: return Malformed("an element is replaced by exactly one element");
        }
    }

    private Issue? Remove(XObject target)
    {
        switch (target)
        {
            case XAttribute attribute:
                attribute.Remove();
                return null;
            case XNode { Parent: not null } node:
                node.Remove();
                return null;
            default: return Unfit("the whole resource cannot be removed; delete it instead");
        }
    }

    /// <summary>Copies; white space between them is left out.</summary>
    private static object[] Content(XElement operation) =>
        [.. operation.Nodes().Where(n => n is XElement || n is XText text && !string.IsNullOrWhiteSpace(text.Value)).Select(n => n is XElement e ? (object)new XElement(e) : new XText((XText)n))];

    private Issue? TooDeep(XElement operation, XElement? parent)
    {
        var above = 0;
        for (; parent != null; parent = parent.Parent) above++;
        return above + Levels(operation) > PatchBudget.Deepest ? PatchFault.TooDeep(number) : null;
    }

    private static int Levels(XElement element) => element.HasElements ? 1 + element.Elements().Max(Levels) : 0;

    private static bool IsName(string text)
    {
        try
        {
            XmlConvert.VerifyNCName(text);
            return true;
        }
        catch (Exception e) when (e is XmlException or ArgumentNullException)
        {
            return false;
        }
    }

    private Issue Malformed(string text) => PatchFault.Malformed(number, text);
    private Issue Unfit(string text) => PatchFault.Unfit(number, text);
}
