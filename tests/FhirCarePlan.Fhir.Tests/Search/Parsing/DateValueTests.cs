using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class DateValueTests
{
    [Fact]
    public void Covers_the_precision_as_written()
    {
        var value = DateValue.Read("ge2013-01", Given.London, Given.Clock)!;
        Assert.Equal((Prefix.Ge, new DateTime(2013, 1, 1).Ticks, new DateTime(2013, 2, 1).Ticks - 1),
            (value.Prefix, value.Low, value.High));
    }

    [Fact]
    public void Near_is_a_tenth_of_the_gap_to_now()
    {
        var value = DateValue.Read("ap2024-04-21T12:00:00Z", Given.London, Given.Clock)!;
        Assert.Equal(new DateTime(2024, 4, 20, 12, 0, 0).Ticks, value.Low, TimeSpan.TicksPerSecond);
        Assert.Equal(new DateTime(2024, 4, 22, 12, 0, 0).Ticks, value.High, TimeSpan.TicksPerSecond);
    }

    [Fact]
    public void The_plus_of_an_offset_may_come_unencoded() =>
        Assert.Equal(DateValue.Read("2013-01-14T10:00:00+01:00", Given.London, Given.Clock),
            DateValue.Read("2013-01-14T10:00:00 01:00", Given.London, Given.Clock));

    [Theory]
    [InlineData("")]
    [InlineData("ge")]
    [InlineData("zz2013")]
    [InlineData("ge ge2013")]
    [InlineData("yesterday")]
    public void Refuses(string text) => Assert.Null(DateValue.Read(text, Given.London, Given.Clock));
}
