using System.Globalization;
using System.Text;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

public sealed class DateRangeTests
{
    [Theory]
    [InlineData("2013", "2013-01-01T00:00:00.0000000", "2013-12-31T23:59:59.9999999")]
    [InlineData("2013-02", "2013-02-01T00:00:00.0000000", "2013-02-28T23:59:59.9999999")]
    [InlineData("2013-07", "2013-06-30T23:00:00.0000000", "2013-07-31T22:59:59.9999999")] // London is an hour ahead in summer
    [InlineData("2013-03-31", "2013-03-31T00:00:00.0000000", "2013-03-31T22:59:59.9999999")] // and that day has 23 hours
    [InlineData("2013-10-27", "2013-10-26T23:00:00.0000000", "2013-10-27T23:59:59.9999999")] // and that one 25
    [InlineData("2013-12-31", "2013-12-31T00:00:00.0000000", "2013-12-31T23:59:59.9999999")]
    [InlineData("2016-02-29", "2016-02-29T00:00:00.0000000", "2016-02-29T23:59:59.9999999")]
    [InlineData("2013-01-14T10:00", "2013-01-14T10:00:00.0000000", "2013-01-14T10:00:59.9999999")]
    [InlineData("2013-01-14T10:00:30Z", "2013-01-14T10:00:30.0000000", "2013-01-14T10:00:30.9999999")]
    [InlineData("2013-01-14T10:00:30.123Z", "2013-01-14T10:00:30.1230000", "2013-01-14T10:00:30.1239999")]
    [InlineData("2013-01-14T10:00:30.123456789Z", "2013-01-14T10:00:30.1234567", "2013-01-14T10:00:30.1234567")]
    [InlineData("2013-01-14T23:30:00-05:00", "2013-01-15T04:30:00.0000000", "2013-01-15T04:30:00.9999999")]
    [InlineData("2013-01-14T00:30:00+05:30", "2013-01-13T19:00:00.0000000", "2013-01-13T19:00:00.9999999")]
    [InlineData("2013-07-14T10:00:00", "2013-07-14T09:00:00.0000000", "2013-07-14T09:00:00.9999999")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.0000000", "2016-12-31T23:59:59.9999999")]
    [InlineData("9999-12-31", "9999-12-31T00:00:00.0000000", "9999-12-31T23:59:59.9999999")]
    [InlineData("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999")]
    public void Covers(string written, string low, string high)
    {
        Assert.True(DateRange.TryParse(Encoding.UTF8.GetBytes(written), Given.London, out var range));
        Assert.Equal((low, high), (Text(range.Low), Text(range.High)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("13")]
    [InlineData("0000")]
    [InlineData("2013-")]
    [InlineData("2013-13")]
    [InlineData("2013-00")]
    [InlineData("2013-1-1")]
    [InlineData("2013-02-30")]
    [InlineData("2013-02-29")]
    [InlineData("2013-01-14T")]
    [InlineData("2013-01-14T10")]
    [InlineData("2013-01-14T24:00")]
    [InlineData("2013-01-14T10:60")]
    [InlineData("2013-01-14T10:00:61Z")]
    [InlineData("2013-01-14T10:00:00.Z")]
    [InlineData("2013-01-14T10:00:00+15:00")]
    [InlineData("2013-01-14T10:00:00+0100")]
    [InlineData("2013-01-14T10:00:00Zulu")]
    [InlineData("2013-01-14 10:00")]
    [InlineData("+201-01-14")]
    [InlineData("2013-+1-14")]
    [InlineData("today")]
    public void Refuses(string written) => Assert.False(DateRange.TryParse(Encoding.UTF8.GetBytes(written), Given.London, out _));

    private static string Text(long ticks) => new DateTime(ticks).ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture);
}
