using System.Text;
using System.Text.Json;
using FhirCarePlan.Sharing.Tests.Views;
using FhirCarePlan.Sharing.Tests.Writing;

namespace FhirCarePlan.Sharing.Tests.Labelling;

/// <summary>The cases of tests/cases/sharing/codes.json: what a code or a text adds to an ordinary diagnosis, and which codes are refused
/// (src/docs/sharing.md#codes).</summary>
public class CodeFileTests
{
    private sealed record Row(string? System, string? Code, string? Text, string Adds, string Why);

    private static readonly Row[] rows = JsonSerializer.Deserialize<Row[]>(
        File.ReadAllBytes(Path.Combine(Repository.Cases("sharing"), "codes.json")), JsonSerializerOptions.Web)!;

    public static IEnumerable<object[]> All => rows.Select((row, at) => new object[] { at, row.Why });

    [Theory]
    [MemberData(nameof(All))]
    public void Each_code_is_kept_for_what_it_is(int at, string why)
    {
        var (system, code, text, adds, _) = rows[at];
        var concept = text != null ? JsonSerializer.Serialize(new { text })
            : system is null ? JsonSerializer.Serialize(new { coding = new[] { new { code } } })
            : JsonSerializer.Serialize(new { coding = new[] { new { system, code } } });
        var json = """{"resourceType":"Condition","id":"x","code":CONCEPT,"subject":{"reference":"Patient/robin"}}""".Replace("CONCEPT", concept);
        if (adds == "refused")
        {
            Assert.Equal((why, "code-form"), (why, new SmallWorld().Tie("trust", Relation.Episode).Write(SmallWorld.Psychiatrist, json).Outcome()));
            return;
        }
        using var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
        var names = Partnership.Bits.NamesIn(Partnership.Labeller.Label(document).Root).Where(n => n != "diagnosis").Order(StringComparer.Ordinal);
        Assert.Equal((why, adds), (why, string.Join(' ', names)));
    }
}
