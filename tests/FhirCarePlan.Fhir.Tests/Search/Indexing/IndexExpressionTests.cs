using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class IndexExpressionTests
{
    private const string Plan = """
        {"resourceType":"CarePlan","status":"active","subject":{"reference":"Patient/1"},"category":[{"coding":[{"code":"a"}],"text":"T"}]}
        """;

    /// <summary>A caller who knows that somebody co-ordinates care knows the role too: the row has the whole participant's
    /// labels.</summary>
    [Theory]
    [InlineData("CareTeam.participant.where(role.coding.where(code = 'x').exists()).member", "CareTeam.participant[1]")]
    [InlineData("CareTeam.participant.where(role.text = 'y' and period.end.empty()).member", "CareTeam.participant[0]")]
    [InlineData("CareTeam.participant.member.where(resolve() is PractitionerRole and reference.exists())",
        "CareTeam.participant[0].member CareTeam.participant[1].member")]
    [InlineData("(CareTeam.participant | CareTeam.participant).where(role.text = 'y').member", "CareTeam")]
    public void A_row_is_labelled_as_all_that_was_looked_at(string expression, string expected)
    {
        var own = new SearchParameters(new SearchParameterFact("https://a.example/p", "own", "reference", ["CareTeam"], expression, []));
        using var document = Given.Document("""
            {"resourceType":"CareTeam","participant":[{"role":[{"text":"y"}],"member":{"reference":"PractitionerRole/1"}},
             {"role":[{"coding":[{"code":"x"}]}],"member":{"reference":"PractitionerRole/2"}}]}
            """);
        var rows = new IndexExtractor(own, Given.London, Given.Clock).Extract(document).FindAll(r => r.Parameter.Code == "own");
        Assert.Equal(expected, string.Join(' ', rows.Select(r => document[r.Node].Location)));
    }

    /// <summary>A package's expression that cannot be evaluated on a resource finds nothing there, and the resource is still
    /// stored.</summary>
    [Theory]
    [InlineData("token", "CarePlan.category.coding.where(code = 'a').code", "a")]
    [InlineData("token", "CarePlan.category.first().coding.code", "a")]
    [InlineData("token", "CarePlan.category.text.toInteger().single()", "")]
    [InlineData("reference", "CarePlan.subject.where(resolve() is Patient and true)", "1")]
    public void The_engine_finds_the_rest(string type, string expression, string expected)
    {
        var own = new SearchParameters(new SearchParameterFact("https://a.example/p", "own", type, ["CarePlan"], expression, []));
        Assert.Empty(own.Refused);
        using var document = Given.Document(Plan);
        var rows = new IndexExtractor(own, Given.London, Given.Clock).Extract(document).FindAll(r => r.Parameter.Code == "own");
        Assert.Equal(expected, string.Join(' ', rows.Select(r => r.Value)));
    }
}
