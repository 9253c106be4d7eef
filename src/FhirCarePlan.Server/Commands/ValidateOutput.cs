using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Commands;

/// <summary>Results as text for people or as one line of JSON each, and the summary table.</summary>
internal sealed class ValidateOutput(TextWriter text, bool isJson)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, int[]> byType = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> buffer = new();

    public int Count { get; private set; }
    public int Invalid { get; private set; }
    /// <summary>How many a second engine judged, and how many of them otherwise.</summary>
    private int second, differ;

    public void Take(ValidateResult result)
    {
        Count++;
        if (!result.IsValid) Invalid++;
        var type = result.ResourceType ?? "(unreadable)";
        if (!byType.TryGetValue(type, out var counts)) byType[type] = counts = new int[5];
        counts[0]++;
        if (!result.IsValid) counts[1]++;
        foreach (var issue in result.Issues)
            counts[issue.Severity switch { <= IssueSeverity.Error => 2, IssueSeverity.Warning => 3, _ => 4 }]++;
        if (result.Second is { } other)
        {
            second++;
            if (!other.Agrees) differ++;
        }
        if (isJson) WriteJson(result);
        else WriteText(result);
    }

    /// <summary>How many of each type were valid, and the numbers of their findings.</summary>
    public void WriteSummary()
    {
        if (isJson) return;
        var width = Math.Max(8, byType.Keys.Select(t => t.Length).DefaultIfEmpty(0).Max());
        text.WriteLine();
        text.WriteLine($"{"".PadRight(width)}  resources    invalid     errors   warnings information");
        foreach (var (type, counts) in byType) Row(type, counts);
        if (byType.Count > 1) Row("all", [.. Enumerable.Range(0, 5).Select(i => byType.Values.Sum(c => c[i]))]);
        if (second > 0) text.WriteLine($"\nSecond opinion: {second} judged by both engines, {differ} differ");

        void Row(string type, int[] c) => text.WriteLine($"{type.PadRight(width)} {c[0],10} {c[1],10} {c[2],10} {c[3],10} {c[4],11}");
    }

    private void WriteText(ValidateResult result)
    {
        if (result.Issues.Count == 0 && result.Second is not { Agrees: false }) return;
        text.WriteLine($"{Place(result.Input)}{(result.ResourceType is { } type ? $" {type}{(result.Id is { } id ? "/" + id : "")}" : "")}");
        foreach (var issue in result.Issues)
        {
            var place = issue.Line > 0 ? $"{issue.Line}:{issue.Column} " : "";
            var at = issue.Expression.Length > 0 ? issue.Expression + ": " : "";
            text.WriteLine($"  {issue.Severity.ToString().ToLowerInvariant(),-11} {place}{at}{issue.Text} "
                + $"[{issue.Key}{(issue.Profile is { } profile ? $", {profile}" : "")}]");
        }
        if (result.Second is { Agrees: false } other)
            text.WriteLine($"  {"differs",-11} Firely {(other.IsValid ? "accepts" : "refuses")} it. Only we find broken: {Rules(other.Ours)}. Only Firely: {Rules(other.Theirs)}");
    }

    private static string Rules(IReadOnlyList<string> rules) => rules.Count == 0 ? "nothing" : string.Join(", ", rules.Select(r => $"`{r}`"));

    private static string Place(ValidateInput input) => input.Line is { } line ? $"{input.File}:{line}" : input.File;

    /// <summary>`{"file","line"?,"id","resourceType","valid","issues":[{"severity","code","expression","text","key","profile"?,"line"?,"column"?}],"secondOpinion"?}`.</summary>
    private void WriteJson(ValidateResult result)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("file", result.Input.File);
            if (result.Input.Line is { } line) json.WriteNumber("line", line);
            json.WriteString("id", result.Id);
            json.WriteString("resourceType", result.ResourceType);
            json.WriteBoolean("valid", result.IsValid);
            json.WriteStartArray("issues");
            foreach (var issue in result.Issues) WriteIssue(json, issue);
            json.WriteEndArray();
            if (result.Second is { } other) WriteSecond(json, other);
            json.WriteEndObject();
        }
        text.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>`"secondOpinion":{"valid","ours":[rule…],"theirs":[rule…]}`.</summary>
    private static void WriteSecond(Utf8JsonWriter json, SecondVerdict second)
    {
        json.WriteStartObject("secondOpinion");
        json.WriteBoolean("valid", second.IsValid);
        foreach (var (name, rules) in new[] { ("ours", second.Ours), ("theirs", second.Theirs) })
        {
            json.WriteStartArray(name);
            foreach (var rule in rules) json.WriteStringValue(rule);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteIssue(Utf8JsonWriter json, Issue issue)
    {
        json.WriteStartObject();
        json.WriteString("severity", issue.Severity.ToString().ToLowerInvariant());
        json.WriteString("code", issue.Code);
        json.WriteString("expression", issue.Expression);
        json.WriteString("text", issue.Text);
        json.WriteString("key", issue.Key);
        if (issue.Profile is { } profile) json.WriteString("profile", profile);
        if (issue.Line > 0)
        {
            json.WriteNumber("line", issue.Line);
            json.WriteNumber("column", issue.Column);
        }
        json.WriteEndObject();
    }
}
