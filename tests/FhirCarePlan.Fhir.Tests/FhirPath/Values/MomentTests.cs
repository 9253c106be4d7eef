using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.Tests.FhirPath.Values;

public class MomentTests
{
    [Theory]
    [InlineData("2015", "2015")]
    [InlineData("2015-02-04T14:34:28Z", "2015-02-04T14:34:28Z")]
    [InlineData("2015-02-04T14:34:28.1-03:30", "2015-02-04T14:34:28.1-03:30")]
    [InlineData("2015-02-04T14:34", "2015-02-04T14:34")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z")]
    [InlineData("2015-2-4", null)]
    [InlineData("2013-02-30", null)]
    [InlineData("0000", null)]
    [InlineData("2015-02T10:00", null)]
    [InlineData("2015-02-04T14:34:28+25:00", null)]
    [InlineData("2015-02-04 14:34", null)]
    [InlineData("2015-02-04T14:34:28Zx", null)]
    [InlineData("", null)]
    public void Reads_what_FHIR_writes(string text, string? result) =>
        Assert.Equal(result, MomentParser.TryDateTime(text, out var moment) ? moment.ToString() : null);

    [Theory]
    [InlineData("2015", "2015-06", null)]
    [InlineData("2015", "2016-06", -1)]
    [InlineData("2015-01-01T00:00:00+01:00", "2014-12-31T23:00:00Z", 0)]
    [InlineData("2015-01-01T12:00:00Z", "2015-01-01T20:00:00", null)]
    [InlineData("2015-01-01T12:00:00Z", "2015-01-03", -1)]
    [InlineData("2015-01-03", "2015-01-01T12:00:00Z", 1)]
    [InlineData("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", -1)]
    [InlineData("0001-01-01T00:00:00+14:00", "0001-01-01T00:00Z", -1)]
    [InlineData("9999-12-31", "9999-12", null)]
    public void Compares_as_far_as_both_are_known(string a, string b, int? order)
    {
        Assert.True(MomentParser.TryDateTime(a, out var x) & MomentParser.TryDateTime(b, out var y));
        Assert.Equal(order, MomentOrder.Compare(x, y) is { } found ? Math.Sign(found) : null);
    }

    [Fact]
    public void Sixteen_bytes_hold_a_moment() => Assert.Equal(16, System.Runtime.CompilerServices.Unsafe.SizeOf<Moment>());

    [Fact]
    public void Thirty_two_bytes_hold_an_item() => Assert.Equal(32, System.Runtime.CompilerServices.Unsafe.SizeOf<Item>());
}
