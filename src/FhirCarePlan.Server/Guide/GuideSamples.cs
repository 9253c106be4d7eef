using System.Collections.Frozen;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Published;

namespace FhirCarePlan.Server.Guide;

/// <summary>An issue that a sample must give.</summary>
/// <param name="Key">Of the invariant, or the kind of rule: `cardinality`, `required-binding`.</param>
public sealed record ExpectedIssue(string Severity, string Key, string Expression);

/// <summary>A sample and its expected result.</summary>
/// <param name="File">`invalid/CPA-CareTeam/two-category.json`, below the folder of the samples.</param>
/// <param name="Profile">The canonical it is checked against.</param>
public sealed record GuideSample(string File, string Profile, bool IsValid, string Why, IReadOnlyList<ExpectedIssue> Expected)
{
    public string Address => $"/profiles/samples/{File[..^".json".Length]}";
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>`CPA-CarePlan-active-plan`: unlike `Name`, it differs from that of every other sample.</summary>
    public string FullName => Path.ChangeExtension(IsFiledByProfile ? File["valid/".Length..] : File, null).Replace('/', '-');

    private bool IsFiledByProfile => File.StartsWith("valid/", StringComparison.Ordinal);
}

/// <summary>The samples as `samples/expectations.json` lists them; other files are not shown.</summary>
public sealed class GuideSamples
{
    private readonly string? folder;
    private readonly FrozenDictionary<string, GuideSample> byFile;
    private readonly ILookup<string, GuideSample> byProfile;

    /// <param name="folder">Null when the samples are not with the program: then there are none.</param>
    public GuideSamples(string? folder)
    {
        this.folder = folder;
        var list = folder is null ? null : Path.Combine(folder, "expectations.json");
        GuideSample[] samples = list is null || !File.Exists(list) ? [] : Read(File.ReadAllBytes(list));
        byFile = samples.ToFrozenDictionary(s => s.File, StringComparer.Ordinal);
        byProfile = samples.ToLookup(s => s.Profile);
    }

    /// <summary>The right ones, in order of their files, as examples of the package.</summary>
    public IEnumerable<PackageExample> Examples() => All.Where(s => s.IsValid)
        .Select(s => new PackageExample(s.FullName, s.Profile, s.Why, Bytes(s)));

    public IEnumerable<GuideSample> All => byFile.Values.OrderBy(s => s.File, StringComparer.Ordinal);

    public IEnumerable<GuideSample> Of(string profile) => byProfile[profile];

    public GuideSample? Find(string file) => byFile.GetValueOrDefault(file);

    /// <summary>Only of a sample that was listed: no address becomes a path by itself.</summary>
    public byte[] Bytes(GuideSample sample) => File.ReadAllBytes(Path.Combine(folder!, sample.File));

    private static GuideSample[] Read(byte[] json)
    {
        using var list = JsonDocument.Parse(json);
        return [.. list.RootElement.EnumerateArray().Select(e => new GuideSample(
            Text(e, "file"), Text(e, "profile"), e.GetProperty("valid").GetBoolean(), Text(e, "why"),
            [.. e.GetProperty("expect").EnumerateArray()
                .Select(i => new ExpectedIssue(Text(i, "severity"), Text(i, "key"), Text(i, "expression")))]))];
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
