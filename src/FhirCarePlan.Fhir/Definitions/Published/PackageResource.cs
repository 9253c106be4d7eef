using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Published;

/// <summary>A package's resource as it is served: as published, and a structure that was published without a snapshot with one.</summary>
internal static class PackageResource
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[]? Write(PackageFile file, string id, DefinitionSet definitions)
    {
        using var document = DefinitionSet.Parse(file, new Report());
        if (document == null) return null;
        var lacksSnapshot = file.ResourceType == "StructureDefinition" && document.Root["snapshot"].IsMissing;
        return lacksSnapshot && definitions.Snapshot(file.Url!) is { } snapshot
            ? WithSnapshot(document.Root, id, snapshot)
            : CanonicalJson.Write(document, new WriteOptions { Id = id });
    }

    private static byte[] WithSnapshot(Node root, string id, Snapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", root.Type.Name);
            json.WriteString("id", id);
            foreach (var element in root.Type.Elements)
                if (element.Name == "snapshot")
                {
                    json.WritePropertyName("snapshot");
                    SnapshotJson.Write(snapshot, json);
                }
                else if (element.Name != "id") PropertyCopy.Write(root, element.Name, json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
