using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Tests.Consents;

/// <summary>A period covers the last moment it names, as precisely as it names it.</summary>
public class PeriodsTests
{
    [Theory]
    [InlineData("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("2026-02", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("2026-02-28", "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z", "2026-02-28T10:00:01Z")]
    [InlineData("2026-02-28T10:00:00+01:00", "2026-02-28T09:00:00Z", "2026-02-28T09:00:01Z")]
    public void Reads(string date, string first, string after)
    {
        Assert.True(Read(date, date, TimeZoneInfo.Utc, out var from, out var to));
        Assert.Equal(DateTimeOffset.Parse(first), from);
        Assert.Equal(DateTimeOffset.Parse(after), to);
    }

    [Fact]
    public void A_day_begins_where_the_service_stands()
    {
        var hour = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(1), null, null);
        Assert.True(Read("2026-07-01", "2026-07-01", hour, out var from, out _));
        Assert.Equal(DateTimeOffset.Parse("2026-06-30T23:00:00Z"), from);
    }

    [Fact]
    public void The_end_of_the_calendar_is_no_error()
    {
        Assert.True(Read("2026", "9999-12-31", TimeZoneInfo.Utc, out _, out var to));
        Assert.Equal(DateTimeOffset.MaxValue, to);
    }

    private static bool Read(string start, string end, TimeZoneInfo zone, out DateTimeOffset? from, out DateTimeOffset? to)
    {
        using var document =
            JsonParser.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"Consent","provision":{"period":{"start":"{{start}}","end":"{{end}}" } } }"""), new Report())!;
        return Periods.TryRead(document.Root["provision"]["period"], zone, out from, out to);
    }
}
