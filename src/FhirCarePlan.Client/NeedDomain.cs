namespace FhirCarePlan.Client;

/// <summary>The domains of need of the code system CPA-NeedDomain.</summary>
public enum NeedDomain
{
    MentalHealth,
    PhysicalHealth,
    DailyLiving,
    DaytimeActivity,
    SocialFamily,
    Carers,
    FinanceBenefits,
    Accommodation,
    Risk,
    SubstanceMisuse,
    EqualityNeeds,
}

/// <summary>Domains as codes.</summary>
public static class NeedDomains
{
    private static readonly Dictionary<string, NeedDomain> ByCode = Enum.GetValues<NeedDomain>().ToDictionary(d => d.Code);

    extension(NeedDomain domain)
    {
        /// <summary>`SocialFamily` → `social-family`.</summary>
        public string Code =>
            string.Concat(domain.ToString()
            .Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
    }

    /// <summary>Null for a code that is not known here.</summary>
    public static NeedDomain? Parse(string? code) => code != null && ByCode.TryGetValue(code, out var domain) ? domain : null;
}
