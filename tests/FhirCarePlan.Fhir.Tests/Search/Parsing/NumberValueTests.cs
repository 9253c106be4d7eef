using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class NumberValueTests
{
    [Theory]
    [InlineData("100", 99.5, 100.5)]
    [InlineData("100.00", 99.995, 100.005)]
    [InlineData("-100", -100.5, -99.5)]
    [InlineData("0", -0.5, 0.5)]
    [InlineData("5.40", 5.395, 5.405)]
    [InlineData("1e2", 95, 105)]
    [InlineData("1.0e2", 95, 105)]
    [InlineData("1.00e-2", 0.00995, 0.01005)]
    public void Covers_what_rounds_to_it(string text, double low, double above)
    {
        var value = NumberValue.Read(text)!;
        Assert.Equal((low, Math.BitDecrement(above)), (value.NumberLow, value.NumberHigh));
    }

    [Theory]
    [InlineData("gt100", 100, 100)]
    [InlineData("sa100", 100, 100)]
    [InlineData("ap100", 90, 110)]
    [InlineData("ap-100", -110, -90)]
    public void With_a_prefix_it_is_exact_or_near(string text, double low, double high)
    {
        var value = NumberValue.Read(text)!;
        Assert.Equal((low, high), (value.NumberLow, value.NumberHigh));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gt")]
    [InlineData("x")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("1e999")]
    [InlineData("1e9999999999")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,0")]
    [InlineData("1 ")]
    [InlineData("1e1.5")]
    public void Refuses(string text) => Assert.Null(NumberValue.Read(text));

    [Theory]
    [InlineData("5.4", null, null, null)]
    [InlineData("5.4||", null, null, null)]
    [InlineData("5.4|http://unitsofmeasure.org|mg", "http://unitsofmeasure.org", "mg", null)]
    [InlineData("5.4|http://unitsofmeasure.org|", "http://unitsofmeasure.org", null, null)]
    [InlineData(@"5.4||a\|b", null, "a|b", "a|b")]
    public void A_quantity_may_name_its_unit(string text, string? system, string? code, string? unit)
    {
        var value = NumberValue.ReadQuantity(text)!;
        Assert.Equal((5.4, system, code, unit), (value.Number, value.System, value.Value, value.Text));
    }

    [Theory]
    [InlineData("5.4|mg")]
    [InlineData("5.4|a|b|c")]
    [InlineData("|a|b")]
    public void Refuses_a_quantity(string text) => Assert.Null(NumberValue.ReadQuantity(text));

    [Theory]
    [InlineData("123456789012345678901234567890.5")]
    [InlineData("1e300")]
    [InlineData("0.00000000000000000000000000000000001")]
    public void Reads_what_a_decimal_cannot_hold(string text)
    {
        var value = NumberValue.Read(text)!;
        Assert.True(value.NumberLow <= value.Number && value.Number <= value.NumberHigh);
    }
}
