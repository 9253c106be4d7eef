using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Http.Limits;

/// <summary>Requests that may keep a processor busy for long, told by the question, never by the data.</summary>
public static class HeavyRequests
{
    private const int LargePage = 200;

    /// <summary>Known before the body: bundles, and other requests that take a body as large as one.</summary>
    public static bool TakesLargeBody(Interaction interaction, string? type) =>
        interaction.Body is BodyKind.Bundle or BodyKind.Lines || interaction.Body == BodyKind.Question && type is "Bundle" or "Parameters";

    /// <summary>Known before the body, where its length is: a resource with an attachment.</summary>
    public static bool TakesAttachment(Interaction interaction, string? type, long? length, SizeLimits limits) =>
        interaction.Body is BodyKind.Resource or BodyKind.Question && length > limits.Body && AttachmentTypes.Has(type);

    /// <summary>Known once it is read: searches that bring more than they match, or large pages; whole histories; large
    /// bodies.</summary>
    public static bool Is(FhirRequest request, SizeLimits limits)
    {
        // Of one type; searches of many types are heavy, as histories are.
        var isSearch = request.Interaction is { Body: BodyKind.Form, Level: Level.Type };
        if (TakesLargeBody(request.Interaction, request.Type) || ReferenceEquals(request.Interaction, Table.History)
            || request.Interaction.AsksOfMany && !isSearch || request.Body.Length > limits.Body) return true;
        if (!isSearch) return false;
        foreach (var (name, value) in QueryParser.Pairs(request.Query))
        {
            if (name.StartsWith("_include", StringComparison.Ordinal) || name.StartsWith("_revinclude", StringComparison.Ordinal) || name == "_filter") return true;
            if (name == "_count" && int.TryParse(value, out var count) && count > LargePage) return true;
        }
        return false;
    }
}
