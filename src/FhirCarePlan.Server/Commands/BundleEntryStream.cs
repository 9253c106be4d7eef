using System.Text.Json;
using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Commands;

/// <summary>The resources of a Bundle too large to be held, one after the other, with memory for the largest entry only.</summary>
internal static class BundleEntryStream
{
    /// <summary>True when a source begins like a Bundle in JSON.</summary>
    public static bool IsBundle(ReadOnlySpan<byte> begun)
    {
        try
        {
            var json = new Utf8JsonReader(begun, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 512 }));
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
                var isType = json.ValueTextEquals("resourceType"u8);
                if (!json.Read()) return false;
                if (isType) return json.TokenType == JsonTokenType.String && json.ValueTextEquals("Bundle"u8);
                if (!json.TrySkip()) return false;
            }
        }
        catch (JsonException)
        {
            // Reading it whole reports what is wrong with it.
        }
        return false;
    }

    /// <summary>Positions count from 0; an entry without a resource is skipped. Anything that is not JSON ends the list.</summary>
    public static IEnumerable<(int Position, byte[] Resource)> Read(byte[] begun, Stream rest)
    {
        var scan = new Scan();
        var entry = new MemoryStream();
        var position = 0;
        var buffer = begun;
        for (var length = begun.Length; length > 0;)
        {
            for (var i = 0; i < length; i++)
            {
                var isInside = scan.IsInEntry;
                scan.Next(buffer[i]);
                if (isInside || scan.IsInEntry) entry.WriteByte(buffer[i]);
                if (!isInside || scan.IsInEntry) continue;
                if (ResourceOf(entry.GetBuffer().AsMemory(0, (int)entry.Length)) is { } resource) yield return (position, resource);
                position++;
                entry.SetLength(0);
            }
            if (ReferenceEquals(buffer, begun)) buffer = new byte[1 << 20];
            length = rest.Read(buffer, 0, buffer.Length);
        }
    }

    private static byte[]? ResourceOf(ReadOnlyMemory<byte> entry)
    {
        try
        {
            using var json = JsonDocument.Parse(entry, new JsonDocumentOptions { MaxDepth = 512 });
            return json.RootElement.TryGetProperty("resource", out var resource)
                ? System.Text.Encoding.UTF8.GetBytes(resource.GetRawText()) : null;
        }
        catch (JsonException)
        {
            return entry.ToArray(); // no JSON, which its validation says
        }
    }

    /// <summary>Follows the braces and texts of JSON far enough to know where the objects of the root's `entry` are.</summary>
    private sealed class Scan
    {
        private int depth;
        private bool isText, isEscaped, isEntries;
        private int matched;

        public bool IsInEntry => isEntries && depth > 2;

        public void Next(byte b)
        {
            if (isText)
            {
                if (isEscaped) isEscaped = false;
                else if (b == '\\') isEscaped = true;
                else if (b == '"') isText = false;
                if (depth == 1 && isText) matched = matched >= 0 && matched < Entry.Length && Entry[matched] == b ? matched + 1 : -1;
                return;
            }
            switch (b)
            {
                case (byte)'"':
                    isText = true;
                    if (depth == 1) matched = 0;
                    break;
                case (byte)'[' or (byte)'{':
                    if (depth == 1) isEntries = b == '[' && matched == Entry.Length;
                    depth++;
                    break;
                case (byte)']' or (byte)'}':
                    depth--;
                    if (depth <= 1) isEntries = false;
                    break;
            }
        }

        private static ReadOnlySpan<byte> Entry => "entry"u8;
    }
}
