using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Requests;

/// <summary>What a request says of what it will ask: its address names a resource, and its body refers to others. Nothing is decided on this, and
/// a body that is wrong is found so by those who read it.</summary>
internal static class Foretold
{
    /// <summary>A transaction that refers to more asks for the others in their turn.</summary>
    private const int MostReferences = 500;

    public static Expected? Of(FhirRequest request)
    {
        (string, string)? target = request.Interaction.Level is Level.Instance or Level.Version && request.Id.Length > 0 ? (request.Type, request.Id) : null;
        var references = References(request);
        return target is null && references.Count == 0 ? null : new Expected(target, references, request.Interaction.Writes || references.Count > 0);
    }

    private static List<(string, string)> References(FhirRequest request)
    {
        var found = new List<(string, string)>();
        if (request.Body.IsEmpty || request.BodyFormat != ResourceFormat.Json) return found;
        var json = new Utf8JsonReader(request.Body.Span);
        try
        {
            for (var isNext = false; found.Count < MostReferences && json.Read();)
            {
                if (isNext && json.TokenType == JsonTokenType.String && Reference.TryKey(json.GetString(), out var type, out var id)
                    && (type, id.ToString()) is var one && one != (request.Type, request.Id)) found.Add(one);
                isNext = json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("reference"u8);
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Not JSON after all, or no UTF-8.
        }
        return found;
    }
}
