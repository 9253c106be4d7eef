namespace FhirCarePlan.Server.Answers;

/// <summary>What a Binary holds, to be sent as it is. https://hl7.org/fhir/R4/binary.html#rest</summary>
/// <param name="MediaType">A media type that can be a header.</param>
/// <param name="Base64">Its bytes in base64, as they are in the resource.</param>
/// <param name="SecurityContext">The reference of the Binary's `securityContext`.</param>
public sealed record Content(string MediaType, ReadOnlyMemory<byte> Base64, string? SecurityContext)
{
    public long Length => Base64.Length / 4 * 3 - (Base64.Span.EndsWith("=="u8) ? 2 : Base64.Span.EndsWith("="u8) ? 1 : 0);
}
