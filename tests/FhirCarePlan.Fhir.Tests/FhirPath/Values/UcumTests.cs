using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.Tests.FhirPath.Values;

public class UcumTests
{
    [Theory]
    [InlineData("mg/dL", "g/L", 100)]
    [InlineData("mm[Hg]", "Pa", 0.0075006168)]
    [InlineData("10*9/L", "/nL", 1)]
    [InlineData("kg.m/s2", "N", 1)]
    [InlineData("kg/(m.s2)", "Pa", 1)]
    [InlineData("mmol/L", "umol/mL", 1)]
    [InlineData("[lb_av]", "kg", 2.2046226218)]
    [InlineData("{score}", "1", 1)]
    [InlineData("mL{total}/min", "L/h", 16.6666666667)]
    [InlineData("U/L", "nkat/L", 0.06)]
    [InlineData("wk", "d", 0.1428571429)]
    [InlineData("%", "1", 100)]
    [InlineData("m2", "cm2", 0.0001)]
    public void Units_are_worth_their_parts(string code, string other, double times)
    {
        var (a, b) = (Ucum.Measure(code)!, Ucum.Measure(other)!);
        Assert.Equal(a.Dimension, b.Dimension);
        Assert.Equal(times, (double)(b.Factor / a.Factor), 6);
    }

    [Theory]
    [InlineData("apples")]
    [InlineData("m/")]
    [InlineData("(m")]
    [InlineData("{open")]
    [InlineData("mm2m")]
    [InlineData("k[lb_av]")]
    [InlineData("m99")]
    [InlineData("")]
    [InlineData("((((((((((((((((((((((((m))))))))))))))))))))))))")]
    public void What_is_not_UCUM_measures_nothing(string code) => Assert.Null(Ucum.Measure(code));

    [Theory]
    [InlineData("[IU]/mL", "g/mL")]
    [InlineData("mol", "1")]
    [InlineData("a", "month")]
    public void Arbitrary_units_mix_with_nothing(string code, string other) =>
        Assert.NotEqual(Unit.Of(code).Measure!.Dimension, (Unit.Calendar(other) ?? Unit.Of(other)).Measure!.Dimension);
}
