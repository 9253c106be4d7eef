using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Tests.Labelling;

public class ChangesTests
{
    private const long Root = RandomLabels.Root, A = 1 << 3, B = 1 << 4;

    [Fact]
    public void Nothing_changed_for_anybody() => Assert.Empty(Between(Goal(("x", A)), Goal(("x", A))));

    [Fact]
    public void A_note_under_two_categories_changed_is_seen_by_who_has_both()
    {
        var changes = Between(Goal(("x", A | B), ("y", A)), Goal(("z", A | B), ("y", A)));
        Assert.False(Changes.Seen(changes, Root | A));
        Assert.False(Changes.Seen(changes, Root | B));
        Assert.True(Changes.Seen(changes, Root | A | B));
    }

    [Fact]
    public void A_hidden_note_put_before_others_does_not_show() =>
        Assert.False(Changes.Seen(Between(Goal(("x", 0), ("y", 0)), Goal(("hidden", A), ("x", 0), ("y", 0))), Root));

    [Fact]
    public void Notes_that_change_places_are_seen_by_who_sees_both()
    {
        var changes = Between(Goal(("x", A), ("y", B)), Goal(("y", B), ("x", A)));
        Assert.False(Changes.Seen(changes, Root | A));
        Assert.True(Changes.Seen(changes, Root | A | B));
    }

    [Fact]
    public void A_creation_and_a_deletion_are_seen_by_who_sees_the_resource()
    {
        var goal = Goal(("x", A));
        Assert.Equal([Root], Changes.Between(null, goal));
        Assert.Equal([Root], Changes.Between(goal, null));
    }

    private static IReadOnlyList<long> Between((Document, Labels) before, (Document, Labels) after) => Changes.Between(before, after);

    private static (Document, Labels) Goal(params (string Text, long Mask)[] notes)
    {
        var items = string.Join(",", notes.Select(n => $$"""{"text":"{{n.Text}}"}"""));
        var document =
            Bodies.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"d"},"subject":{"reference":"Patient/x"},"note":[{{items}}]}"""));
        var masks = new long[document.Count];
        Array.Fill(masks, Root);
        var note = 0;
        foreach (var node in document.Root.All("note")) masks[node.Index] = masks[node.FirstChild.Index] = Root | notes[note++].Mask;
        return (document, new Labels(masks, RandomLabels.All, RandomLabels.Other, []));
    }

    [Fact]
    public void A_change_is_seen_exactly_where_the_view_differs_in_samples() => CheckAll(Bodies.Samples);

    [SharedFact]
    public void A_change_is_seen_exactly_where_the_view_differs_in_examples() => CheckAll(Bodies.Examples);

    /// <summary>Leaves nodes out and alters values at random, then asks of many masks whether the view differs and whether the change says
    /// so.</summary>
    private static void CheckAll(IReadOnlyList<(string Name, byte[] Body)> bodies)
    {
        Assert.NotEmpty(bodies);
        foreach (var (name, body) in bodies)
        {
            if (body.Length > 60_000) continue; // the few giants add time and no shapes
            var random = new Random(body.Length);
            using var document = Bodies.Parse(body);
            for (var round = 0; round < 6; round++)
            {
                var labels = RandomLabels.Of(document, random, 0.05);
                var (left, leftLabels) = Altered(document, labels, random);
                var (right, rightLabels) = Altered(document, labels, random);
                using (left)
                using (right)
                {
                    var changes = Changes.Between((left, leftLabels), (right, rightLabels));
                    for (var i = 0; i < 20; i++)
                    {
                        var permitted = labels.Root | random.NextInt64(RandomLabels.All + 1);
                        var differs = !Prune(left, leftLabels, permitted).SequenceEqual(Prune(right, rightLabels, permitted));
                        Assert.True(differs == Changes.Seen(changes, permitted),
                            $"{name}, round {round}, {permitted:x}: views {(differs ? "differ" : "are equal")}");
                    }
                }
            }
        }
    }

    private static byte[] Prune(Document document, Labels labels, long permitted) =>
        CanonicalJson.Write(document, new WriteOptions { Labels = labels, Permitted = permitted });

    /// <summary>A copy with some nodes left out and some strings altered; what is left keeps its labels.</summary>
    private static (Document, Labels) Altered(Document document, Labels labels, Random random)
    {
        var dropped = new HashSet<int>();
        var altered = new HashSet<int>();
        for (var i = 1; i < document.Count; i++)
        {
            // Without companions, so that nodes and their order are plain to map.
            if (document[i].Parent.Type.IsPrimitive || document[i].Type.Name == "Meta") dropped.Add(i);
            else if (random.Next(25) == 0 && document[i].Name is not ("url" or "id")) dropped.Add(i);
            else if (random.Next(25) == 0 && document[i].IsString && document[i].Name is not ("url" or "id" or "div")) altered.Add(i);
        }
        bool IsGone(Node node) => dropped.Contains(node.Index);
        var copy =
            Bodies.Parse(CanonicalJson.Write(document,
            new WriteOptions { Skip = IsGone, Replace = n => altered.Contains(n.Index) ? "altered" : null }));
        var masks = new long[copy.Count];
        Map(document.Root, copy.Root);
        return (copy, new Labels(masks, RandomLabels.All, RandomLabels.Other, []));

        bool IsLeft(Node node) => !IsGone(node) && (node.HasValue || node.Type.IsResource || node.Children.ToList().Any(IsLeft));

        void Map(Node from, Node to)
        {
            masks[to.Index] = labels[from.Index];
            var kept = from.Children.ToList().Where(IsLeft).ToList();
            var found = to.Children.ToList();
            Assert.Equal(kept.Count, found.Count);
            for (var i = 0; i < kept.Count; i++) Map(kept[i], found[i]);
        }
    }
}
