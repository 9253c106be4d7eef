using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Tests.Labelling;

/// <summary>Labels as a labeller would set them, but with claims on random nodes, as no protocol file would.</summary>
internal static class RandomLabels
{
    public const long Root = 1, Other = 1 << 1, Labelled = 1 << 2;
    public const int Bits = 12;
    public const long All = (1 << Bits) - 1;

    public static Labels Of(Document document, Random random, double density)
    {
        var masks = new long[document.Count];
        masks[0] = Root;
        for (var i = 1; i < document.Count; i++)
        {
            var node = document[i];
            if (random.NextDouble() < density) masks[i] |= 1L << random.Next(2, Bits);
            if (node.Type.Name == "Extension" && random.Next(3) > 0) masks[i] |= Other;
            if (node.Type.Name == "Narrative") masks[i] |= All;
            if (node.Type.Name == "Meta")
                foreach (var child in node.Children) masks[child.Index] |= Labels.OfMeta(child.Name, All, Other);
        }
        // A stored meta is labelled by rule alone.
        for (var i = 1; i < document.Count; i++)
            if (IsInMeta(document[i])) masks[i] = document[i].Parent.Type.Name == "Meta" ? RuleOfMeta(document[i].Name) : 0;
        new Closure(document, masks).Close(All);
        return new Labels(masks, All, Other, []);
    }

    private static long RuleOfMeta(string name) => name == "extension" ? Other : Labels.OfMeta(name, All, Other);

    public static bool IsInMeta(Node node)
    {
        for (; !node.IsMissing; node = node.Parent)
            if (node.Type.Name == "Meta" && node.Parent.IsRoot) return true;
        return false;
    }
}
