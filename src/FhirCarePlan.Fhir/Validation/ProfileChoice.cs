using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>Which CPA profile a resource must meet where profiles are enforced: its type and category say, not what it claims.
/// All other types are held to base R4 and their claims.</summary>
/// <param name="canonicalBase">`https://fhir.cpa.example/` unless the package was made for another address.</param>
public sealed class ProfileChoice(string canonicalBase = "https://fhir.cpa.example/")
{
    private static readonly byte[] Snomed = "http://snomed.info/sct"u8.ToArray();

    private readonly byte[] conditionCategory = System.Text.Encoding.UTF8.GetBytes($"{canonicalBase}CodeSystem/CPA-ConditionCategory");
    private readonly byte[] consentCategory = System.Text.Encoding.UTF8.GetBytes($"{canonicalBase}CodeSystem/CPA-ConsentCategory");

    private readonly string[] carePlan = Profile(canonicalBase, "CPA-CarePlan");
    private readonly string[] crisisPlan = Profile(canonicalBase, "CPA-CrisisPlan");
    private readonly string[] agencyPlan = Profile(canonicalBase, "CPA-AgencyPlan");
    private readonly string[] careTeam = Profile(canonicalBase, "CPA-CareTeam");
    private readonly string[] condition = Profile(canonicalBase, "CPA-Condition");
    private readonly string[] need = Profile(canonicalBase, "CPA-Need");
    private readonly string[] consent = Profile(canonicalBase, "CPA-Consent");

    /// <summary>The profiles to ask for besides base R4: one or none.</summary>
    public IReadOnlyList<string> For(Document document) => For(document.Root);

    public IReadOnlyList<string> For(Node root)
    {
        return root.Type.Name switch
        {
            "CarePlan" => HasCategory(root, Snomed, "736253002"u8) ? crisisPlan
                : HasCategory(root, Snomed, "1092421000000100"u8) ? carePlan : agencyPlan,
            "Condition" => HasCategory(root, conditionCategory, "need"u8) ? need : condition,
            "CareTeam" => careTeam,
            // Other consents (to treatment, to research) are none of the protocol's business.
            "Consent" => HasCategory(root, consentCategory, "multi-agency-sharing"u8) ? consent : [],
            _ => [],
        };
    }

    private static bool HasCategory(Node root, ReadOnlySpan<byte> system, ReadOnlySpan<byte> code)
    {
        foreach (var category in root.All("category"))
            foreach (var coding in category.All("coding"))
                if (coding["code"] is { IsMissing: false } found && found.ValueEquals(code)
                    && coding["system"] is { IsMissing: false } within && within.ValueEquals(system)) return true;
        return false;
    }

    private static string[] Profile(string canonicalBase, string name) => [$"{canonicalBase}StructureDefinition/{name}"];
}
