namespace FhirCarePlan.Server.Authentication;

/// <summary>Why nobody could be told from a request. https://www.rfc-editor.org/rfc/rfc6750#section-3.1</summary>
public enum TokenFault
{
    /// <summary>No Authorization header, or one of another scheme: RFC 6750 wants no error code then.</summary>
    Missing, OtherScheme,
    Malformed, Expired, NotYet, TooLong, NoEnd, Audience, Issuer, Signature,
    /// <summary>The provider's keys cannot be fetched, so that no token can be checked. The caller is not at fault.</summary>
    ProviderAway,
}
