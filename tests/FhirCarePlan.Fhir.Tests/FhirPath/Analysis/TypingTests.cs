using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;

namespace FhirCarePlan.Fhir.Tests.FhirPath.Analysis;

public class TypingTests
{
    [Theory]
    [InlineData("name.given1", false)]
    [InlineData("Encounter.name", false)]
    [InlineData("deceasedBoolean", false)]
    [InlineData("(deceased as Period).unit", false)]
    [InlineData("children().skip(1)", false)]
    [InlineData("name.where(usee = 'x')", false)]
    [InlineData("name.select(period).strat", false)]
    [InlineData("deceased.exists() and name.family.exists()", true)]
    [InlineData("Patient.name.given | DomainResource.text", true)]
    [InlineData("extension('x').value.coding.code", true)]
    [InlineData("contained.anything", true)]
    [InlineData("%resource.anything", true)]
    [InlineData("generalPractitioner.resolve().anything", true)]
    [InlineData("repeat(contact).name", true)]
    [InlineData("name.first().given.trace('x', $this)", true)]
    public void Finds_elements_that_do_not_exist(string expression, bool fits) =>
        Assert.Equal(fits, FhirPathExpression.Compile(expression).ProblemOn(R4.Type("Patient")!) is null);

    /// <summary>cid-0 asks for a name that ChargeItemDefinition does not have: a known mistake of R4.</summary>
    [Fact]
    public void Base_invariants_fit_their_types()
    {
        var problems = from name in R4.ResourceTypes
                       let type = R4.Type(name)!
                       from rule in type.Invariants
                       let problem = FhirPathExpression.Compile(rule.Expression).ProblemOn(type)
                       where problem != null
                       select $"{rule.Key}: {problem}";
        Assert.Equal(["cid-0: `name` is not an element of `ChargeItemDefinition`"], problems.Distinct());
    }
}
