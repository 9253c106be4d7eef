namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class UnitRuleTests
{
    [Theory]
    [InlineData("mm[Hg]")]
    [InlineData("kg/m2")]
    [InlineData("{score}")]
    [InlineData("10*9/L")]
    [InlineData("[stone_av]")]
    [InlineData("[yd_us]")] // no conversion here, and yet a unit
    [InlineData("dB[SPL]")]
    [InlineData("Cel")]
    [InlineData("%")]
    [InlineData("1")]
    [InlineData("mmHg", "unit-unknown Observation.value.code")]
    [InlineData("bpm", "unit-unknown Observation.value.code")]
    [InlineData("kgs", "unit-unknown Observation.value.code")]
    [InlineData("mg/", "unit-unknown Observation.value.code")]
    [InlineData("m[Hg", "unit-unknown Observation.value.code")]
    public void A_unit_of_UCUM_is_one(string code, params string[] warnings)
    {
        Assert.Equal(warnings, Quantity("http://unitsofmeasure.org", code));
        Assert.Empty(Quantity("http://units.example", code));
    }

    private static string[] Quantity(string system, string code) => Check.Base($$$"""
        {"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1,"system":"{{{system}}}","code":"{{{code}}}"}}
        """).Issues.Where(i => i.Key == "unit-unknown").Select(i => $"{i.Key} {i.Expression}").ToArray();

    [Fact]
    public void Of_every_kind_of_quantity() => Assert.Contains("unit-unknown Observation.component[0].value.low.code", Check.Base("""
        {"resourceType":"Observation","status":"final","code":{"text":"x"},"component":[{"code":{"text":"x"},"valueRange":{"low":{"value":1,"system":"http://unitsofmeasure.org","code":"mmHg"}}}]}
        """).Issues.Select(i => $"{i.Key} {i.Expression}"));
}
