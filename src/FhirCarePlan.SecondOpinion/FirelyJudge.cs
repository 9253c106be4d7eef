using System.Text.Json;
using Firely.Fhir.Validation;
using FhirCarePlan.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Terminology;

namespace FhirCarePlan.SecondOpinion;

/// <summary>Firely's parser and validator on one resource. Slow (some tens of milliseconds a resource, many seconds for the first) and not
/// safe to use from two threads at once.
/// https://docs.fire.ly/projects/Firely-NET-SDK/en/latest/validation/profile-validation.html</summary>
public sealed class FirelyJudge(FirelyDefinitions definitions)
{
    private static readonly FhirJsonDeserializer Parser = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));

    private readonly Validator validator = new(definitions.Resolver, new LocalTerminologyService(definitions.Resolver));

    /// <summary>What Firely finds, in its own words, under our names of rules; errors first.</summary>
    /// <param name="profiles">Canonicals that the resource must meet besides base R4 and what its `meta.profile` claims.</param>
    public IReadOnlyList<Issue> Judge(ReadOnlyMemory<byte> json, IReadOnlyList<string> profiles)
    {
        var issues = new List<Issue>();
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 512 });
            Parser.TryDeserializeResource(ref reader, out var resource, out var faults);
            issues.AddRange(faults.Select(FirelyIssues.OfParser));
            if (resource != null)
                foreach (var profile in profiles.DefaultIfEmpty())
                    issues.AddRange(validator.Validate(resource, profile).Issue.Select(FirelyIssues.Of));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The validator throws on some inputs, such as an address with a bad host in a canonical. That is a finding about the input
            // too.
            issues.Add(new Issue(IssueSeverity.Fatal, IssueType.Exception, "",
                $"Firely ended with {failure.GetType().Name}")
            { Key = "exception" });
        }
        return [.. issues.DistinctBy(i => (i.Severity, i.Key, i.Expression, i.Text)).OrderBy(i => i.Severity)];
    }
}
