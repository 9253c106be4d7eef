using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Tests.Labelling;

public class ReachTests
{
    [Theory]
    [InlineData("Organization", "directory other")]
    [InlineData("Patient", "demographics contact directory other")]
    // Goals may address conditions, and point at anything by their target types.
    [InlineData("Goal", "demographics care-plan-full diagnosis substance-misuse safeguarding directory other")]
    [InlineData("Questionnaire", "directory conformance other")]
    // `supportingInfo` may be a reference to anything that is stored; nothing stored points at the service's own records.
    [InlineData("CarePlan",
        "demographics contact care-plan-full accommodation risk diagnosis substance-misuse safeguarding directory consent other")]
    [InlineData("NoSuchType", "other")]
    public void A_type_can_carry_its_roots_its_claims_and_the_roots_of_what_it_may_point_at(string type, string categories)
    {
        var mask = Protocols.Labeller.CanCarry(type);
        Assert.Equal(categories,
            string.Join(" ", Protocols.Small.Categories.Select(c => c.Id).Where(c => (Protocols.Mask(c) & mask) != 0)));
        Assert.Equal(mask | Protocols.Bits.Labels, Protocols.Labeller.WholeView(type));
    }
}
