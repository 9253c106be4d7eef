using FhirCarePlan.Fhir.FhirPath;

namespace FhirCarePlan.Fhir.Tests.FhirPath.Analysis;

public class ReadsTests
{
    [Theory]
    [InlineData("status = 'active' implies extension('urn:x').value.exists()", "extension status")]
    [InlineData("CarePlan.activity.detail.status", "activity")]
    [InlineData("activity.where(detail.status = 'x').exists()", "activity")]
    [InlineData("$this.period.start <= period.end", "period")]
    [InlineData("hasValue() or extension.exists()", "extension")]
    [InlineData("iif(goal.exists(), addresses, author).exists()", "addresses author goal")]
    [InlineData("where(status = 'x').title", "status title")]
    [InlineData("select(goal | addresses).count() > 1", "addresses goal")]
    [InlineData("exists(status = 'x')", "status")]
    [InlineData("(period as Period).start.empty()", "period")]
    [InlineData("1 = 1", "")]
    [InlineData("goal.all($this.reference.exists())", "goal")]
    public void Names_the_children_of_the_focus(string expression, string names) =>
        Assert.Equal(names, string.Join(' ', FhirPathExpression.Compile(expression).ReadsOf!.Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("%resource.status = 'x'")]
    [InlineData("contained.where(id in %rootResource.id)")]
    [InlineData("descendants().exists()")]
    [InlineData("children().count() > 1")]
    [InlineData("$this = 'x'")]
    [InlineData("matches('x')")]
    [InlineData("$this")]
    [InlineData("subject.resolve().active")]
    [InlineData("iif(true, $this, goal).author")]
    public void Says_when_it_cannot_tell(string expression) => Assert.Null(FhirPathExpression.Compile(expression).ReadsOf);
}
