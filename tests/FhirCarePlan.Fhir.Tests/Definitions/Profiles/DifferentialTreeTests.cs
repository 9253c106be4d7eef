using FhirCarePlan.Fhir.Definitions.Profiles;

namespace FhirCarePlan.Fhir.Tests.Definitions.Profiles;

public class DifferentialTreeTests
{
    [Theory]
    // By ids, in any order.
    [InlineData("A; A.b:x.c; A.b; A.b:x", "b[x] b:x.c")]
    // Without ids, by place.
    [InlineData("A; A.b; A.b:x!; A.b.c!; A.b:y!; A.b.c!", "b[x y] b:x.c b:y.c")]
    // An element after the children of a slice belongs to the sliced element only if the differential states that element again.
    [InlineData("A; A.b:x!; A.b.c!; A.d!; A.b.e!", "b[x] b:x.c b:x.e d")]
    // Only something below is stated.
    [InlineData("A.b.c.d!", "b b.c b.c.d")]
    public void Tells_slices_apart(string differential, string tree)
    {
        var root = DifferentialTree.Of([.. differential.Split("; ").Select(Element)])!;
        Assert.Equal(tree, string.Join(" ", Lines(root, "")));
    }

    [Fact]
    public void A_wrong_id_is_not_trusted()
    {
        var root = DifferentialTree.Of([
            new ElementDefinition { Id = "A.b", Path = "A.b", SliceName = "x" },
            new ElementDefinition { Id = "A.b", Path = "A.b.c" }])!;
        Assert.Equal("b[x] b:x.c", string.Join(" ", Lines(root, "")));
    }

    /// <summary>`A.b:x` is the slice x of A.b with its id; `!` leaves the id out.</summary>
    private static ElementDefinition Element(string text)
    {
        var id = text.TrimEnd('!');
        var last = id[(id.LastIndexOf('.') + 1)..];
        return new ElementDefinition
        {
            Id = text.EndsWith('!') ? null : id,
            Path = string.Join('.', id.Split('.').Select(p => p.Split(':')[0])),
            SliceName = last.Contains(':') ? last.Split(':')[1] : null,
        };
    }

    private static IEnumerable<string> Lines(DifferentialTree node, string prefix)
    {
        foreach (var child in node.Children)
        {
            var slices = child.Slices.Count == 0 ? "" : $"[{string.Join(" ", child.Slices.Select(s => s.SliceName))}]";
            if (child.Slices.Count > 0 || child.Children.Count > 0 || child.Stated != null) yield return prefix + child.Name + slices;
            foreach (var line in Lines(child, prefix + child.Name + ".")) yield return line;
            foreach (var slice in child.Slices)
                foreach (var line in Lines(slice, $"{prefix}{child.Name}:{slice.SliceName}.")) yield return line;
        }
    }
}
