using System.Globalization;

namespace FhirCarePlan.Server.Answers;

/// <summary>`2026-01-31T08:30:00.123Z`. https://hl7.org/fhir/R4/datatypes.html#instant</summary>
public static class Instant
{
    public static string Text(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Null if the text is not an instant of R4.</summary>
    public static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}
