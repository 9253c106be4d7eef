using System.Text;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Explain;
using FhirCarePlan.Sharing.Tests.Labelling;
using FhirCarePlan.Sharing.Tests.Views;

namespace FhirCarePlan.Sharing.Tests.Explain;

public class ExplanationTests
{
    private static readonly Explanation explanation = new(Protocols.Small, Protocols.Bits, Protocols.Labeller);

    [Fact]
    public void Every_category_the_type_can_carry_is_explained_and_no_other()
    {
        using var parameters = Explain("Patient", Protocols.Mask("demographics", "directory"));
        Assert.Equal(["demographics", "contact", "directory", "other"], Parts(parameters, "code"));
        Assert.Equal(["true", "false", "true", "false"], Parts(parameters, "permitted"));
        Assert.Equal(["home", "G8", "home", "G8"], Parts(parameters, "gate"));
        Assert.Contains("The rule `some-rule` says so", Parts(parameters, "clause"));
    }

    [Theory]
    [InlineData(true, "whole")]
    [InlineData(false, "partial")]
    public void The_view_is_whole_or_partial_by_type_and_mask(bool all, string view)
    {
        using var parameters = Explain("Patient", all ? Protocols.Bits.All : Protocols.Mask("demographics"));
        Assert.Equal(view, parameters.Root.All("parameter").ToList().Single(p => p.TextOf("name") == "view").TextOf("value"));
    }

    [Fact]
    public void Consents_are_named_only_to_who_may_see_consents()
    {
        using var without = Explain("Patient", Protocols.Mask("demographics"));
        using var with = Explain("Patient", Protocols.Mask("demographics", "consent"));
        Assert.Empty(Parts(without, "consent"));
        Assert.NotEmpty(Parts(with, "consent"));
    }

    [Fact]
    public void An_explanation_is_valid_R4()
    {
        using var parameters = Explain("CarePlan", Protocols.Mask("care-plan-full"));
        Assert.Empty(R4Shape.Faults(parameters).Concat(R4Shape.BrokenRules(parameters)));
    }

    private static Document Explain(string type, long permitted)
    {
        var reasons = Protocols.Small.Categories.Select(c => Protocols.Mask(c.Id) is var bit && (bit & permitted) != 0
            ? new CategoryReason(c.Id, true, "home", ["some-rule"], ["Consent/x"], null, [], "The rule `some-rule` says so")
            : new CategoryReason(c.Id, false, "G8", [], ["Consent/x"], null, [], "Nothing opens it")).ToList();
        return Bodies.Parse(explanation.Write(type, new Decision(permitted, reasons)));
    }

    private static List<string?> Parts(Document parameters, string name) =>
        [.. parameters.Root.All("parameter").ToList().SelectMany(p => p.All("part").ToList()).Where(p => p.TextOf("name") == name)
            .Select(p => p.TextOf("value"))];
}
