namespace FhirCarePlan.Sharing;

/// <summary>Does the agreement have a basis in law: gateways with their bases, overrides with their reviews, dates that fit?</summary>
internal static class LegalChecks
{
    /// <summary>Article 9 conditions that need a paragraph of Schedule 1 as well.
    /// https://www.legislation.gov.uk/ukpga/2018/12/section/10</summary>
    private static readonly string[] needSchedule1 = ["9(2)(b)", "9(2)(g)", "9(2)(h)", "9(2)(i)", "9(2)(j)"];

    private static readonly string[] commonLaws = ["implied-consent", "explicit-consent", "statutory-duty", "public-interest",
        "none-needed"];

    private static bool Points(string point, char article, char paragraph, char last) =>
        point is [var a, '(', var p, ')', '(', var letter, ')'] && a == article && p == paragraph && letter >= 'a' && letter <= last;

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
            if (gateway.Gdpr6 is { Length: > 0 } six && !Points(six, '6', '1', 'f') || gateway.Gdpr9 is { Length: > 0 } nine
                && !Points(nine, '9', '2', 'j'))
                report.Warning("gdpr-article", gateway.Line, $"`{gateway.Id}` rests on a point that Article 6(1) or 9(2) does not have.",
                    "Write 6(1)(a) to 6(1)(f), and 9(2)(a) to 9(2)(j).", gateway.Gdpr6 is { Length: > 0 } a && !Points(a, '6', '1', 'f')
                        ? a : gateway.Gdpr9);
            if (gateway.CommonLaw is { Length: > 0 } basis && !commonLaws.Contains(basis))
                report.Warning("common-law-basis", gateway.Line, $"`{basis}` of `{gateway.Id}` is not a known basis in common law.",
                    $"Take one of {string.Join(", ", commonLaws)}.", basis);
            if (gateway is { SpecialCategory: true, Gdpr6: "6(1)(c)" or "6(1)(e)" } && string.IsNullOrWhiteSpace(gateway.Power))
                report.Warning("no-power", gateway.Line, $"`{gateway.Id}` rests on {gateway.Gdpr6} and names no power or duty.",
                    "State `power`: the Act and section that asks for it.", gateway.Gdpr6);
            if (gateway.From > gateway.To)
                report.Error("dates", gateway.Line, $"`{gateway.Id}` ends before it begins.", "Put `from` before `to`.", "from");
            else if (gateway.To < protocol.Effective.To || gateway.From > protocol.Effective.From)
                report.Warning("gateway-dates", gateway.Line, $"`{gateway.Id}` is not in date all the time the agreement is.",
                    "Its rules deny outside its dates; make sure that is meant.", "to");
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
                    "Take 6(1)(e) or 6(1)(c) as the UK GDPR basis; ask for consent under `requires` and `commonLaw`.", "gateway");
    }

    private static readonly string[] enforcers = ["police", "probation", "prison"];
    private static readonly string[] authorities =
        [.. enforcers, "nhs-mental-health-provider", "nhs-acute-provider", "nhs-community", "icb", "local-authority-social-services",
            "local-authority-housing", "benefits-agency"];

    /// <summary>What holds for some kinds of party alone. https://www.legislation.gov.uk/ukpga/2018/12/part/3</summary>
    public static void Authorities(Protocol protocol, ProtocolReport report)
    {
        foreach (var rule in protocol.Rules.Where(r => r.IsPermit && !r.To.IsAll))
        {
            if (protocol.Gateway(rule.Gateway) is not { } gateway) continue;
            foreach (var party in protocol.Parties.Where(p => rule.To.Contains(p.Id)))
            {
                if (gateway.Gdpr6 == "6(1)(f)" && authorities.Contains(party.Sector))
                    report.Warning("legitimate-interests", rule.Line,
                        $"`{rule.Id}` is for `{party.Id}`, a public authority, and rests on 6(1)(f) through `{gateway.Id}`.",
                        "Take a gateway under 6(1)(e) or 6(1)(c).", "gateway");
                if (enforcers.Contains(party.Sector) && gateway.Power?.Contains("Part 3", StringComparison.OrdinalIgnoreCase) != true)
                    report.Warning("police-part-3", rule.Line,
                        $"`{rule.Id}` is for `{party.Id}`, and `{gateway.Id}` says nothing of Part 3 of the Data Protection Act 2018.",
                        "State in `power` under which section of Part 3 the data are used, or that they are not used for law enforcement "
                            + "under Part 3.", "gateway");
            }
        }
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
                        "Allowed: G6, G8, G9, G10.", gate);
            if (lifting.ReviewBy is { } office && !protocol.Parties.Any(p => p.Officers.ContainsKey(office)))
                report.Warning("override-reviewer", lifting.Line, $"`{office}` reviews `{lifting.Id}` and is an officer of no party.",
                    "Name the office under `officers` of a party.", office);
            if (lifting.Lifts.Count == 0)
                report.Error("override-gate", lifting.Line, $"`{lifting.Id}` lifts nothing.", "Name the gates it lifts.", "lifts");
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
        else if (effective.Review < report.Today)
            report.Warning("review-passed", effective.Line, $"The review was due on {effective.Review:yyyy-MM-dd}.",
                "Review the agreement, and state the next date.", "review");
        else if (effective.Review > effective.To)
            report.Warning("review-after-end", effective.Line, "The review comes after the agreement has ended.",
            "Bring `review` forward.", "review");
    }
}
