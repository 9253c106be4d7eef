namespace FhirCarePlan.Client;

/// <summary>Where bearer tokens come from. A token speaks for one purpose of use.</summary>
public interface ITokenSource
{
    /// <param name="refused">The token that the server has just refused with 401, so that it is not given again; null for none.</param>
    ValueTask<string> Get(string? refused, CancellationToken cancel);
}

/// <summary>Purposes of use that agreements name. An agreement may have others.</summary>
public static class Purpose
{
    public const string DirectCare = "direct-care", SocialCare = "social-care", HousingSupport = "housing-support",
        VoluntarySupport = "voluntary-support", PersonAccess = "person-access", CarerSupport = "carer-support";
}
