using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>Text search over the guide, made on the server.</summary>
internal static class FindPage
{
    /// <param name="question">`?q=`; empty for none.</param>
    public static byte[] Write(string question, GuideIndex index)
    {
        var main = Html.Of($"<form action=\"/profiles/find\" method=\"get\" role=\"search\"><label for=\"q\">Words to find in this guide</label> <input id=\"q\" name=\"q\" type=\"search\" value=\"{question}\" maxlength=\"{GuideIndex.LongestQuestion}\"> <button type=\"submit\">Find</button></form>");
        if (question.Trim().Length == 0) return PageFrame.Write("Find", "/profiles/find", main.Add($"<p>All words must be there; the beginning of a word is enough: <code>crisis plan</code>, <code>cpa-cp-4</code>.</p>"));
        var hits = index.Find(question);
        main.Add($"<p role=\"status\">{(hits.Count == 0 ? "Nothing in this guide has all of these words." : hits.Count == 1 ? "One place." : hits.Count == GuideIndex.MostHits ? $"The first {hits.Count} places. More words find fewer." : $"{hits.Count} places.")}</p>");
        if (hits.Count > 0)
        {
            main.Add($"<h2>Found</h2><ul class=\"hits\">");
            foreach (var hit in hits) main.Add($"<li><a href=\"{hit.Address}\">{hit.Title}</a><p>{hit.Says}</p></li>");
            main.Add($"</ul>");
        }
        return PageFrame.Write("Find", "/profiles/find", main);
    }
}
