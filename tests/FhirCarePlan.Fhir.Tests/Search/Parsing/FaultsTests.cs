using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class FaultsTests
{
    [Theory]
    [InlineData("a`b\nc\u0000d", "a?b?c?d")]
    [InlineData("status", "status")]
    public void A_word_cannot_break_a_message(string word, string expected) => Assert.Equal(expected, Faults.Word(word));

    [Fact]
    public void A_word_is_cut() => Assert.Equal(64, Faults.Word(new string('x', 8000)).Length);
}
