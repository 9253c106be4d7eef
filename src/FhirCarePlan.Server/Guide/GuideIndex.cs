using System.Net;
using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Server.Guide;

/// <summary>A page, or a row of one, that a search of the guide may lead to.</summary>
/// <param name="Says">What is shown of it.</param>
/// <param name="Title">Of the page.</param>
public sealed record GuideHit(string Address, string Title, string Says);

/// <summary>The texts of the guide, for searching: every page, every row that has an address, every sample. Made when first asked.</summary>
public sealed partial class GuideIndex
{
    public const int MostHits = 50, MostWords = 8, LongestQuestion = 200;

    /// <param name="IsPart">A row of a page: that its page's title has the words is not enough.</param>
    private sealed record Text(GuideHit Hit, string Title, string Words, bool IsPart)
    {
        /// <summary>Null when a word is missing; less is better.</summary>
        public int? Rank(string[] words)
        {
            if (!IsPart && words.All(w => Has(Title, w))) return 0;
            // A row begins with its name.
            if (words.All(w => Has(Words, w))) return !IsPart ? 3 : Words.StartsWith(string.Join(' ', words), StringComparison.Ordinal) ? 1 : 2;
            return words.Any(w => Has(Words, w)) && words.All(w => Has(Title, w) || Has(Words, w)) ? 4 : null;
        }
    }

    private readonly IReadOnlyList<Text> texts;

    /// <param name="pages">Address and HTML of each page.</param>
    public GuideIndex(IEnumerable<(string Address, string Html)> pages, IEnumerable<GuideSample> samples) => texts =
    [
        .. pages.SelectMany(p => Of(p.Address, p.Html)),
        .. samples.Select(s => Made(s.Address, $"Sample {s.Name}", $"{(s.IsValid ? "Valid" : "Invalid")}: {s.Why}", isPart: false)),
    ];

    /// <summary>Those that have every word, or its beginning: pages with all of them in the title, then rows that have all of them, then pages,
    /// then the rest; each in order of the guide.</summary>
    public IReadOnlyList<GuideHit> Find(string question)
    {
        var words = NormalText.Of(question.Length > LongestQuestion ? question[..LongestQuestion] : question)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Take(MostWords).ToArray();
        if (words.Length == 0) return [];
        return [.. texts.Select(t => (Text: t, Rank: t.Rank(words))).Where(t => t.Rank is not null).OrderBy(t => t.Rank)
            .Select(t => t.Text.Hit).DistinctBy(h => h.Address).Take(MostHits)];
    }

    /// <summary>At the beginning of a word. Both begin with a space.</summary>
    private static bool Has(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
            if (at == 0 || text[at - 1] == ' ') return true;
        return false;
    }

    private static IEnumerable<Text> Of(string address, string html)
    {
        var main = html[html.IndexOf("<main", StringComparison.Ordinal)..html.IndexOf("</main>", StringComparison.Ordinal)];
        var title = Plain(Heading().Match(main).Groups[1].Value);
        var lead = Plain(Lead().Match(main).Groups[1].Value);
        foreach (Match row in Row().Matches(main))
            yield return Made($"{address}#{WebUtility.HtmlDecode(row.Groups[1].Value)}", title, Plain(row.Groups[2].Value), isPart: true);
        // The rows speak for themselves.
        var rest = Plain(Row().Replace(main, " "));
        yield return Made(address, title, lead.Length > 0 ? lead : rest, isPart: false) with { Words = NormalText.Of(rest) };
    }

    private static Text Made(string address, string title, string says, bool isPart) =>
        new(new(address, title, says.Length > 240 ? $"{says[..240]}…" : says), NormalText.Of(title), NormalText.Of(says), isPart);

    private static string Plain(string html) => WebUtility.HtmlDecode(Space().Replace(Tag().Replace(html, " "), " ")).Trim();

    [GeneratedRegex("<h1>(.*?)</h1>", RegexOptions.Singleline)]
    private static partial Regex Heading();
    [GeneratedRegex("<p class=\"lead\">(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex Lead();
    [GeneratedRegex("<tr role=\"row\" id=\"([^\"]*)\">(.*?)</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();
    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
