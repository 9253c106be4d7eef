using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Commands;

/// <summary>The lines of a stream as bytes, handed out as soon as they are complete, without line ends and empty lines.</summary>
internal static class InputLines
{
    private const int FirstBuffer = 64 << 10, LongestLine = 1 << 29;

    /// <summary>Numbers count from 1 and include empty lines. Each line has bytes of its own.</summary>
    /// <param name="begun">Bytes that were read from the stream already.</param>
    /// <exception cref="InvalidDataException">A line is longer than half a gigabyte.</exception>
    public static IEnumerable<(int Number, byte[] Utf8)> Read(Stream stream, byte[]? begun = null)
    {
        var buffer = new byte[Math.Max(FirstBuffer, begun?.Length ?? 0)];
        var length = begun?.Length ?? 0;
        begun?.CopyTo(buffer, 0);
        int number = 0, start = 0, searched = 0;
        for (var ended = false; !ended;)
        {
            var at = buffer.AsSpan(searched, length - searched).IndexOf((byte)'\n');
            if (at < 0)
            {
                searched = length;
                if (start > 0)
                {
                    buffer.AsSpan(start, length - start).CopyTo(buffer);
                    (length, searched, start) = (length - start, searched - start, 0);
                }
                if (length >= LongestLine) throw new InvalidDataException($"Line {number + 1} is longer than {LongestLine} bytes");
                if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var read = stream.Read(buffer, length, buffer.Length - length);
                length += read;
                ended = read == 0;
                if (!ended) continue;
                at = 0; // the text after the last line end is a line too
            }
            number++;
            var line = buffer.AsSpan(start, searched + at - start).Trim(" \t\r"u8);
            if (!line.IsEmpty) yield return (number, line.ToArray());
            start = searched = searched + at + 1;
        }
    }
}
