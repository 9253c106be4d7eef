using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>Writes a patched tree as FHIR JSON in definition order. It writes an empty element where the
/// patch sent one, and the parser then refuses the result.</summary>
internal static class PatchedJson
{
    public static byte[] Write(PatchedElement root)
    {
        var json = new JsonBuffer(4096);
        try
        {
            WriteObject(ref json, root);
            return json.Written.ToArray();
        }
        finally
        {
            json.Return();
        }
    }

    private static void WriteObject(ref JsonBuffer json, PatchedElement element)
    {
        json.Add((byte)'{');
        var isFirst = true;
        if (element.Type.IsResource)
        {
            json.Add("\"resourceType\":\""u8);
            json.AddAscii(element.Type.Name);
            json.Add((byte)'"');
            isFirst = false;
        }
        foreach (var run in element.Children.GroupBy(c => c.Property!).OrderBy(g => g.Key.Element.Order))
        {
            var all = run.ToList();
            if (!run.Key.Type.IsPrimitive) WriteRun(ref json, run.Key, all, ref isFirst, Form.Object);
            else
            {
                if (all.Exists(e => !e.Token.IsEmpty)) WriteRun(ref json, run.Key, all, ref isFirst, Form.Value);
                if (run.Key.Companion is { } companion && all.Exists(e => e.Children.Count > 0))
                    WriteRun(ref json, companion, all, ref isFirst, Form.Companion);
            }
        }
        json.Add((byte)'}');
    }

    private enum Form { Object, Value, Companion }

    private static void WriteRun(ref JsonBuffer json, PropertyInfo property, List<PatchedElement> all, ref bool isFirst, Form form)
    {
        if (!isFirst) json.Add((byte)',');
        isFirst = false;
        json.Add(property.Utf8Key);
        var isArray = property.Element.IsCollection;
        if (isArray) json.Add((byte)'[');
        for (var i = 0; i < all.Count; i++)
        {
            if (i > 0) json.Add((byte)',');
            var isEmpty = form == Form.Value ? all[i].Token.IsEmpty : form == Form.Companion && all[i].Children.Count == 0;
            if (isEmpty) json.Add("null"u8);
            else if (form == Form.Value) json.Add(all[i].Token.Span);
            else WriteObject(ref json, all[i]);
        }
        if (isArray) json.Add((byte)']');
    }
}
