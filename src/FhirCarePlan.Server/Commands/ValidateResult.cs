using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Commands;

/// <summary>The findings of one input.</summary>
/// <param name="ResourceType">Null when the source could not be read as a resource.</param>
internal sealed record ValidateResult(ValidateInput Input, string? ResourceType, string? Id, IReadOnlyList<Issue> Issues)
{
    public bool IsValid { get; } = !Issues.Any(i => i.IsError);

    /// <summary>What a second judge needs: the resource as JSON and the profiles that we asked. Null unless wanted, and for what is no
    /// resource.</summary>
    public (byte[] Json, IReadOnlyList<string> Profiles)? Judged { get; private init; }

    /// <summary>The other engine's verdict; null when it was not asked.</summary>
    public SecondVerdict? Second { get; init; }

    /// <param name="keeps">The result keeps the resource, for a second judge.</param>
    public static ValidateResult Of(ValidateInput input, Validation validation, IReadOnlyList<string> profiles, string? writer, bool keeps)
    {
        if (input.Unreadable is { } fault) return new(input, null, null, [new Issue(IssueSeverity.Fatal, IssueType.NotFound, "", fault) { Key = "file" }]);
        var report = new Report();
        try
        {
            using var document = ResourceReader.Read(input.Utf8, null, report);
            if (document == null) return new(input, null, null, report.Issues);
            var asked = validation.Check(validation.Validator, document.Root, report, profiles, writer);
            return new(input, document.Type.Name, document.Root.TextOf("id"), Placed(input, document.Type.Name, report.Issues))
            {
                Judged = keeps ? (CanonicalJson.Write(document), asked) : null,
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The last resort: a bug of ours ends the verdict on this resource, not that on the others.
            report.Add(new Issue(IssueSeverity.Fatal, IssueType.Exception, "", $"Checking this resource failed with {e.GetType().Name}. Please report it") { Key = "exception" });
            return new(input, null, null, report.Issues);
        }
    }

    /// <summary>Errors first, as the server answers. The findings of an entry of a large Bundle are findings of the Bundle; their lines and
    /// columns are those of the resource.</summary>
    private static IReadOnlyList<Issue> Placed(ValidateInput input, string type, IReadOnlyList<Issue> issues) => input.Position is not { } position
        ? [.. issues.OrderBy(i => i.Severity)]
        : [.. issues.OrderBy(i => i.Severity).Select(i => i.Expression.StartsWith(type, StringComparison.Ordinal) ? i with { Expression = $"Bundle.entry[{position}].resource{i.Expression[type.Length..]}" } : i)];
}
