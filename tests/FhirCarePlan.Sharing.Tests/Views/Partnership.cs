using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Tests.Labelling;
using FhirCarePlan.Sharing.Views;

namespace FhirCarePlan.Sharing.Tests.Views;

/// <summary>The shipped partnership protocol and its sample resources, labelled as the service would store them.</summary>
internal static class Partnership
{
    public static Protocol Protocol { get; } = ProtocolFile.Load(Path.Combine(Repository.Sharing, "rivelin-partnership.yaml")).Protocol!;
    public static ProtocolBits Bits { get; } = ProtocolBits.InOrder(Protocol);
    public static Labeller Labeller { get; } = new(Protocol, Bits, TimeProvider.System);
    public static MarksTable Marks { get; } = new(Protocol, Bits, Labeller);

    /// <summary>Root masks of the samples that are stored together, each known to the others.</summary>
    private static readonly Dictionary<string, long> roots = FindRoots();

    public static long? RootOf(string reference) => roots.TryGetValue(reference, out var mask) ? mask : null;

    public static Labels Label(Document document) => Labeller.Label(document, target: RootOf);

    public static byte[] View(byte[] body, long permitted)
    {
        using var document = Bodies.Parse(body);
        return Sharing.Views.View.Write(body, LabelBytes.Pack(document, Label(document), body), permitted,
            Marks.For(document.Type.Name, permitted));
    }

    /// <summary>A root can depend on the root of a reference's target, so this repeats until nothing changes.</summary>
    private static Dictionary<string, long> FindRoots()
    {
        var found = new Dictionary<string, long>();
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (_, body) in Bodies.Samples.Where(s => s.Name.StartsWith("partnership", StringComparison.Ordinal)))
            {
                using var document = Bodies.Parse(body);
                var reference = $"{document.Type.Name}/{document.Root.TextOf("id")}";
                var root = Labeller.Label(document, target: r => found.TryGetValue(r, out var mask) ? mask : null).Root;
                changed |= !found.TryGetValue(reference, out var before) || before != root;
                found[reference] = root;
            }
        }
        return found;
    }
}
