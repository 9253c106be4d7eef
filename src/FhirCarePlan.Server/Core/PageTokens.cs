using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FhirCarePlan.Server.Core;

/// <summary>Page links: encrypted, bound to question, caller, purpose and protocol, expiring. Equal questions in the same hour give equal
/// links, because the nonce is derived from the content (src/docs/sharing.md#search).</summary>
public sealed class PageTokens(byte[] key)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    public string Seal(string position, string binding, DateTimeOffset now)
    {
        var expiry = (now.ToUnixTimeSeconds() / 3600 + 1) * 3600 + (long)Lifetime.TotalSeconds;
        var plain = Encoding.UTF8.GetBytes($"{expiry}|{position}");
        var bound = Encoding.UTF8.GetBytes(binding);
        var nonce = HMACSHA256.HashData(key, (byte[])[.. plain, 0, .. bound])[..12];
        var sealed_ = new byte[12 + plain.Length + 16];
        nonce.CopyTo(sealed_, 0);
        using var aes = new AesGcm(Key, 16);
        aes.Encrypt(nonce, plain, sealed_.AsSpan(12, plain.Length), sealed_.AsSpan(12 + plain.Length), bound);
        return Base64Url.EncodeToString(sealed_);
    }

    /// <summary>Null when the link is not for this caller and question, is forged or has expired.</summary>
    public string? Open(string token, string binding, DateTimeOffset now)
    {
        if (!Base64Url.IsValid(token)) return null;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < 28) return null;
        var plain = new byte[bytes.Length - 28];
        using var aes = new AesGcm(Key, 16);
        try
        {
            aes.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(12, plain.Length), bytes.AsSpan(12 + plain.Length), plain,
                Encoding.UTF8.GetBytes(binding));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        var text = Encoding.UTF8.GetString(plain);
        var at = text.IndexOf('|');
        return long.Parse(text.AsSpan(0, at), System.Globalization.CultureInfo.InvariantCulture) > now.ToUnixTimeSeconds()
            ? text[(at + 1)..] : null;
    }

    // One key for the nonce, another for the cipher, from the same secret.
    private byte[] Key => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: "page"u8.ToArray());
}
