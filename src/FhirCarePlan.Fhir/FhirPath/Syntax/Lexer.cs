using System.Globalization;
using System.Text;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Syntax;

internal enum TokenKind { End, Identifier, DelimitedIdentifier, String, Number, Moment, Special, Constant, Symbol }

/// <param name="Text">The name, the unescaped string, the symbol, or the number as written.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At, Item Value = default)
{
    public bool Is(string symbolOrKeyword) => Kind is TokenKind.Symbol or TokenKind.Identifier && Text == symbolOrKeyword;
    public override string ToString() => Kind == TokenKind.End ? "the end" : $"`{Text}`";
}

/// <summary>Cuts an expression into tokens. http://hl7.org/fhirpath/N1/#lexical-elements</summary>
internal sealed class Lexer(string text)
{
    private int at;

    public Token Next()
    {
        SkipBlanks();
        if (at >= text.Length) return new Token(TokenKind.End, "", at);
        var start = at;
        var c = text[at];
        if (IsNameStart(c)) return new Token(TokenKind.Identifier, Name(), start);
        if (char.IsAsciiDigit(c)) return Number();
        switch (c)
        {
            case '\'': return new Token(TokenKind.String, Quoted('\''), start);
            case '`': return new Token(TokenKind.DelimitedIdentifier, Quoted('`'), start);
            case '@': return Moment();
            case '$':
                at++;
                return new Token(TokenKind.Special, Name(), start);
            case '%':
                at++;
                var name = at < text.Length && text[at] is '`' or '\'' ? Quoted(text[at]) : Name();
                return new Token(TokenKind.Constant, name.Length > 0 ? name : throw Unexpected(start), start);
        }
        var two = at + 1 < text.Length ? text.AsSpan(at, 2) : default;
        if (two is "<=" or ">=" or "!=" or "!~")
        {
            at += 2;
            return new Token(TokenKind.Symbol, two.ToString(), start);
        }
        if (!"()[]{}.,+-*/&|<>=~".Contains(c)) throw Unexpected(start);
        at++;
        return new Token(TokenKind.Symbol, c.ToString(), start);
    }

    private FhirPathException Unexpected(int where) => new($"Unexpected `{text[where]}` at character {where + 1}");

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private string Name()
    {
        var start = at;
        while (at < text.Length && (IsNameStart(text[at]) || char.IsAsciiDigit(text[at]))) at++;
        return text[start..at];
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at])) at++;
            else if (text.AsSpan(at).StartsWith("//"))
            {
                while (at < text.Length && text[at] is not ('\n' or '\r')) at++;
            }
            else if (text.AsSpan(at).StartsWith("/*"))
            {
                var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end >= 0 ? end + 2 : throw new FhirPathException($"The comment that begins at character {at + 1} does not end");
            }
            else return;
        }
    }

    private Token Number()
    {
        var start = at;
        SkipDigits();
        var isDecimal = at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]);
        if (isDecimal)
        {
            at++;
            SkipDigits();
        }
        var written = text[start..at];
        Item value;
        if (isDecimal)
            value = decimal.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : throw TooLarge(written);
        else value = int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var integer)
            ? integer : throw TooLarge(written);
        return new Token(TokenKind.Number, written, start, value);
    }

    private static FhirPathException TooLarge(string written) => new($"The number `{written}` is too large");

    private void SkipDigits()
    {
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
    }

    /// <summary>`@2015-02-04`, `@2015T`, `@2015-02-04T14:34:28.123+10:00`, `@T14:34`.</summary>
    private Token Moment()
    {
        var start = at++;
        var first = at;
        var isTime = at < text.Length && text[at] == 'T';
        if (!isTime)
        {
            SkipDigits();
            while (at + 1 < text.Length && text[at] == '-' && char.IsAsciiDigit(text[at + 1]))
            {
                at++;
                SkipDigits();
            }
        }
        var hasTime = at < text.Length && text[at] == 'T';
        var dateEnd = at;
        if (hasTime)
        {
            at++;
            SkipTime();
            if (!isTime) SkipOffset();
        }
        Values.Moment moment;
        bool ok;
        if (isTime) ok = MomentParser.TryTime(text.AsSpan(first + 1, at - first - 1), out moment);
        else if (hasTime && at > dateEnd + 1) ok = MomentParser.TryDateTime(text.AsSpan(first, at - first), out moment);
        else
        {
            ok = MomentParser.TryDate(text.AsSpan(first, dateEnd - first), out moment);
            if (hasTime) moment = moment.AsDateTime();
        }
        var written = text[start..at];
        return ok
            ? new Token(TokenKind.Moment, written, start, Item.Of(moment))
            : throw new FhirPathException($"`{written}` is not a date or time");
    }

    private void SkipTime()
    {
        SkipDigits();
        while (at + 1 < text.Length && text[at] == ':' && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
            SkipDigits();
        }
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]) && text[at - 3] == ':')
        {
            at++;
            SkipDigits();
        }
    }

    private void SkipOffset()
    {
        if (at < text.Length && text[at] == 'Z') at++;
        else if (at + 5 < text.Length && text[at] is '+' or '-' && text[at + 3] == ':' && char.IsAsciiDigit(text[at + 1])) at += 6;
    }

    private string Quoted(char quote)
    {
        var start = at++;
        var result = new StringBuilder();
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == quote)
            {
                at++;
                return result.ToString();
            }
            if (c != '\\')
            {
                result.Append(c);
                continue;
            }
            if (++at == text.Length) break;
            result.Append(Escaped());
        }
        throw new FhirPathException($"The string that begins at character {start + 1} does not end");
    }

    private char Escaped()
    {
        switch (text[at])
        {
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '\'' or '"' or '`' or '\\' or '/': return text[at];
            case 'u' when at + 4 < text.Length
                && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                at += 4;
                return (char)code;
            default: throw new FhirPathException($"Unknown escape `\\{text[at]}` at character {at}");
        }
    }
}
