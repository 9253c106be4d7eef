using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace FhirCarePlan.Server.Answers;

/// <summary>A page, or a part of one, being written. It escapes the holes of the text unless they hold Html, so that nothing from a
/// definition or a sample becomes markup: `page.Add($"&lt;p&gt;{title}&lt;/p&gt;")`.</summary>
public sealed class Html
{
    private readonly StringBuilder text = new();

    public static Html Of(Filled filled) => filled.Page;

    public Html Add([InterpolatedStringHandlerArgument("")] Filled filled) => filled.Page;

    public bool IsEmpty => text.Length == 0;

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(text.ToString());

    public override string ToString() => text.ToString();

    /// <summary>The text between the quotes of `$"…"`, as it is, and its holes, escaped.</summary>
    [InterpolatedStringHandler]
    public readonly struct Filled
    {
        public Filled(int literalLength, int formattedCount) : this(literalLength, formattedCount, new Html()) { }

        public Filled(int literalLength, int formattedCount, Html page)
        {
            Page = page;
            page.text.EnsureCapacity(page.text.Length + literalLength + formattedCount * 16);
        }

        internal Html Page { get; }

        public void AppendLiteral(string markup) => Page.text.Append(markup);
        public void AppendFormatted(string? content) => Page.text.Append(WebUtility.HtmlEncode(content));
        public void AppendFormatted(int number) => Page.text.Append(number);
        public void AppendFormatted(Html? part) => Page.text.Append(part?.text);
    }
}
