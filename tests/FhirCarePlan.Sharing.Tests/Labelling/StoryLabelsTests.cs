using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Tests.Views;

namespace FhirCarePlan.Sharing.Tests.Labelling;

/// <summary>The shipped protocol has a category for everything that our profiles define: none of it is left to `other`, which only the
/// holder of a record and the person may see.</summary>
public class StoryLabelsTests
{
    /// <summary>Kept to their holder on purpose, whole: a register names many people, a provenance tells of many categories.</summary>
    private static readonly string[] Whole = ["List", "Provenance"];

    [Fact]
    public void Nothing_of_the_samples_falls_to_other()
    {
        var fallen = new List<string>();
        foreach (var (name, body) in Bodies.Samples)
        {
            using var document = Bodies.Parse(body);
            if (Whole.Contains(document.Type.Name)) continue;
            var labels = Partnership.Label(document);
            for (var i = 0; i < document.Count; i++)
                if (IsOther(labels[i]) && !IsOther(document[i].IsRoot ? 0 : labels[document[i].Parent.Index]) && !NeedsWholeView(document[i]))
                    fallen.Add($"{name} {document[i].Location} {document[i].TextOf("url")}");
        }
        Assert.True(fallen.Count == 0, string.Join('\n', fallen));
    }

    [Theory]
    [InlineData("category", "MAPPA", "forensic-history")]
    [InlineData("code", "MAPPA", "forensic-history")]
    [InlineData("category", "MARAC", "safeguarding")]
    [InlineData("code", "MARAC", "safeguarding")]
    [InlineData("category", "safeguarding", "safeguarding")]
    [InlineData("category", "staff-safety", "risk")]
    [InlineData("category", "forensic", "forensic-history")]
    [InlineData("code", "forensic", "forensic-history")]
    [InlineData("category", "third-party", "third-party-information")]
    [InlineData("code", "third-party", "third-party-information")]
    [InlineData("category", "reasonable-adjustment", "contact")]
    [InlineData("code", "reasonable-adjustment", "contact")]
    [InlineData("category", "crisis", "crisis-plan")]
    public void A_flag_is_of_the_category_that_its_code_says_wherever_it_stands(string element, string code, string category)
    {
        var concept = $$"""{"coding":[{"system":"https://fhir.cpa.example/CodeSystem/CPA-FlagCategory","code":"{{code}}"}]}""";
        var flag = $$$"""{"resourceType":"Flag","status":"active","category":[{{{(element == "category" ? concept : """{"text":"x"}""")}}}],"code":{{{(element == "code" ? concept : """{"text":"x"}""")}}},"subject":{"reference":"Patient/p"}}""";
        using var document = Bodies.Parse(System.Text.Encoding.UTF8.GetBytes(flag));
        Assert.Equal(category, string.Join(' ', Partnership.Bits.NamesIn(Partnership.Label(document).Root)));
    }

    private static bool IsOther(long mask) => (mask & Partnership.Bits.Of(Category.Other)) != 0;

    /// <summary>Narrative and the like are shown with the whole resource or not at all.</summary>
    private static bool NeedsWholeView(Node node) => RandomLabels.IsInMeta(node) || node.Name is "text" && node.Parent.IsRoot;
}
