using System.IO.Compression;
using System.Text.Json;

namespace FhirCarePlan.Server.Commands;

/// <summary>One resource to be validated, as bytes.</summary>
/// <param name="File">As it was found; `-` for standard input.</param>
/// <param name="Line">In a list with one resource a line: the line, from 1; null otherwise.</param>
/// <param name="Position">Of the Bundle's entry that the resource is in; null for a resource alone.</param>
/// <param name="Unreadable">Why there are no bytes; null when there are.</param>
internal sealed record ValidateInput(string File, int? Line, byte[] Utf8, int? Position = null, string? Unreadable = null)
{
    /// <summary>Files of a FHIR package that are not resources.</summary>
    private static readonly string[] Manifests = ["package.json", ".index.json"];

    /// <summary>A larger Bundle is taken apart: its resources are looked at one by one, and what holds between them is not.</summary>
    private const int MostAtOnce = 64 << 20;

    /// <summary>All resources of files and folders, read when they are asked for.</summary>
    /// <param name="given">`-`, or a path as typed: findings name it.</param>
    /// <param name="path">The full path.</param>
    public static IEnumerable<ValidateInput> Of(string given, string path) =>
        given == "-" ? FromStream("-", Console.OpenStandardInput())
        : Directory.Exists(path)
            ? Files(path).SelectMany(f => FromFile(Path.Combine(given, Path.GetRelativePath(path, f)), f)) : FromFile(given, path);

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Where(f => Kind(f) is ".json" or ".xml" or ".ndjson" && !Manifests.Contains(Path.GetFileName(f)))
            .Order(StringComparer.Ordinal);

    /// <summary>The extension without `.gz`.</summary>
    private static string Kind(string file)
    {
        var plain = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        return Path.GetExtension(plain).ToLowerInvariant();
    }

    private static IEnumerable<ValidateInput> FromFile(string file, string path)
    {
        Stream? stream = null;
        string? fault = null;
        try
        {
            stream = System.IO.File.OpenRead(path);
            if (file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) stream = new GZipStream(stream, CompressionMode.Decompress);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = "The file cannot be opened";
        }
        if (stream == null) return [new ValidateInput(file, null, [], Unreadable: fault)];
        return Guarded(file, Kind(file) switch
        {
            ".ndjson" => Lines(file, stream),
            ".json" or ".xml" => Whole(file, stream),
            _ => FromStream(file, stream),
        });
    }

    /// <summary>Of no stated form: XML, one JSON resource, or one a line.</summary>
    private static IEnumerable<ValidateInput> FromStream(string file, Stream stream)
    {
        // The first line that comes decides: a whole resource in it begins a list.
        var begun = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            begun.Write(buffer, 0, read);
            if (begun.GetBuffer().AsSpan(0, (int)begun.Length).TrimStart(" \t\r\n"u8).Contains((byte)'\n')) break;
        }
        var bytes = begun.ToArray();
        var first = bytes.AsSpan().TrimStart(" \t\r\n"u8);
        var end = first.IndexOf((byte)'\n');
        return Guarded(file, IsObject(end < 0 ? first : first[..end]) ? Lines(file, stream, bytes) : Whole(file, stream, bytes));
    }

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 512 });
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<ValidateInput> Lines(string file, Stream stream, byte[]? begun = null)
    {
        using (stream)
            foreach (var (number, utf8) in InputLines.Read(stream, begun)) yield return new ValidateInput(file, number, utf8);
    }

    private static IEnumerable<ValidateInput> Whole(string file, Stream stream, byte[]? begun = null)
    {
        using (stream)
        {
            var bytes = new MemoryStream();
            bytes.Write(begun);
            for (var buffer = new byte[1 << 20]; bytes.Length <= MostAtOnce && stream.Read(buffer) is > 0 and var read;)
                bytes.Write(buffer, 0, read);
            if (bytes.Length > MostAtOnce && BundleEntryStream.IsBundle(bytes.GetBuffer().AsSpan(0, 64 << 10)))
            {
                foreach (var (position, resource) in BundleEntryStream.Read(bytes.ToArray(), stream))
                    yield return new ValidateInput(file, null, resource, position);
                yield break;
            }
            stream.CopyTo(bytes);
            yield return new ValidateInput(file, null, bytes.ToArray());
        }
    }

    /// <summary>A file that breaks off ends with a word about it, and the next one follows.</summary>
    private static IEnumerable<ValidateInput> Guarded(string file, IEnumerable<ValidateInput> inputs)
    {
        using var each = inputs.GetEnumerator();
        while (true)
        {
            string? fault = null;
            try
            {
                if (!each.MoveNext()) yield break;
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                fault = "The file cannot be read, or it is incomplete or damaged";
            }
            yield return fault == null ? each.Current : new ValidateInput(file, null, [], Unreadable: fault);
            if (fault != null) yield break;
        }
    }
}
