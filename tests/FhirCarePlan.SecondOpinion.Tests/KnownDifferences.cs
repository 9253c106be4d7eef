using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirCarePlan.SecondOpinion.Tests;

/// <summary>The differences that are known, by name, each with a reason: `tests/cases/second-opinion/*.json`. A difference that is not
/// listed fails a test, and so does a listed one that is no more.</summary>
internal sealed record KnownDifferences(IReadOnlyDictionary<string, string> Reasons, IReadOnlyList<KnownDifference> Differences)
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static KnownDifferences Read(string file)
    {
        var path = Path.Combine(SharedData.Repository, "tests", "cases", "second-opinion", file);
        var read = JsonSerializer.Deserialize<KnownDifferences>(File.ReadAllBytes(path), Options)!;
        Assert.Equal(read.Differences.SelectMany(d => d.Reason.Split(' ')).Distinct().Order(), read.Reasons.Keys.Order());
        return read;
    }

    /// <summary>Compares what a suite found with what is listed of it. The message has each row as it would stand in the file.</summary>
    /// <param name="asked">The names that were asked about; listed ones beyond them count only if the whole suite was asked.</param>
    public void Compare(string suite, IReadOnlyCollection<KnownDifference> found, IReadOnlySet<string>? asked = null)
    {
        var listed = Differences.Where(d => d.Suite == suite && asked?.Contains(d.Name) != false).ToDictionary(d => d.Name);
        var news = found.Where(f => !listed.TryGetValue(f.Name, out var known) || !known.IsSame(f))
            .Select(f => JsonSerializer.Serialize(f, Options));
        var gone = listed.Keys.Except(found.Select(f => f.Name));
        Assert.True(!news.Any(), $"Not listed, or not so:\n{string.Join(",\n", news)}");
        Assert.True(!gone.Any(), $"Listed, and the engines agree: take off the list\n{string.Join('\n', gone)}");
    }
}

/// <param name="Ours">What only we say.</param>
/// <param name="Theirs">What only Firely says.</param>
/// <param name="Reason">Key of a reason in the same file, or several.</param>
internal sealed record KnownDifference(string Suite, string Name, IReadOnlyList<string> Ours, IReadOnlyList<string> Theirs,
    string Reason = "")
{
    public bool IsSame(KnownDifference other) => Ours.SequenceEqual(other.Ours) && Theirs.SequenceEqual(other.Theirs);
}
