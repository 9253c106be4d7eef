namespace FhirCarePlan.Sharing.Tests.Deciding;

/// <summary>Each gate denies by its name, in order, and says in plain words what to do.</summary>
public class BrokerTests
{
    private static readonly DateTimeOffset now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly Protocol partnership = ShippedProtocolsTests.Partnership;

    private static readonly Caller gp = new() { Issuer = "dev", Client = "gp", Subject = "gp", Party = "practice", Role = "gp", Purpose = "direct-care", Organization = "Organization/meadow-practice" };
    private static readonly Caller housing = gp with { Client = "housing-officer", Party = "homes", Role = "housing-worker", Purpose = "housing-support", Organization = "Organization/harbour-homes" };

    private static Question Asks(Caller caller, long kinds = Relation.Registered, string type = "CarePlan") => new(caller, "read", type, false, true, kinds, ConsentState.None);

    private static CategoryReason Reason(Protocol protocol, Question question, string category) =>
        new Broker(protocol, ProtocolBits.InOrder(protocol)).Decide(question, now).Reasons.Single(r => r.Category == category);

    private static Protocol With(Func<Party, Party> change, string party) => partnership with { Parties = [.. partnership.Parties.Select(p => p.Id == party ? change(p) : p)] };

    [Fact]
    public void G1_denies_all_disclosure_once_the_agreement_is_over_and_home_goes_on()
    {
        var over = partnership with { Status = ProtocolStatus.Suspended };
        Assert.Equal("G1", Reason(over, Asks(gp), "diagnosis").Gate);
        Assert.True(Reason(over, Asks(gp) with { IsHome = true }, "diagnosis").IsPermitted);
        Assert.Equal("G1", Reason(partnership with { Signatures = [.. partnership.Signatures.Skip(1)] }, Asks(gp), "diagnosis").Gate);
        Assert.Equal("G1", Reason(partnership with { Effective = partnership.Effective with { To = new DateOnly(2026, 1, 14) } }, Asks(gp), "diagnosis").Gate);
        Assert.True(Reason(partnership with { Effective = partnership.Effective with { To = new DateOnly(2026, 1, 15) } }, Asks(gp), "diagnosis").IsPermitted);
    }

    [Fact]
    public void A_persons_own_record_stays_open_to_them_and_to_nobody_else()
    {
        var over = partnership with { Status = ProtocolStatus.Suspended };
        var person = gp with { Client = "person", Party = "people", Role = "patient", Purpose = "person-access", Organization = null, Patient = "Patient/robin" };
        foreach (var kinds in (long[])[Relation.Self, Relation.Self | Relation.TeamFull])
        {
            Assert.True(Reason(over, Asks(person, kinds), "care-plan-full").IsPermitted);
            Assert.Equal(Reason(partnership, Asks(person, kinds), "diagnosis").IsPermitted, Reason(over, Asks(person, kinds), "diagnosis").IsPermitted);
        }
        Assert.Equal("G1", Reason(over, Asks(person, Relation.Proxy), "care-plan-full").Gate);
        // Who works for a party and is a patient too works no more for it.
        Assert.Equal("G1", Reason(over, Asks(gp, Relation.Self | Relation.Registered), "diagnosis").Gate);
    }

    [Theory]
    [InlineData(AgreementState.NotActive, "its status is draft")]
    [InlineData(AgreementState.NotYet, "does not begin before 16 January 2026")]
    [InlineData(AgreementState.Ended, "ended on 14 January 2026")]
    [InlineData(AgreementState.Changed, "signed another text")]
    [InlineData(AgreementState.Unsigned, "Harbour Homes has not signed")]
    [InlineData(AgreementState.SignedLater, "has dated its signature 16 January 2026")]
    [InlineData(AgreementState.InForce, "in force")]
    public void What_is_wrong_with_an_agreement_is_said_in_words(AgreementState state, string said)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var signatures = partnership.Signatures;
        var status = Agreement.Status(state switch
        {
            AgreementState.NotActive => partnership with { Status = ProtocolStatus.Draft },
            AgreementState.NotYet => partnership with { Effective = partnership.Effective with { From = day.AddDays(1) } },
            AgreementState.Ended => partnership with { Effective = partnership.Effective with { To = day.AddDays(-1) } },
            AgreementState.Changed => partnership with { Hash = "other" },
            AgreementState.Unsigned => partnership with { Signatures = [.. signatures.Where(s => s.Party != "homes")] },
            AgreementState.SignedLater => partnership with { Signatures = [.. signatures.Select(s => s.Party == "homes" ? s with { On = day.AddDays(1) } : s)] },
            _ => partnership,
        }, now);
        Assert.Equal(state, status.State);
        Assert.Contains(said, status.Plain, StringComparison.Ordinal);
        Assert.Equal(state == AgreementState.InForce, status.IsInForce);
    }

    [Fact]
    public void Several_faults_of_signing_are_all_said_and_the_gravest_names_them()
    {
        var status = Agreement.Status(partnership with { Signatures = [.. partnership.Signatures.Where(s => s.Party != "homes").Select(s => s.Party == "trust" ? s with { Hash = "other" } : s)] }, now);
        Assert.Equal(AgreementState.Changed, status.State);
        Assert.Contains("Harbour Homes has not signed", status.Plain, StringComparison.Ordinal);
        Assert.Contains("Rivelin Mental Health Trust signed another text", status.Plain, StringComparison.Ordinal);
    }

    [Fact]
    public void G2_denies_who_is_no_party_or_not_any_more()
    {
        Assert.Equal("G2", Reason(partnership, Asks(gp with { Party = null }), "diagnosis").Gate);
        Assert.Equal("G2", Reason(partnership, Asks(gp with { Party = "elsewhere" }), "diagnosis").Gate);
        Assert.Equal("G2", Reason(With(p => p with { Status = PartyStatus.Suspended }, "practice"), Asks(gp), "diagnosis").Gate);
        Assert.Equal("G2", Reason(With(p => p with { Status = PartyStatus.Left }, "practice"), Asks(gp), "diagnosis").Gate);
    }

    [Fact]
    public void G3_denies_without_a_purpose_of_the_partys_own()
    {
        Assert.Equal("G3", Reason(partnership, Asks(gp with { Purpose = null }), "diagnosis").Gate);
        Assert.Equal("G3", Reason(partnership, Asks(gp with { Purpose = "curiosity" }), "diagnosis").Gate);
        Assert.Equal("G3", Reason(partnership, Asks(gp with { Purpose = "housing-support" }), "diagnosis").Gate);
        Assert.Equal("G3", Reason(partnership, Asks(gp with { Purpose = null }) with { IsHome = true }, "diagnosis").Gate);
    }

    [Fact]
    public void G4_denies_when_the_legal_gateway_is_out_of_date()
    {
        var lapsed = partnership with { Gateways = [.. partnership.Gateways.Select(g => g.Id == "care" ? g with { To = new DateOnly(2026, 1, 14) } : g)] };
        var reason = Reason(lapsed, Asks(gp), "diagnosis");
        Assert.Equal(("G4", "care"), (reason.Gate, reason.Gateway));
        Assert.Equal(["practice-sees-care"], reason.Rules);
    }

    [Fact]
    public void G5_denies_a_role_no_rule_admits() => Assert.Equal("G5", Reason(partnership, Asks(gp with { Role = "dietician" }), "diagnosis").Gate);

    [Fact]
    public void G6_denies_without_a_relationship_and_says_which()
    {
        var reason = Reason(partnership, Asks(gp, 0), "diagnosis");
        Assert.Equal("G6", reason.Gate);
        Assert.Contains("registered", reason.Plain);
        Assert.Equal("G6", Reason(partnership, Asks(gp, Relation.ReferralPending), "diagnosis").Gate);
    }

    [Fact]
    public void G8_denies_what_is_not_listed_is_forbidden_or_above_the_level_of_access()
    {
        Assert.Equal("G8", Reason(partnership, Asks(gp), "finance-benefits").Gate);
        Assert.Equal(["homes-never-health"], Reason(partnership, Asks(housing, Relation.TeamFull), "medication").Rules);
        var level = Reason(partnership, Asks(gp, Relation.TeamCrisisOnly), "diagnosis");
        Assert.Equal("G8", level.Gate);
        Assert.Contains("level of access", level.Plain);
        Assert.True(Reason(partnership, Asks(gp, Relation.TeamCrisisOnly), "crisis-plan").IsPermitted);
        // Being registered is a reason of its own, which no team narrows.
        Assert.True(Reason(partnership, Asks(gp, Relation.TeamCrisisOnly | Relation.Registered), "diagnosis").IsPermitted);
    }

    [Fact]
    public void G10_denies_in_the_same_words_whether_the_person_refused_or_was_never_asked()
    {
        var asked = Asks(housing, Relation.TeamFull);
        var refused = asked with { Consent = ConsentState.Of([("Consent/x", ConsentStatement.Deny([Criteria.Everything], []))]) };
        Assert.Equal("G10", Reason(partnership, asked, "accommodation").Gate);
        Assert.Equal(Reason(partnership, asked, "accommodation").Plain, Reason(partnership, refused, "accommodation").Plain);
        Assert.Equal(["Consent/x"], Reason(partnership, refused, "accommodation").Consents);
        Assert.Equal("G10", Reason(partnership, refused with { Caller = gp, Kinds = Relation.Registered }, "diagnosis").Gate);
    }

    [Fact]
    public void G11_bars_what_a_rule_would_open()
    {
        var barred = partnership with { Bars = [new Bar("protected", Names.Of("practice"), Names.All, Names.Of("contact"), "The address is protected.", 1)] };
        var reason = Reason(barred, Asks(gp), "contact");
        Assert.Equal(("G11", "The address is protected."), (reason.Gate, reason.Plain));
        Assert.Equal("G11", Reason(barred, Asks(gp) with { IsHome = true }, "contact").Gate);
    }

    [Fact]
    public void A_permit_names_rule_gateway_obligations_and_plain_words()
    {
        var reason = Reason(partnership, Asks(gp), "diagnosis");
        Assert.True(reason.IsPermitted);
        Assert.Equal(["practice-sees-care"], reason.Rules);
        Assert.Equal("care", reason.Gateway);
        Assert.Equal(["use-for-stated-purpose"], reason.Obligations);
        Assert.StartsWith("Your GP sees", reason.Plain);
        var home = Reason(partnership, Asks(gp) with { IsHome = true }, "diagnosis");
        Assert.Equal(("home", "practice-record"), (home.Gate, home.Rules.Single()));
    }

    [Fact]
    public void The_audit_trail_is_read_at_home_by_governance_alone()
    {
        var lead = gp with { Party = "trust", Role = "ig-lead", Purpose = "governance" };
        Assert.True(Reason(partnership, Asks(lead, 0, "AuditEvent") with { IsHome = true, HasPerson = false }, "audit").IsPermitted);
        foreach (var party in partnership.Parties)
            foreach (var purpose in partnership.Purposes)
                foreach (var role in new[] { "care-coordinator", "psychiatrist", "gp", "social-worker", "housing-worker", "voluntary-sector-worker", "patient", "carer" })
                    Assert.False(Reason(partnership, Asks(gp with { Party = party.Id, Role = role, Purpose = purpose.Id }, -1, "AuditEvent") with { IsHome = true }, "audit").IsPermitted);
    }

    [Fact]
    public void What_is_about_nobody_is_its_holders_alone_save_the_directory()
    {
        var permitted = new Broker(partnership, ProtocolBits.InOrder(partnership)).Permitted(Asks(gp, -1, "List") with { HasPerson = false }, now);
        Assert.Equal(0, permitted & ~ProtocolBits.InOrder(partnership).Of([Category.Directory, Category.Conformance]));
        Assert.True(Reason(partnership, Asks(gp, 0, "Organization") with { HasPerson = false }, "directory").IsPermitted);
    }

    [Fact]
    public void The_services_own_actor_is_known_by_its_issuer_which_no_token_has()
    {
        var loader = gp with { Issuer = SystemActor.Issuer, Client = "sample-loader", Party = "homes", Role = null, Purpose = "service-administration" };
        var create = Asks(loader, 0) with { Action = "create", IsHome = true };
        Assert.True(Reason(partnership, create, "accommodation").IsPermitted);
        Assert.False(Reason(partnership, create with { Action = "delete" }, "accommodation").IsPermitted);
        Assert.False(Reason(partnership, create with { Caller = loader with { Issuer = "dev" } }, "accommodation").IsPermitted);
        Assert.False(Reason(partnership, create with { Caller = loader with { Client = "somebody" } }, "accommodation").IsPermitted);
        Assert.Equal(0, new Broker(partnership, ProtocolBits.InOrder(partnership)).Permitted(Asks(loader, -1), now));
    }
}
