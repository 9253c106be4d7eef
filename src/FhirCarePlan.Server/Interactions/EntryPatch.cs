using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Patching;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>A JSON or XML Patch in an entry: a Binary of its media type. A FHIRPath Patch is Parameters like any other resource.
/// https://hl7.org/fhir/R4/http.html#patch</summary>
internal sealed record EntryPatch(PatchFormat Format, ReadOnlyMemory<byte> Body)
{
    /// <param name="patch">Null where the entry is not a patch, or a FHIRPath Patch.</param>
    public static Answer? Read(Interaction interaction, Node resource, out EntryPatch? patch)
    {
        patch = null;
        if (interaction.Body != BodyKind.Patch || resource.Type.Name != "Binary") return null;
        if (PatchTypes.Of((resource.TextOf("contentType") ?? "").Split(';')[0].Trim()) is not { } format)
            return Refuse(resource["contentType"], resource, $"A patch in a Binary has the `contentType` {PatchTypes.Json} or {PatchTypes.Xml}");
        var data = (resource.TextOf("data") ?? "").Where(c => !char.IsWhiteSpace(c)).ToArray();
        var bytes = new byte[data.Length];
        if (!Convert.TryFromBase64Chars(data, bytes, out var length)) return Refuse(resource["data"], resource, "The `data` of the Binary is not base64");
        patch = new EntryPatch(format, bytes.AsMemory(0, length));
        return null;
    }

    private static Answer Refuse(Node at, Node resource, string text) =>
        Answer.Refuse(AnswerKind.Malformed, IssueType.Value, text, (at.IsMissing ? resource : at).Location, "patch");
}
