using System.Buffers;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>`txt-1` and `txt-2`: a narrative holds plain XHTML that says something. https://hl7.org/fhir/R4/narrative.html</summary>
internal sealed class NarrativeRule : IRule
{
    public void Check(Node div, Run run)
    {
        if (!div.HasValue) return;
        if (!div.HasEscapes)
        {
            Check(div, div.Raw[1..^1], run);
            return;
        }
        var reader = new Utf8JsonReader(div.Raw);
        reader.Read();
        var plain = ArrayPool<byte>.Shared.Rent(div.Raw.Length);
        Check(div, plain.AsSpan(0, reader.CopyString(plain)), run);
        ArrayPool<byte>.Shared.Return(plain);
    }

    private static void Check(Node div, ReadOnlySpan<byte> xhtml, Run run)
    {
        if (Xhtml.Problem(xhtml, out var isEmpty) is { } problem)
            run.Error(IssueType.Invariant, div, "txt-1", $"The narrative is not allowed: {problem}");
        else if (isEmpty) run.Error(IssueType.Invariant, div, "txt-2", "The narrative is empty");
        else
        {
            NarrativeLinks.Check(div, xhtml, run);
            NarrativeLoads.Check(div, xhtml, run);
        }
    }
}
