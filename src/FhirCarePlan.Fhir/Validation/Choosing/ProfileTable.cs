using System.Collections.Frozen;
using System.Text.Json;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>What binds when: `profiles/enforced/what-binds.json`, one row for each CPA profile. Server, shell and guide read it from
/// here.</summary>
public sealed class ProfileTable
{
    public const string Profiles = "https://fhir.cpa.example/StructureDefinition/";

    private readonly FrozenDictionary<string, IReadOnlyList<ChoiceRow>> byType;

    private ProfileTable(IReadOnlyList<ChoiceRow> rows)
    {
        Rows = rows;
        byType = rows.Where(r => !r.IsService).GroupBy(r => r.On)
            .ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<ChoiceRow>)[.. g], StringComparer.Ordinal);
    }

    public IReadOnlyList<ChoiceRow> Rows { get; }

    public IReadOnlyList<ChoiceRow> On(string type) => byType.GetValueOrDefault(type) ?? [];

    /// <param name="profiles">The folder of our package.</param>
    /// <exception cref="InvalidDataException">The table is missing or cannot be read: then nobody knows what to enforce.</exception>
    public static ProfileTable Read(string profiles)
    {
        var file = Path.Combine(profiles, "enforced", "what-binds.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return new([.. json.RootElement.EnumerateArray().Select(Row)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or InvalidCastException or KeyNotFoundException)
        {
            throw new InvalidDataException($"The table of what binds when, {file}, cannot be read: {e.Message}", e);
        }
    }

    private static ChoiceRow Row(JsonElement row) => new(
        Text(row, "on"), Text(row, "profile"), Deciders(row, "content"), Deciders(row, "signs"),
        [.. Deciders(row, "hints").Cast<WriterDecider>()], Texts(row, "unless"),
        Is(row, "otherwise"), Is(row, "stays"), Is(row, "service"));

    private static IReadOnlyList<Decider> Deciders(JsonElement row, string name) =>
        row.TryGetProperty(name, out var all) ? [.. all.EnumerateArray().Select(d => Decider(d) with { Unless = Texts(d, "unless") })] : [];

    private static Decider Decider(JsonElement of) => of.EnumerateObject().First().Name switch
    {
        "code" => new CodeDecider(Text(of, "code"), Text(of, "system"), Texts(of, "codes"),
            [.. Texts(of, "codes"), .. Texts(of, "bare")], Said(of)),
        "said" => new SaidDecider(Texts(of, "said"), Said(of), Optional(of, "uncoded")),
        "extensions" => new ExtensionDecider(Texts(of, "extensions")),
        "element" => new ElementDecider(Text(of, "element")),
        "uncoded" => new UncodedDecider(Text(of, "uncoded")),
        "canonical" => new CanonicalDecider(Text(of, "canonical"), Text(of, "url")),
        "identifiers" => new IdentifierDecider(Texts(of, "identifiers")),
        "reference" => new ReferenceDecider(Text(of, "reference"), Texts(of, "types")),
        "linkIds" => new LinkIdDecider(Texts(of, "linkIds"), Text(of, "without")),
        "writer" => new WriterDecider(Text(of, "writer"), Optional(of, "uncoded")),
        var other => throw new InvalidOperationException($"`{other}` is nothing that decides"),
    };

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static string? Optional(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Phrases Said(JsonElement of) =>
        of.TryGetProperty("words", out _) ? new(Texts(of, "words"), Texts(of, "except")) : Phrases.None;

    private static IReadOnlyList<string> Texts(JsonElement of, string name) =>
        of.TryGetProperty(name, out var all) ? [.. all.EnumerateArray().Select(t => t.GetString()!)] : [];

    private static bool Is(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.GetBoolean();
}
