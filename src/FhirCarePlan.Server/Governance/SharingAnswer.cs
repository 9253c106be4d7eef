using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Governance;

/// <summary>What a page of `/sharing` answers, as a page, as JSON or as lines for a spreadsheet.</summary>
/// <param name="Status">HTTP status: 200, 400 for an unknown name, 413, 415 and 422 for drafts.</param>
/// <param name="Json">The same as data.</param>
/// <param name="Csv">Null: the answer cannot be written as a table.</param>
internal sealed record SharingAnswer(int Status, string Title, string Section, Func<Html> Main, Action<Utf8JsonWriter> Json, Action<TextWriter>? Csv = null)
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    /// <summary>A sentence instead of an answer.</summary>
    public static SharingAnswer Refuse(int status, string section, string sentence) =>
        new(status, "Not answered", section, () => Html.Of($"<p role=\"alert\">{sentence}</p>"), json =>
        {
            json.WriteStartObject();
            json.WriteString("fault"u8, sentence);
            json.WriteEndObject();
        });

    public byte[] ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Written)) Json(json);
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    /// <summary>Null: the answer cannot be written as a table.</summary>
    public byte[]? ToCsv()
    {
        if (Csv is null) return null;
        using var text = new StringWriter();
        Csv(text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
