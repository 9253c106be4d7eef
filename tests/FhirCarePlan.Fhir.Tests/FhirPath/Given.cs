using System.Text;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.FhirPath;

/// <summary>The start of the FHIRPath tests: a clock that stands still, trees, and results as text.</summary>
internal static class Given
{
    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2024, 5, 17, 12, 30, 45, 123, TimeSpan.Zero);
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }

    /// <summary>It is 2024-05-17T12:30:45.123Z.</summary>
    public static FhirPathContext Context { get; } = new(new Clock());

    public static Node Resource(string json)
    {
        var report = new Report();
        var document = JsonParser.Parse(Encoding.UTF8.GetBytes(json), report);
        return document?.Root ?? throw new ArgumentException(string.Join("; ", report.Issues.Select(i => i.Text)));
    }

    /// <summary>A person with two names, a coded status, a contained organization and an extension.</summary>
    public static Node Patient { get; } = Resource("""
        {"resourceType":"Patient","id":"p","contained":[{"resourceType":"Organization","id":"o","name":"Trust"}],
         "extension":[{"url":"urn:a","valueString":"one"},{"url":"urn:b","valueInteger":2},{"url":"urn:a","valueBoolean":true}],
         "active":true,"name":[{"use":"official","family":"Chalmers","given":["Peter","James"]},{"use":"usual","given":["Jim"]}],
         "telecom":[{"system":"phone","value":"1"}],"gender":"male","birthDate":"1974-12-25","_birthDate":{"extension":[{"url":"urn:t","valueDateTime":"1974-12-25T14:35:45-05:00"}]},
         "deceasedBoolean":false,"multipleBirthInteger":2,
         "managingOrganization":{"reference":"#o"},"generalPractitioner":[{"reference":"Practitioner/1"},{"reference":"urn:uuid:x","type":"Organization"}]}
        """);

    /// <summary>The result as text, items separated by `, `; a mistake as `error`.</summary>
    public static string Result(string expression, Node focus = default, FhirPathContext? context = null)
    {
        try
        {
            return string.Join(", ", FhirPathExpression.Compile(expression).Evaluate(focus, context ?? Context));
        }
        catch (FhirPathException)
        {
            return "error";
        }
    }
}
