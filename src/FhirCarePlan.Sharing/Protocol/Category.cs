namespace FhirCarePlan.Sharing;

/// <summary>A named part of all content; rules open categories and Consents name them. Its id is a code of CPA-InformationCategory or one
/// of `directory`, `conformance`, `consent`, `audit`, `other`. Root: a resource carries every category with a matching filter other than
/// `true`; if there is none, those whose filter is `true`; failing those, `other`. Elements: a node carries its parent's categories and
/// every category that claims it or one of its ancestors.</summary>
public sealed record Category
{
    public required string Id { get; init; }
    public required string Plain { get; init; }
    /// <summary>The category this one is split from: who refuses that one refuses this one.</summary>
    public string? Within { get; init; }
    /// <summary>Resource type → FHIRPath on the resource; `true` takes every resource that no other filter of the type takes.</summary>
    public IReadOnlyDictionary<string, string> Roots { get; init; } = new Dictionary<string, string>();
    /// <summary>Resource type → FHIRPath expressions from the resource, each selecting the nodes it claims.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Elements { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    /// <summary>Ids of code lists: whatever bears one of their codes needs this category as well, whatever else it is of.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];
    /// <summary>Resource type → ids of code lists: a resource whose own code is of one of them is chosen, as by a filter that matches.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> RootCodes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    /// <summary>Clinical terminologies of which a code that no list names needs this category as well: nobody here can say what it is
    /// about.</summary>
    public IReadOnlyList<string> UnlistedOf { get; init; } = [];
    public int Line { get; init; }

    /// <summary>True when a code in content may bring the category along.</summary>
    public bool GoesByCode => Codes.Count > 0 || UnlistedOf.Count > 0;

    public bool Concerns(string type) => Roots.ContainsKey(type) || Elements.ContainsKey(type) || RootCodes.ContainsKey(type);

    /// <summary>Categories every protocol has: the service itself speaks of them.</summary>
    public const string Directory = "directory", Conformance = "conformance", Consent = "consent", Audit = "audit", Other = "other";

    public static IReadOnlyList<string> BuiltIn { get; } = [Directory, Conformance, Consent, Audit, Other];

    /// <summary>The codes of CPA-InformationCategory.</summary>
    public static IReadOnlyList<string> InformationCategories { get; } =
    [
        "demographics", "contact", "care-plan-summary", "care-plan-full", "crisis-plan", "care-team", "diagnosis", "medication", "risk",
        "forensic-history", "legal-status", "safeguarding", "substance-misuse", "physical-health", "finance-benefits", "accommodation",
        "employment-education", "carer-information", "third-party-information", "assessment-detail",
    ];

    public const string InformationCategorySystem = "https://fhir.cpa.example/CodeSystem/CPA-InformationCategory";
}
