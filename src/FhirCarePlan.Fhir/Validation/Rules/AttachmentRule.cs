using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>`size` and `hash` of an attachment are those of its `data`. The data is decoded in pieces, so that a large one is not held
/// twice. https://hl7.org/fhir/R4/datatypes.html#Attachment</summary>
internal sealed class AttachmentRule : IRule
{
    private const int Piece = 4096;

    public void Check(Node attachment, Run run)
    {
        if (attachment["data"] is not { IsMissing: false, HasValue: true } data) return;
        Node size = attachment["size"], hash = attachment["hash"];
        if (size.IsMissing && hash.IsMissing) return;
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        if (Digest(data.Utf8, digest) is not { } length) return; // base64Binary says that it is none
        if (size.Text is { } stated && long.TryParse(stated, out var number) && number != length)
            run.Error(IssueType.Value, size, "attachment-size", $"`size` is {number}, and `data` has {length} bytes");
        if (hash is { IsMissing: false, HasValue: true } && hash.Text!.Trim() != Convert.ToBase64String(digest))
            run.Error(IssueType.Value, hash, "attachment-hash", "`hash` is not the SHA-1 of `data` in base64");
    }

    /// <summary>How many bytes it is; null when it is not base64.</summary>
    private static long? Digest(ReadOnlySpan<byte> base64, Span<byte> digest)
    {
        // R4 asks for SHA-1; it finds damage and proves nothing.
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var (digits, bytes) = (ArrayPool<byte>.Shared.Rent(Piece), ArrayPool<byte>.Shared.Rent(Piece));
        try
        {
            var (count, length) = (0, 0L);
            foreach (var b in base64)
            {
                if (b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') continue;
                digits[count++] = b;
                if (count < Piece) continue;
                if (!Flush(digits.AsSpan(0, count), bytes, sha, ref length)) return null;
                count = 0;
            }
            if (!Flush(digits.AsSpan(0, count), bytes, sha, ref length)) return null;
            sha.GetHashAndReset(digest);
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(digits);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static bool Flush(ReadOnlySpan<byte> digits, Span<byte> bytes, IncrementalHash sha, ref long length)
    {
        if (Base64.DecodeFromUtf8(digits, bytes, out _, out var written) != OperationStatus.Done) return false;
        sha.AppendData(bytes[..written]);
        length += written;
        return true;
    }
}
