using System.Text;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Tests.Labelling;

namespace FhirCarePlan.Sharing.Tests.Views;

/// <summary>Properties of every view under the shipped protocol: under each single category, without each single one, and under a thousand
/// random masks. src/docs/sharing.md#labels</summary>
public class PartnershipViewsTests
{
    private static readonly Validator validator = new(DefinitionSet.Base, TimeProvider.System);

    [Fact]
    public void Every_view_of_every_sample_is_valid_R4() => ForEveryView(Bodies.Samples, 1000, Validity);

    [SharedFact]
    public void Every_view_of_every_example_is_valid_R4() => ForEveryView(Bodies.Examples, 50, Validity);

    [Fact]
    public void No_view_of_a_sample_holds_what_is_hidden() => ForEveryView(Bodies.Samples, 300, HiddenContent);

    [SharedFact]
    public void No_view_of_an_example_holds_what_is_hidden() => ForEveryView(Bodies.Examples, 50, HiddenContent);

    [Fact]
    public void A_view_of_a_sample_is_the_same_when_what_is_hidden_was_never_there() => ForEveryView(Bodies.Samples, 300, Interference);

    [SharedFact]
    public void A_view_of_an_example_is_the_same_when_what_is_hidden_was_never_there() => ForEveryView(Bodies.Examples, 50, Interference);

    [Fact]
    public void A_view_of_a_sample_is_the_same_when_hidden_words_are_others() => ForEveryView(Bodies.Samples, 300, OtherWords);

    [Fact]
    public void More_categories_show_more() => ForEveryView(Bodies.Samples, 100, Growth);

    [Fact]
    public void Who_lacks_only_the_audit_trail_sees_every_sample_whole() =>
        Assert.All(Bodies.Samples.Where(s => !s.Name.Contains("AuditEvent")), sample =>
        {
            using var document = Bodies.Parse(sample.Body);
            var labels = LabelBytes.Pack(document, Partnership.Label(document), sample.Body);
            var permitted = Partnership.Bits.All & ~Partnership.Bits.Of(Category.Audit);
            var marks = Partnership.Marks.For(document.Type.Name, permitted);
            Assert.Same(sample.Body, Sharing.Views.View.Write(sample.Body, labels, permitted, marks));
        });

    /// <summary>One view under one mask, of a document with its labels.</summary>
    private sealed record Case(Document Document, byte[] Body, Labels Labels, long Permitted, byte[] View, Random Random);

    private static IEnumerable<string> Validity(Case c)
    {
        var known = Errors(c.Body);
        return Errors(c.View).Where(e => !known.Any(k => k.Key == e.Key)).Select(e => $"{e.Expression} {e.Key}: {e.Text}");
    }

    private static List<Issue> Errors(byte[] body)
    {
        using var document = Bodies.Parse(body);
        var report = new Report();
        validator.Validate(document, [], report);
        return [.. report.Issues.Where(i => i.IsError)];
    }

    private static IEnumerable<string> HiddenContent(Case c)
    {
        using var view = Bodies.Parse(c.View);
        if (c.View != c.Body && !view.Root["text"].IsMissing) yield return "a narrative";
        var shown = Strings(c, visible: true).Select(n => n.Text!).ToHashSet();
        var said = new HashSet<string>();
        for (var i = 0; i < view.Count; i++)
            if (view[i].IsString && !RandomLabels.IsInMeta(view[i])) said.Add(view[i].Text!);
        foreach (var node in Strings(c, visible: false))
            if (!shown.Contains(node.Text!) && said.Contains(node.Text!)) yield return $"{node.Location} is hidden and shown";
    }

    private static IEnumerable<Node> Strings(Case c, bool visible)
    {
        for (var i = 1; i < c.Document.Count; i++)
            if (c.Document[i] is { IsString: true } node && (c.Labels[i] & ~c.Permitted) == 0 == visible && !RandomLabels.IsInMeta(node))
                yield return node;
    }

    private static IEnumerable<string> Interference(Case c)
    {
        var without = CanonicalJson.Write(c.Document, new WriteOptions { Labels = c.Labels, Permitted = c.Permitted });
        return Partnership.View(without, c.Permitted).SequenceEqual(c.View) ? [] : ["the view tells that something is hidden"];
    }

    private static IEnumerable<string> OtherWords(Case c)
    {
        // Words, not codes, nor what is said in place of a code: a value that the labels go by may move a node to another category, which
        // is another question.
        var changed = CanonicalJson.Write(c.Document, new WriteOptions
        {
            Replace = n =>
                (c.Labels[n.Index] & ~c.Permitted) != 0 && n.Type.Name is "string" or "markdown"
                && n.Name is not ("id" or "reference" or "linkId")
                && n.Parent.Type.Name is not ("CodeableConcept" or "Coding") ? "other words" : null,
        });
        return Partnership.View(changed, c.Permitted).SequenceEqual(c.View) ? [] : ["the view tells other hidden words"];
    }

    private static IEnumerable<string> Growth(Case c)
    {
        var more = c.Permitted | c.Random.NextInt64(Partnership.Bits.All + 1);
        var (few, many) = (Leaves(c.View), Leaves(Partnership.View(c.Body, more)));
        return few.Where(l => l.Value > many.GetValueOrDefault(l.Key)).Select(l => $"`{l.Key}` goes when more is permitted");
    }

    private static Dictionary<string, int> Leaves(byte[] body)
    {
        using var document = Bodies.Parse(body);
        var leaves = new Dictionary<string, int>();
        for (var i = 0; i < document.Count; i++)
            if (document[i].HasValue && !RandomLabels.IsInMeta(document[i]))
            {
                var leaf = document[i].Name + Encoding.UTF8.GetString(document[i].Raw);
                leaves[leaf] = leaves.GetValueOrDefault(leaf) + 1;
            }
        return leaves;
    }

    private static void ForEveryView(IReadOnlyList<(string Name, byte[] Body)> bodies, int rounds, Func<Case, IEnumerable<string>> faults)
    {
        Assert.NotEmpty(bodies);
        var wrong = new List<string>();
        foreach (var (name, body) in bodies)
        {
            if (wrong.Count > 5 || body.Length > 100_000) continue; // a few giants of R4's definitions add time and no shapes
            using var document = Bodies.Parse(body);
            var labels = Partnership.Label(document);
            var packed = LabelBytes.Pack(document, labels, body);
            Assert.True(labels.SequenceEqual(LabelBytes.Unpack(packed)), name);
            var random = new Random(body.Length);
            var distinct = labels.Distinct().ToList();
            var seen = new HashSet<string>();
            foreach (var permitted in Masks(labels.Root, rounds, random))
            {
                var type = document.Type.Name;
                var marks = Partnership.Marks.For(type, permitted);
                if (!seen.Add(string.Concat(distinct.Select(m => (m & ~permitted) == 0 ? '1' : '0')) + (marks is null))) continue;
                var view = Sharing.Views.View.Write(body, packed, permitted, marks);
                wrong.AddRange(faults(new Case(document, body, labels, permitted, view, random))
                    .Select(f =>
                        $"{name} with {string.Join(' ', Partnership.Bits.NamesIn(permitted & Partnership.Labeller.WholeView(type)))}: {f}"));
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(6)));
    }

    private static IEnumerable<long> Masks(long root, int rounds, Random random)
    {
        var all = Partnership.Bits.All;
        yield return all;
        for (var bit = 1L; bit <= all; bit <<= 1)
        {
            yield return root | bit;
            yield return root | all & ~bit;
        }
        for (var i = 0; i < rounds; i++) yield return root | random.NextInt64(all + 1) & all;
    }
}
