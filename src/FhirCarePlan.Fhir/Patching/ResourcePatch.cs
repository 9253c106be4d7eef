using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>Applies a patch in any of its three forms to a resource. The result is text that may be anything: it is to be read, checked and stored
/// as an update is. https://hl7.org/fhir/R4/http.html#patch</summary>
public static class ResourcePatch
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * PatchBudget.Deepest };

    /// <summary>What came out.</summary>
    /// <param name="Issues">Why nothing did; empty when all went well.</param>
    public sealed record Outcome(ReadOnlyMemory<byte> Body, ResourceFormat Format, IReadOnlyList<Issue> Issues);

    /// <param name="sentAs">Of a FHIRPath Patch, which is a resource itself.</param>
    /// <param name="resource">Canonical JSON.</param>
    public static Outcome Apply(PatchFormat format, ReadOnlyMemory<byte> patch, ResourceFormat sentAs, ReadOnlyMemory<byte> resource, TimeProvider clock)
    {
        var budget = new PatchBudget();
        return format switch
        {
            PatchFormat.Json => Json(patch, resource, budget),
            PatchFormat.Xml => Xml(patch, resource, budget),
            _ => FhirPath(patch, sentAs, resource, budget, clock),
        };
    }

    private static Outcome Json(ReadOnlyMemory<byte> patch, ReadOnlyMemory<byte> resource, PatchBudget budget)
    {
        var document = JsonPatch.Read(resource);
        return JsonPatch.Apply(ref document, patch, budget) is { } fault ? Failed(fault)
            : new(JsonSerializer.SerializeToUtf8Bytes(document, AsWritten), ResourceFormat.Json, []);
    }

    private static Outcome Xml(ReadOnlyMemory<byte> patch, ReadOnlyMemory<byte> resource, PatchBudget budget)
    {
        using var document = JsonParser.Parse(resource, new Report(), ParseLimits.Own)!;
        return XmlPatch.Apply(patch, document, budget, out var patched) is { } fault ? Failed(fault) : new(patched, ResourceFormat.Xml, []);
    }

    private static Outcome FhirPath(ReadOnlyMemory<byte> patch, ResourceFormat sentAs, ReadOnlyMemory<byte> resource, PatchBudget budget, TimeProvider clock)
    {
        var report = new Report();
        using var parameters = ResourceReader.Read(patch, sentAs, report, ParseLimits.Default with { AllowsEmpty = true });
        if (parameters is null) return new(default, default, report.Issues);
        return FhirPathPatch.Apply(parameters, resource, budget, clock, out var patched) is { } fault ? Failed(fault) : new(patched, ResourceFormat.Json, []);
    }

    private static Outcome Failed(Issue fault) => new(default, default, [fault]);
}
