using System.Buffers;
using System.Text.Json;

namespace FhirCarePlan.Storage.Engine;

/// <summary>A list as one value of a statement: `[["a","b"], ["c","d"]]`. The statement reads it with `json_each(?1) k` and
/// `k.value ->> 0`, which an engine puts into its own words.</summary>
internal static class Tuples
{
    public static ReadOnlySpan<byte> Of<T>(IReadOnlyCollection<T> items, params ReadOnlySpan<Func<T, string>> parts)
    {
        var list = new ArrayBufferWriter<byte>(32 * items.Count + 2);
        using (var json = new Utf8JsonWriter(list))
        {
            json.WriteStartArray();
            foreach (var item in items)
            {
                json.WriteStartArray();
                foreach (var part in parts) json.WriteStringValue(part(item));
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return list.WrittenSpan;
    }
}
