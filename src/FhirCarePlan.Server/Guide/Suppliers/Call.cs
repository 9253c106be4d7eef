using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>A call to copy into a shell. A test runs each that names no placeholder, in the order of the page.</summary>
/// <param name="Title">What it is for.</param>
/// <param name="Line">One line of bash.</param>
/// <param name="Shows">A part of what comes back.</param>
/// <param name="Says">What to see in it.</param>
internal sealed record Call(string Title, string Line, string Shows, string Says)
{
    /// <param name="number">Counts the calls of a page.</param>
    public void Write(Html page, int number)
    {
        var id = $"call-{number}";
        page.Add($"<h3 id=\"{id}\">{number}. {Title}</h3><pre class=\"call\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}\"><code>{Line}</code></pre>");
        page.Add($"<p>The answer holds <code class=\"shows\">{Shows}</code>. {Says}</p>");
    }

    public static void Write(Html page, IEnumerable<Call> calls)
    {
        var number = 0;
        foreach (var call in calls) call.Write(page, ++number);
    }
}
