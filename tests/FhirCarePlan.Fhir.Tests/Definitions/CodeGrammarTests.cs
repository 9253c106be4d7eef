using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Definitions;

public class CodeGrammarTests
{
    [Theory]
    [InlineData("all-languages", "en-GB", null)]
    [InlineData("all-languages", "zh-Hant-TW", null)]
    [InlineData("all-languages", "en_GB", false)]
    [InlineData("all-languages", "e", false)]
    [InlineData("mimetypes", "application/fhir+json; charset=utf-8", null)]
    [InlineData("mimetypes", "json", null)]
    [InlineData("mimetypes", "a picture", false)]
    [InlineData("currencies", "GBP", null)]
    [InlineData("currencies", "£", false)]
    [InlineData("jurisdiction", "GB-ENG", null)]
    [InlineData("jurisdiction", "826", null)]
    [InlineData("jurisdiction", "England", false)]
    [InlineData("ucum-units", "mm[Hg]", null)]
    [InlineData("ucum-units", "mmHg", false)]
    [InlineData("ucum-units", "anything", false)]
    public void What_breaks_the_form_of_a_code_is_none(string set, string code, bool? contained) =>
        Assert.Equal(contained, R4.ValueSet($"http://hl7.org/fhir/ValueSet/{set}")!.Contains(default, Encoding.UTF8.GetBytes(code)));

    [Fact]
    public void A_language_is_one() =>
        Assert.Equal(["required-binding Patient.language"], Check.Base("""{"resourceType":"Patient","language":"en_GB"}""").Errors());
}
