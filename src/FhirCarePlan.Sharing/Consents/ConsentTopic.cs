using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>What a Consent is about, as far as sharing under this agreement goes.</summary>
public enum ConsentTopic
{
    /// <summary>Of the category `multi-agency-sharing`: the truth table reads it.</summary>
    Sharing,
    /// <summary>Research, treatment or an advance decision: kept as a document, it neither opens nor closes anything.</summary>
    SomethingElse,
    /// <summary>It speaks of privacy, cites the agreement, or does not say what it is about: reading it as anything would be a
    /// guess.</summary>
    Unclear,
}

/// <summary>Tells the topics apart by scope, category and what the Consent cites.
/// https://hl7.org/fhir/R4/valueset-consent-scope.html</summary>
public static class ConsentTopics
{
    private const string ScopeSystem = "http://terminology.hl7.org/CodeSystem/consentscope",
        BasisExtension = "https://fhir.cpa.example/StructureDefinition/Extension-CPA-SharingBasis";

    public static ConsentTopic Of(Node consent, Protocol protocol)
    {
        if (ConsentReader.HasCoding(consent, "category", ConsentReader.SharingCategorySystem, ConsentReader.SharingCategory))
            return ConsentTopic.Sharing;
        return IsScopeOfSomethingElse(consent["scope"]) && !SpeaksOfSharing(consent, protocol)
            ? ConsentTopic.SomethingElse : ConsentTopic.Unclear;
    }

    /// <summary>Every coding must be one of these: two scopes say two things.</summary>
    private static bool IsScopeOfSomethingElse(Node scope)
    {
        var isOne = false;
        foreach (var coding in scope.All("coding"))
        {
            if (coding.TextOf("system") != ScopeSystem || coding.TextOf("code") is not ("research" or "treatment" or "adr")) return false;
            isOne = true;
        }
        return isOne;
    }

    /// <summary>Cites the agreement, states a basis for sharing, names a category of information, or nearly has our category.</summary>
    private static bool SpeaksOfSharing(Node consent, Protocol protocol)
    {
        foreach (var concept in consent.All("category"))
            foreach (var coding in concept.All("coding"))
                if (coding.TextOf("system") == ConsentReader.SharingCategorySystem
                    || string.Equals(coding.TextOf("code")?.Trim(), ConsentReader.SharingCategory, StringComparison.OrdinalIgnoreCase))
                    return true;
        foreach (var policy in consent.All("policy"))
            if (policy.TextOf("uri")?.Split('|')[0].TrimEnd('/') is { } uri
                && string.Equals(uri, protocol.Url, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var extension in consent.All("extension"))
            if (extension.TextOf("url") == BasisExtension) return true;
        return NamesCategories(consent["provision"]);
    }

    private static bool NamesCategories(Node provision)
    {
        if (provision.IsMissing) return false;
        if (ConsentReader.HasCodingOf(provision, "code", Category.InformationCategorySystem)) return true;
        foreach (var nested in provision.All("provision"))
            if (NamesCategories(nested)) return true;
        return false;
    }
}
