using System.Security.Cryptography;
using System.Text;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Sharing;

/// <summary>A protocol file and the signatures beside it, read and linted. `Protocol` is null when the file cannot be read as one;
/// with errors among the issues it can be looked at, and must not be enforced.</summary>
public sealed record ProtocolFile(string Path, Protocol? Protocol, IReadOnlyList<ProtocolIssue> Issues)
{
    public bool IsSound => Protocol is not null && !Issues.Any(i => i.IsError);

    public static string SignaturesPath(string path) => System.IO.Path.ChangeExtension(path, null) + ".signatures.yaml";

    /// <summary>Lower-case hexadecimal SHA-256 of a file's exact bytes: what parties sign and the engine enforces.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <param name="today">For checks that hang on the day; null to leave them out.</param>
    public static ProtocolFile Load(string path, DateOnly? today = null)
    {
        var name = System.IO.Path.GetFileName(path);
        try
        {
            var beside = SignaturesPath(path);
            return Read(path, File.ReadAllBytes(path), File.Exists(beside) ? File.ReadAllBytes(beside) : null, today);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new ProtocolFile(path, null,
                [new("file", Fhir.Model.IssueSeverity.Error, name, 0, $"It cannot be read ({error.GetType().Name}).",
                "Check that it exists and who may read it.")]);
        }
    }

    /// <param name="signatures">The bytes of NAME.signatures.yaml; null when there is none.</param>
    /// <param name="mostParts">A file with more is not checked, and is not sound: for drafts of strangers.</param>
    public static ProtocolFile Read(string path, byte[] bytes, byte[]? signatures, DateOnly? today = null, int mostParts = int.MaxValue)
    {
        var report = new ProtocolReport(System.IO.Path.GetFileName(path), today);
        if (ReadProtocol(bytes, report) is not { } protocol) return new ProtocolFile(path, null, report.Issues);

        if (MatrixCost.PartsOf(protocol) is var parts && parts > mostParts)
            return new ProtocolFile(path, null, [TooLarge(report, parts, mostParts), .. report.Issues]);
        var issues = report.Issues;
        // Of a torn file the parts that are left are read for their faults alone: names may be defined in what was skipped.
        if (!report.IsTorn) Linter.Check(protocol, report);
        if (signatures is not null)
        {
            var beside = new ProtocolReport(System.IO.Path.GetFileName(SignaturesPath(path)), today);
            protocol = protocol with { Signatures = SignatureReader.Read(signatures, protocol, beside) };
            issues = [.. issues, .. beside.Issues];
        }
        return new ProtocolFile(path, report.IsTorn ? null : protocol,
            [.. issues.OrderBy(i => !i.IsError).ThenBy(i => i.File == report.File ? 0 : 1).ThenBy(i => i.Line).ThenBy(i => i.Column)]);
    }

    private static ProtocolIssue TooLarge(ProtocolReport report, long parts, int most) => new("too-large", Fhir.Model.IssueSeverity.Error, report.File, 0,
        $"Its parties, clauses and purposes combine to {parts:N0}; here at most {most:N0} are checked.", "Check it with the command `protocol check`, or write fewer clauses.");

    private static Protocol? ReadProtocol(byte[] bytes, ProtocolReport report)
    {
        if (TextOf(bytes, report) is not { } text || YamlText.Parse(text, report) is not { } root) return null;
        return new ProtocolReader(report).Read(root) with { Hash = HashOf(bytes) };
    }

    /// <summary>Strict UTF-8: parties must all read the same text that they sign.</summary>
    internal static string? TextOf(byte[] bytes, ProtocolReport report)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            report.Error("yaml", 1, "The file is not UTF-8.", "Save it as UTF-8.");
            return null;
        }
    }
}
