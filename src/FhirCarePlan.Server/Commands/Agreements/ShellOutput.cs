using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>Standard output as UTF-8: lines of text, or one JSON value.</summary>
internal static class ShellOutput
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true,
        NewLine = "\n"
    };

    public static void Text(Action<TextWriter> write)
    {
        using var text = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 64 << 10) { NewLine = "\n" };
        write(text);
    }

    public static void Json(Action<Utf8JsonWriter> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, Indented)) write(json);
        output.Write("\n"u8);
    }

    public static string Count(int number, string one) => $"{number} {one}{(number == 1 ? "" : "s")}";
}
