namespace FhirCarePlan.Server.Authentication;

/// <summary>Why nobody could be told from a request. https://www.rfc-editor.org/rfc/rfc6750#section-3.1</summary>
public enum TokenFault
{
    /// <summary>No Authorization header, or one of another scheme: RFC 6750 wants no error code then.</summary>
    Missing, OtherScheme,
    Malformed, Expired, NotYet, TooLong, NoEnd, Audience, Issuer, Signature,
    /// <summary>Of a tenant whose tokens are not accepted.</summary>
    Tenant,
    /// <summary>Of Entra ID: neither an app role nor a scope, so that nobody has given its client anything here.</summary>
    NoRights,
    /// <summary>No value of a mapped claim is known, or the values have several meanings.</summary>
    Unmapped, Ambiguous,
    /// <summary>`fhirUser` contradicts the party or another claim.</summary>
    User,
    /// <summary>The provider has withdrawn the token: introspection calls it inactive.</summary>
    Revoked,
    /// <summary>The provider cannot be asked, so that no token can be checked. The caller is not at fault.</summary>
    ProviderAway,
}
