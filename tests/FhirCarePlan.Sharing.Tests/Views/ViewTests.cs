using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Tests.Labelling;
using FhirCarePlan.Sharing.Views;

namespace FhirCarePlan.Sharing.Tests.Views;

public class ViewTests
{
    [Fact]
    public void Every_view_of_every_sample_keeps_the_shape_of_R4() => CheckAll(Bodies.Samples, rounds: 12);

    [SharedFact]
    public void Every_view_of_every_example_keeps_the_shape_of_R4() => CheckAll(Bodies.Examples, rounds: 4);

    /// <summary>Primitives with `_x` in every constellation, where commas, nulls and positions are easily lost.</summary>
    private static readonly string[] oddities =
    [
        """{"resourceType":"Patient","name":[{"given":["A","B"],"_given":[null,{"extension":[{"url":"http://x","valueString":"v"}]}]}]}""",
        """{"resourceType":"Patient","name":[{"family":"F","_family":{"id":"i","extension":[{"url":"http://x","valueString":"v"},{"url":"http://y","valueString":"w"}]},"given":["A",null],"_given":[{"id":"i"},{"extension":[{"url":"http://x","valueString":"v"}]}]}]}""",
        """{"resourceType":"Patient","name":[{"_given":[{"extension":[{"url":"http://x","valueString":"v"}]},{"extension":[{"url":"http://y","valueString":"w"}]}]}]}""",
        """{"resourceType":"Patient","name":[{"given":["A",null],"family":"F"}]}""",
        """{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://x","valueString":"v"}]},"gender":"other","_gender":{"extension":[{"url":"http://x","valueString":"v"}]}}""",
        """{"resourceType":"Patient","implicitRules":"http://x","_implicitRules":{"extension":[{"url":"http://x","valueString":"v"}]},"active":true}""",
        """{"resourceType":"Patient","meta":{"_versionId":{"extension":[{"url":"http://x","valueString":"v"}]},"lastUpdated":"2026-01-01T00:00:00Z","_lastUpdated":{"id":"i"}},"active":true}""",
        """{"resourceType":"CodeSystem","url":"http://x","status":"active","content":"complete","concept":[{"code":"a","display":"A","concept":[{"code":"b","_display":{"extension":[{"url":"http://x","valueString":"v"}]}}]}]}""",
        """{"resourceType":"PlanDefinition","status":"active","library":["http://a","http://b","http://c"],"_library":[{"extension":[{"url":"http://x","valueString":"v"}]},null,null],"goal":[{"description":{"text":"g"},"documentation":[{"type":"citation"}]}]}""",
        """{"resourceType":"List","status":"current","mode":"working","entry":[{"item":{"reference":"#a"}},{"item":{"reference":"#b"}}],"contained":[{"resourceType":"Patient","id":"a","managingOrganization":{"reference":"#b"}},{"resourceType":"Organization","id":"b","name":"n","_name":{"extension":[{"url":"http://x","valueString":"v"}]}}]}""",
        """{"resourceType":"Basic","code":{"text":"x"},"extension":[{"url":"http://x","extension":[{"url":"a","valueString":"1"},{"url":"b","extension":[{"url":"c","valueCode":"2","_valueCode":{"id":"q"}}]}]}]}""",
        """{"resourceType":"Patient"}""",
    ];

    [Fact]
    public void Every_view_of_odd_shapes_keeps_the_shape_of_R4() =>
        CheckAll([.. oddities.Select((json, i) =>
            ($"oddity {i}", CanonicalJson.Write(Bodies.Parse(System.Text.Encoding.UTF8.GetBytes(json)))))], rounds: 400);

    /// <summary>Labels by lot, then views under each single category, without each single category and under masks by lot.</summary>
    private static void CheckAll(IReadOnlyList<(string Name, byte[] Body)> bodies, int rounds)
    {
        Assert.NotEmpty(bodies);
        var wrong = new List<string>();
        foreach (var (name, body) in bodies)
        {
            var random = new Random(body.Length);
            var views = new HashSet<string>();
            using var document = Bodies.Parse(body);
            var known = R4Shape.Faults(document).Concat(R4Shape.BrokenRules(document)).Select(Rule).ToHashSet();
            for (var round = 0; round < rounds; round++)
            {
                var labels = RandomLabels.Of(document, random, density: body.Length < 1000 ? 0.25 : round % 4 * 0.02 + 0.01);
                var packed = LabelBytes.Pack(document, labels, body);
                Assert.True(labels.SequenceEqual(LabelBytes.Unpack(packed)), name);
                foreach (var permitted in Masks(random))
                {
                    if ((labels.Root & ~permitted) != 0) continue;
                    var view = View.Write(body, packed, permitted, null);
                    var pruned = CanonicalJson.Write(document, new WriteOptions { Labels = labels, Permitted = permitted });
                    if (!view.AsSpan().SequenceEqual(pruned))
                        wrong.Add($"{name} {permitted:x}: cut and pruned differ {Difference(view, pruned)}");
                    if (!views.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(pruned)))) continue;
                    using var seen = Bodies.Parse(pruned);
                    var faults = R4Shape.Faults(seen).Concat(seen.Count < 1000 ? R4Shape.BrokenRules(seen) : []);
                    wrong.AddRange(faults.Where(f => !known.Contains(Rule(f))).Select(f => $"{name} {permitted:x}: {f}"));
                }
                if (wrong.Count > 5) break;
            }
            if (wrong.Count > 5) break;
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(5)));
    }

    private static string Rule(string fault) => fault[(fault.LastIndexOf(' ') + 1)..];

    private static string Difference(ReadOnlySpan<byte> cut, ReadOnlySpan<byte> pruned)
    {
        var at = Math.Max(0, cut.CommonPrefixLength(pruned) - 60);
        return $"`{System.Text.Encoding.UTF8.GetString(cut.Slice(at, Math.Min(120, cut.Length - at)))}` `{System.Text.Encoding.UTF8.GetString(pruned.Slice(at, Math.Min(120, pruned.Length - at)))}`";
    }

    private static IEnumerable<long> Masks(Random random)
    {
        for (var bit = 0; bit < RandomLabels.Bits; bit++) yield return RandomLabels.Root | 1L << bit;
        for (var bit = 0; bit < RandomLabels.Bits; bit++) yield return RandomLabels.All & ~(1L << bit);
        for (var i = 0; i < 10; i++) yield return RandomLabels.Root | random.NextInt64(RandomLabels.All + 1);
    }
}
