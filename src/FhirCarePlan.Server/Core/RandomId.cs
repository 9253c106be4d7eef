using System.Security.Cryptography;

namespace FhirCarePlan.Server.Core;

/// <summary>Random and opaque ids: 128 bits as 26 characters, valid as FHIR ids. https://hl7.org/fhir/R4/datatypes.html#id</summary>
public static class RandomId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Next()
    {
        Span<byte> random = stackalloc byte[26];
        RandomNumberGenerator.Fill(random);
        return string.Create(26, random, (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = Alphabet[bytes[i] & 31];
        });
    }
}
