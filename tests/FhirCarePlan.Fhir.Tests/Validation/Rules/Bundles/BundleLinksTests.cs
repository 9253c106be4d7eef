namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Bundles;

public class BundleLinksTests
{
    [Theory]
    [InlineData("searchset", "self next", 0)]
    [InlineData("searchset", "next next", 1)]
    [InlineData("history", "first last", 0)]
    [InlineData("collection", "self", 0)]
    [InlineData("collection", "self self", 1)]
    [InlineData("collection", "next", 1)]
    [InlineData("collection", "alternate alternate", 0)]
    public void Each_relation_once_and_pages_only_of_searches(string type, string relations, int errors)
    {
        var links = string.Join(',', relations.Split(' ').Select(r => $$"""{"relation":"{{r}}","url":"http://a.example"}"""));
        Assert.Equal(errors, Check.Base($$"""{"resourceType":"Bundle","type":"{{type}}","link":[{{links}}]}""").Errors()
            .Count(e => e.StartsWith("bundle-link")));
    }
}
