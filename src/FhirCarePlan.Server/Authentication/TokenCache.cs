using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Tokens that were checked recently, by the SHA-256 of their text, so that a request need not verify a signature. An entry lasts
/// until the token expires, and at most five minutes, so that a key withdrawn by its issuer is soon useless.</summary>
public sealed class TokenCache(TimeProvider clock)
{
    public const int Limit = 10_000;
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Key, Entry> entries = new();

    private readonly record struct Key(UInt128 High, UInt128 Low);

    private readonly record struct Entry(AuthenticateResult Result, DateTimeOffset Until, int Generation);

    /// <summary>Null when the token is not known, or no longer.</summary>
    /// <param name="generation">Of the provider's keys: what was checked with others does not count.</param>
    public AuthenticateResult? Find(string token, int generation = 0)
    {
        var key = KeyOf(token);
        if (!entries.TryGetValue(key, out var entry)) return null;
        if (entry.Until > clock.GetUtcNow() && entry.Generation == generation) return entry.Result;
        entries.TryRemove(key, out _);
        return null;
    }

    public void Add(string token, AuthenticateResult result, DateTimeOffset expires, int generation = 0)
    {
        if (entries.Count >= Limit) MakeRoom();
        var now = clock.GetUtcNow();
        entries[KeyOf(token)] = new(result, expires - now < Longest ? expires : now + Longest, generation);
    }

    private void MakeRoom()
    {
        var now = clock.GetUtcNow();
        foreach (var (key, entry) in entries)
            if (entry.Until <= now) entries.TryRemove(key, out _);
        if (entries.Count >= Limit) entries.Clear();
    }

    private static Key KeyOf(string token)
    {
        var length = Encoding.UTF8.GetMaxByteCount(token.Length);
        var bytes = length <= 4096 ? stackalloc byte[length] : new byte[length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], hash);
        return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}
