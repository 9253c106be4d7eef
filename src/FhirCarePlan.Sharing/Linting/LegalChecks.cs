namespace FhirCarePlan.Sharing;

/// <summary>Does the agreement have a basis in law: gateways with their bases, overrides with their reviews, dates that fit?</summary>
internal static class LegalChecks
{
    /// <summary>Article 9 conditions that need a paragraph of Schedule 1 as well.
    /// https://www.legislation.gov.uk/ukpga/2018/12/section/10</summary>
    private static readonly string[] needSchedule1 = ["9(2)(b)", "9(2)(g)", "9(2)(h)", "9(2)(i)", "9(2)(j)"];

    public static void Gateways(Protocol protocol, ProtocolReport report)
    {
        foreach (var gateway in protocol.Gateways)
        {
            if (string.IsNullOrEmpty(gateway.Gdpr6))
                report.Error("no-article-6", gateway.Line, $"`{gateway.Id}` names no Article 6 basis.",
                    "State `gdpr6`, for public bodies usually 6(1)(e).");
            if (gateway.SpecialCategory && string.IsNullOrEmpty(gateway.Gdpr9))
                report.Error("no-article-9", gateway.Line, $"`{gateway.Id}` names no Article 9 condition.",
                    "State `gdpr9`, for care usually 9(2)(h); or `specialCategory: false` where only the directory passes.");
            if (gateway.Gdpr9 is { } condition && needSchedule1.Contains(condition) && string.IsNullOrEmpty(gateway.Schedule1))
                report.Error("no-schedule-1", gateway.Line,
                    $"`{gateway.Id}` rests on {condition}, which needs a paragraph of Schedule 1 to the Data Protection Act 2018.",
                    "State `sch1`, for health or social care 2.");
            if (gateway.SpecialCategory && string.IsNullOrEmpty(gateway.CommonLaw))
                report.Error("no-common-law", gateway.Line, $"`{gateway.Id}` says nothing of the duty of confidence.",
                    "State `commonLaw`: implied-consent, explicit-consent, statutory-duty, public-interest or none-needed.");
            if (gateway.From > gateway.To)
                report.Error("dates", gateway.Line, $"`{gateway.Id}` ends before it begins.", "Put `from` before `to`.");
            else if (gateway.To < protocol.Effective.To || gateway.From > protocol.Effective.From)
                report.Warning("gateway-dates", gateway.Line, $"`{gateway.Id}` is not in date all the time the agreement is.",
                    "Its rules deny outside its dates; make sure that is meant.");
            if (!protocol.Rules.Any(r => r.Gateway == gateway.Id))
                report.Warning("unused-gateway", gateway.Line, $"No rule goes through `{gateway.Id}`.",
                    "Take it out, or name it in a rule.");
        }
    }

    /// <summary>A Consent recorded here is the person's choice about confidentiality. A public body that must give care cannot rely on
    /// 6(1)(a), because it could not accept a no.</summary>
    public static void ConsentAsArticle6(Protocol protocol, ProtocolReport report)
    {
        foreach (var rule in protocol.Rules)
            if (rule.IsPermit && protocol.Gateway(rule.Gateway) is { Gdpr6: "6(1)(a)" } gateway
                && protocol.Purposes.Any(p => rule.Purposes.Contains(p.Id)
                    && (PurposeCodes.Includes("TREAT", p.Code) || p.Code == "CAREMGT")))
                report.Error("consent-as-article-6", rule.Line,
                    $"`{rule.Id}` is direct care and rests on consent (6(1)(a)) through `{gateway.Id}`.",
                    "Take 6(1)(e) or 6(1)(c) as the UK GDPR basis; ask for consent under `requires` and `commonLaw`.");
    }

    public static void Overrides(Protocol protocol, ProtocolReport report)
    {
        foreach (var lifting in protocol.Overrides)
        {
            if (lifting.Expires is null)
                report.Error("override-without-expiry", lifting.Line, $"`{lifting.Id}` never ends.", "State `expires`, such as 4h.");
            if (lifting.ReviewBy is null || lifting.ReviewWithin is null)
                report.Error("override-without-review", lifting.Line, $"Nobody reviews `{lifting.Id}` within a stated time.",
                    "State `review: { by: caldicottGuardian, within: 72h }`.");
            foreach (var gate in lifting.Lifts)
                if (gate is not ("G6" or "G8" or "G9" or "G10"))
                    report.Error("override-gate", lifting.Line, $"`{lifting.Id}` lifts {gate}, which no override can.",
                        "Allowed: G6, G8, G9, G10.");
            if (lifting.Lifts.Count == 0)
                report.Error("override-gate", lifting.Line, $"`{lifting.Id}` lifts nothing.", "Name the gates it lifts.");
        }
    }

    public static void Dates(Protocol protocol, ProtocolReport report)
    {
        var effective = protocol.Effective;
        if (effective.From > effective.To)
            report.Error("dates", effective.Line, "The agreement ends before it begins.", "Put `from` before `to`.");
        if (effective.Review is null)
            report.Warning("no-review-date", effective.Line, "The agreement has no review date.",
            "State `review`.");
        else if (effective.Review > effective.To)
            report.Warning("review-after-end", effective.Line, "The review comes after the agreement has ended.",
            "Bring `review` forward.");
    }
}
