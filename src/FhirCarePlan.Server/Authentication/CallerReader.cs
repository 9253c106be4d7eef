using System.Security.Claims;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Authentication;

/// <summary>A token's claims as a Caller, by the mapping of the configuration and the protocol.</summary>
public sealed class CallerReader
{
    /// <summary>Null when nobody is authenticated.</summary>
    public Caller? Read(ClaimsPrincipal user) => throw new NotImplementedException();
}
