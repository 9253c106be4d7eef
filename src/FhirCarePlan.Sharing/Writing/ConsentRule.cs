using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>Who may record, end or change a person's agreement or refusal (src/docs/sharing.md#consents).
/// https://hl7.org/fhir/R4/consent.html</summary>
public sealed class ConsentRule(Protocol protocol, TimeZoneInfo zone)
{
    public Refusal? Judge(Write write, long kinds, IWorld world, List<Issue> issues, Effects effects)
    {
        var mayRecord = protocol.HasRight(write.Caller, Rights.RecordConsent, kinds);
        var isPerson = (kinds & (Relation.Self | Relation.Proxy)) != 0;
        if (!mayRecord && !isPerson) return Rights.Lacking(protocol, write.Caller, Rights.RecordConsent);
        if (write.New is not { } document) return null;
        var consent = document.Root;

        var organizations = 0;
        foreach (var organization in consent.All("organization"))
        {
            organizations++;
            if (!protocol.IsSoleParty && protocol.PartyOfOrganization(Reference.Of(organization).Local)?.Id != write.Caller.Party)
                issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, organization.Location,
                    "`organization` must be one of your party's organizations: a party records a Consent as itself")
                {
                    Key =
                    "consent-organization"
                });
        }
        if (organizations == 0 && !protocol.IsSoleParty)
            issues.Add(new Issue(IssueSeverity.Error, IssueType.Required, consent.Location,
                "`organization` must name your party, which records the Consent")
            { Key = "consent-organization" });

        var reading = ConsentReader.Read(document, new Recorder(write.Caller.Party!, mayRecord, isPerson, VerifiedByOther: false), zone);
        issues.AddRange(reading.Issues);
        if (!protocol.IsSoleParty && consent.TextOf("status") == "active") SayWhatItDoes(consent, issues);
        if (write.Old is { } old && WeakensRefusal(old.Document.Root, consent))
        {
            if (!mayRecord) return Rights.Lacking(protocol, write.Caller, Rights.RecordConsent);
            if (!IsPerformedByPerson(write.Caller, consent, world))
                issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, consent.Location,
                    "To end or change a refusal, name the person, or who acts for them, as `performer`")
                { Key = "consent-withdrawal" });
            effects.IsWidening = true;
        }
        effects.IsWidening |= reading.Facts is { IsPermit: true };
        effects.Consent = new ConsentEffect(write.Id, reading.Facts?.Text, reading.Facts?.ChangesAfter(world.Now));
        return null;
    }

    /// <summary>A Consent that cannot be decided is refused; of one that is decided and does nothing here the writer is told.</summary>
    private void SayWhatItDoes(Node consent, List<Issue> issues)
    {
        var topic = ConsentTopics.Of(consent, protocol);
        if (topic == ConsentTopic.Unclear)
            issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, (consent["category"] is { IsMissing: false } c ? c : consent).Location,
                "It is unclear whether this Consent is about sharing under the agreement, so it would bind nobody. If it is, add the category "
                + $"`{ConsentReader.SharingCategory}` of {ConsentReader.SharingCategorySystem}. If it is about something else, give the `scope` "
                + "`research`, `treatment` or `adr` of http://terminology.hl7.org/CodeSystem/consentscope alone, and cite no sharing agreement")
            { Key = "consent-topic" });
        else if (topic == ConsentTopic.SomethingElse)
            Tell("This Consent is about something else than sharing between agencies. It is kept as a document and neither opens nor closes "
                + $"anything here. To agree or refuse, write a Consent of the category `{ConsentReader.SharingCategory}`", "consent-elsewhere");
        else if (consent["provision"].TextOf("type") == "permit" && !Cites(consent, protocol.IsCited))
        {
            var text = $"This permit does not cite version {ConsentReader.MajorOf(protocol.Version)} of this agreement, so it opens nothing. "
                + $"Write `policy.uri` as `{protocol.Canonical}`";
            if (Cites(consent, cited => cited.Split('|')[0] == protocol.Url)) Tell(text, "consent-policy");
            else issues.Add(new Issue(IssueSeverity.Error, IssueType.BusinessRule, consent.Location, text) { Key = "consent-policy" });
        }

        void Tell(string text, string key) =>
            issues.Add(new Issue(IssueSeverity.Information, IssueType.Informational, consent.Location, text) { Key = key });
    }

    private static bool Cites(Node consent, Func<string, bool> isKnown)
    {
        foreach (var policy in consent.All("policy"))
            if (policy.TextOf("uri")?.Split('|') is [var url, { Length: > 0 } version]
                && isKnown($"{url}|{ConsentReader.MajorOf(version)}")) return true;
        return false;
    }

    /// <summary>The old one refused something, and the new one is not the same any more. Which changes narrow a refusal is not worth
    /// guessing: every change of one asks for the person.</summary>
    private bool WeakensRefusal(Node old, Node now)
    {
        if (old.TextOf("status") != "active") return false;
        var refuses = ConsentTopics.Of(old, protocol) switch
        {
            ConsentTopic.Sharing => old["provision"].TextOf("type") != "permit" || !old["provision"]["provision"].IsMissing,
            ConsentTopic.SomethingElse => false,
            // One that an earlier version accepted counts as a refusal.
            _ => true,
        };
        if (!refuses) return false;
        return now.TextOf("status") != "active"
            || ElementText.Of(old, "provision") != ElementText.Of(now, "provision")
            || ElementText.Of(old, "category") != ElementText.Of(now, "category")
            || ElementText.Of(old, "policy") != ElementText.Of(now, "policy");
    }

    private static bool IsPerformedByPerson(Caller caller, Node consent, IWorld world)
    {
        var patient = Reference.Of(consent["patient"]).Local;
        foreach (var performer in consent.All("performer"))
        {
            if (Reference.Of(performer).Local is not { } who) continue;
            if (who == patient) return true;
            if (Reference.Of(performer) is ("RelatedPerson", { } id) && world.FindInView(caller, "RelatedPerson", id) is { } related
                && PatientRule.IsProxy(related.Document.Root)
                && Reference.Of(related.Document.Root["patient"]).Local == patient) return true;
        }
        return false;
    }
}
