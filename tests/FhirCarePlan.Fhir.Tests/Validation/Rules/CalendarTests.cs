using System.Text;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class CalendarTests
{
    [Theory]
    [InlineData("2024", true)]
    [InlineData("2024-02", true)]
    [InlineData("2024-02-29", true)]
    [InlineData("2023-02-29", false)]
    [InlineData("1900-02-29", false)]
    [InlineData("2013-02-30", false)]
    [InlineData("2024-13", false)]
    [InlineData("2024-00-01", false)]
    [InlineData("0000", false)]
    [InlineData("24-01-01", false)]
    [InlineData("2024-1-1", false)]
    [InlineData("2024-01-01T10:00:00Z", false)]
    [InlineData("", false)]
    [InlineData("not a date", false)]
    public void Dates(string text, bool valid) => Assert.Equal(valid, Calendar.IsDate(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("2024-02-29", true)]
    [InlineData("2024-02-29T10:00:00Z", true)]
    [InlineData("2024-02-29T10:00:00.123456+01:00", true)]
    [InlineData("2024-02-29T10:00:00-14:00", true)]
    [InlineData("2024-02-29T10:00:00+14:01", false)]
    [InlineData("2024-02-29T10:00:00", false)]
    [InlineData("2024-02-29T10:00Z", false)]
    [InlineData("2024-02-29T24:00:00Z", false)]
    [InlineData("2024-02-29T10:00:60Z", true)]
    [InlineData("2024-02-29 10:00:00Z", false)]
    [InlineData("2024-02-29T10:00:00.Z", false)]
    [InlineData("2024-02-29T10:00:00ZZ", false)]
    public void Dates_with_times(string text, bool valid) => Assert.Equal(valid, Calendar.IsDateTime(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("2024-02-29", false)]
    [InlineData("2024-02-29T10:00:00Z", true)]
    public void Instants(string text, bool valid) => Assert.Equal(valid, Calendar.IsInstant(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("10:00:00", true)]
    [InlineData("10:00:00.5", true)]
    [InlineData("10:00", false)]
    [InlineData("25:00:00", false)]
    [InlineData("10:61:00", false)]
    [InlineData("1a:00:00", false)]
    public void Times(string text, bool valid) => Assert.Equal(valid, Calendar.IsTime(Encoding.UTF8.GetBytes(text)));
}
