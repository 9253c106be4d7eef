namespace FhirCarePlan.Sharing;

/// <summary>The checks of law, rules, governance, tests and signatures.</summary>
public static partial class Checks
{
    private static Check[] Law() =>
    [
        Error("no-article-6", "A gateway without a basis under Article 6.",
            "Personal data may not be used without one (UK GDPR Article 6(1))."),
        Error("no-article-9", "A gateway for health data without a condition under Article 9.",
            "Health data may not be used without one (UK GDPR Article 9(2))."),
        Error("no-schedule-1", "An Article 9 condition without the paragraph of Schedule 1 it needs.",
            "The condition holds only together with it (Data Protection Act 2018 section 10)."),
        Error("no-common-law", "A gateway that says nothing of the duty of confidence.",
            "The common law asks for a basis of its own beside the UK GDPR."),
        Warning("gdpr-article", "A `gdpr6` or `gdpr9` that is not a point of Article 6(1) or 9(2).",
            "A basis that does not exist is none."),
        Warning("common-law-basis", "A `commonLaw` that is not one of the known bases.", "Readers must be able to compare gateways."),
        Warning("no-power", "A gateway under 6(1)(c) or 6(1)(e) that names no power or duty.",
            "The law must lay this basis down (UK GDPR Article 6(3))."),
        Warning("legitimate-interests", "A rule for a public authority under 6(1)(f).",
            "A public authority may not use it for its tasks (UK GDPR Article 6(1))."),
        Warning("police-part-3", "A rule for the police or probation that says nothing of Part 3.",
            "Law enforcement falls under Part 3 of the Data Protection Act 2018."),
        Error("dates", "An end before its beginning.", "It would never hold."),
        Warning("gateway-dates", "A gateway that is not in date all the time the agreement is.", "Its rules deny outside its dates."),
        Warning("unused-gateway", "A gateway that no rule goes through.", "Readers take it for a basis of something."),
        Error("consent-as-article-6", "Care that rests on consent under Article 6.", "A body that must give care could not accept a no."),
        Error("override-without-expiry", "An override that never ends.", "An emergency ends."),
        Error("override-without-review", "An override that nobody reviews within a stated time.",
            "Each use must be looked into afterwards."),
        Error("override-gate", "An override of a gate that none can lift, or of none.", "Only G6, G8, G9 and G10 can be lifted."),
        Warning("override-reviewer", "An override whose reviewer is no officer of any party.", "Nobody would get the review."),
    ];

    private static Check[] Rules() =>
    [
        Warning("party-not-joined", "A rule for a party that is suspended or has left.", "The rule opens nothing to it."),
        Warning("conflicting-pair", "A forbid that takes back what a permit names.",
            "The forbid wins, and the permit misleads its reader."),
        Warning("closed-rule", "A permit of which a forbid or a bar leaves nothing.", "The rule opens nothing."),
        Warning("shadowed-rule", "A permit that opens nothing beyond another one.",
            "Its conditions mislead: the other rule opens the same without them."),
        Warning("clearance-differs", "Rules for the same people that clear different labels.", "The narrower holds for both."),
        Warning("unreachable-rule", "A rule for a purpose that its party may not state.", "The rule opens nothing to it."),
        Warning("open-to-all", "A permit of people's data to all parties or all roles.", "Every new party or role would get it unasked."),
        Warning("no-relationship", "A permit of people's data that asks for no tie.", "Anybody in the role could read about anybody."),
        Warning("ledger-disclosed", "A permit that opens the ledger to another party.",
            "The ledger says more than the record: who was cared for by whom."),
        Warning("common-law-consent", "A rule that rests on explicit consent and does not ask for it.",
            "Without the person's consent there is no basis in common law."),
        Warning("objection-ignored", "A rule that rests on implied consent and does not honour an objection.",
            "Consent is implied only while the person does not object."),
        Warning("no-default", "A rule that honours objection, without a default where no Consent speaks.",
            "It is denied until a default is stated."),
        Warning("unused-default", "A default that no rule asks for.", "It has no effect."),
        Warning("default-conflict", "Two defaults that contradict each other.", "The one that denies holds."),
        Warning("consent-unrecordable", "A rule that asks for consent where no party may record one.",
            "The rule could never open anything."),
    ];

    private static Check[] Governance() =>
    [
        Warning("no-review-date", "An agreement without a review date.", "Nobody would be reminded to look at it again."),
        Warning("review-after-end", "A review after the agreement has ended.", "It would come too late."),
        Warning("review-passed", "A review date that has passed.", "The parties agreed to look at it again by then."),
        Warning("no-owner", "An agreement between several parties that nobody looks after.", "Nobody oversees its ledger."),
        Warning("no-guardian", "An NHS body or social services without a Caldicott guardian.", "Each has to have one."),
        Warning("ledger-unread", "A ledger that no role may read.", "Nobody could find out who saw what."),
        Warning("no-self-access", "People as a party, without a rule that opens their own record to them.",
            "They have a right to see it (UK GDPR Article 15)."),
        Warning("missing-section", "No word on retention, incidents, informing people or their rights.",
            "The ICO's data sharing code asks for each."),
        Warning("secondary-use", "A purpose of research, planning or payment, without a section on secondary use.",
            "Small numbers identify people; the section states how they are hidden."),
    ];

    private static Check[] Tests() =>
    [
        Error("test-fails", "A test of the agreement that does not hold.", "The text does not do what its authors expect."),
        Error("rule-without-permitting-test", "A permit that no test shows to open anything.", "Nobody has seen that it works."),
        Error("rule-without-denying-test", "A rule that no test shows to end anywhere.", "Nobody has seen where it stops."),
        Warning("repeated-test", "A test that asks the same as another.", "One of the two proves nothing."),
        Error("signature-protocol", "Signatures of another agreement.", "They sign something else."),
        Error("signature-party", "A signature of somebody who is not a party.", "It stands for nobody."),
        Warning("signatures", "A signature under another text.", "The text was changed after it was signed."),
        Warning("signature-date", "A signature dated in the future.", "It does not count before that day."),
        Warning("repeated-signature", "Two signatures of one party under this text.",
            "One is enough, and two raise the question which holds."),
        Warning("signature-unneeded", "A signature of a party that signs nothing.", "It has no effect."),
    ];
}
