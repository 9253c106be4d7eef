namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class DateRowsTests
{
    /// <summary>The examples of https://hl7.org/fhir/R4/search.html#date, and the prefixes on periods.</summary>
    [Theory]
    [InlineData("""{"start":"2013-01-21"}""", "ge2013-03-14", true)]
    [InlineData("""{"start":"2013-01-21"}""", "le2013-03-14", true)]
    [InlineData("""{"start":"2013-03-15"}""", "sa2013-03-14", true)]
    [InlineData("""{"start":"2013-01-21"}""", "sa2013-03-14", false)]
    [InlineData("""{"end":"2013-01-21"}""", "sa2013-03-14", false)]
    [InlineData("""{"end":"2013-01-21"}""", "eb2013-03-14", true)]
    [InlineData("""{"start":"2013-01-21"}""", "eb2013-03-14", false)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-14"}""", "2013-03-14", true)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-14"}""", "2013", true)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-14"}""", "2013-03-14T10:00", false)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-15"}""", "2013-03-14", false)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-15"}""", "ne2013-03-14", true)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-15"}""", "gt2013-03-14", true)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-15"}""", "gt2013-03-15", false)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-15"}""", "ge2013-03-15", true)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-15"}""", "lt2013-03-14", false)]
    [InlineData("""{"start":"2013-03-14","end":"2013-03-15"}""", "lt2013-03-15", true)]
    [InlineData("""{"start":"2013-03-14T10:00:00Z","end":"2013-03-14T11:00:00Z"}""", "eq2013-03-14", true)]
    [InlineData("""{"start":"2024-04-29","end":"2024-04-29"}""", "ap2024-04-27", false)] // a tenth of the gap to now: some hours
    [InlineData("""{"start":"2023-12-28","end":"2023-12-28"}""", "ap2024-01-01", true)] // a tenth of four months
    [InlineData("""{}""", "ge1900", false)]
    public void Matches_a_period(string period, string date, bool isFound) =>
        Assert.Equal(isFound,
            Given.Finds($"CarePlan?date={date}",
            $$"""{"resourceType":"CarePlan","period":{{period}}}""".Replace("\"period\":{}", "\"status\":\"active\"")));

    [Theory]
    [InlineData("2013-01-14", "lt2013-01-14T10:00", true)]
    [InlineData("2013-01-14", "gt2013-01-14T10:00", true)]
    [InlineData("2013-01-14", "2013-01-14", true)]
    [InlineData("2013-01-14", "2013-01", true)]
    [InlineData("2013-01", "2013-01-14", false)]
    [InlineData("2013-01-14T00:00:00Z", "2013-01-14", true)]
    [InlineData("2013-01-15T00:00:00Z", "2013-01-14", false)]
    [InlineData("2013-01-15T00:00:00Z", "ne2013-01-14", true)]
    [InlineData("2013-01-14T10:00:00Z", "ne2013-01-14", false)]
    [InlineData("2013-07-13T23:30:00Z", "2013-07-14", true)] // already the next day in London
    public void Matches_a_date(string recorded, string date, bool isFound) =>
        Assert.Equal(isFound,
            Given.Finds($"Condition?recorded-date={date}", $$"""{"resourceType":"Condition","recordedDate":"{{recorded}}"}"""));

    [Theory]
    [InlineData("""{"event":["2013-01-01","2013-03-01"]}""", "sa2013-01-01", false)]
    [InlineData("""{"event":["2013-01-01","2013-03-01"]}""", "gt2013-02-15", true)] // only the outer limits count
    [InlineData("""{"event":["2013-03-01","2013-01-01"]}""", "2013", true)]
    [InlineData("""{"event":["2013-03-01","2013-01-01"]}""", "gt2013-02-15", true)]
    [InlineData("""{"event":["2013-03-01","2013-01-01"]}""", "lt2013-02-15", true)]
    [InlineData("""{"repeat":{"boundsPeriod":{"start":"2013-01-31","end":"2013-03-24"}}}""", "gt2013-02-01", true)]
    [InlineData("""{"repeat":{"boundsPeriod":{"start":"2013-01-31","end":"2013-03-24"}}}""", "gt2013-03-24", false)]
    [InlineData("""{"repeat":{"count":3}}""", "ge1900", false)]
    public void Matches_a_timing(string timing, string date, bool isFound) =>
        Assert.Equal(isFound,
            Given.Finds($"CarePlan?activity-date={date}",
            $$"""{"resourceType":"CarePlan","activity":[{"detail":{"scheduledTiming":{{timing}} } }]}"""));

    [Fact]
    public void Open_ends_are_the_ends_of_time()
    {
        var row = Assert.Single(Given.Rows("""{"resourceType":"CarePlan","period":{"end":"2013-01-01T00:00:00Z"}}""", "date"));
        Assert.Equal((long.MinValue, new DateTime(2013, 1, 1, 0, 0, 1).Ticks - 1), (row.Low, row.High));
    }
}
