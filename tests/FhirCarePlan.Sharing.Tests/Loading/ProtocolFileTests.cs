using System.Text;

namespace FhirCarePlan.Sharing.Tests.Loading;

/// <summary>The file is read strictly, by its exact bytes, and every fault is reported with its line.</summary>
public class ProtocolFileTests
{
    internal const string Small = """
        protocol: small
        url: https://example.org/small
        version: 1.0.0
        title: Small
        plain: A small agreement.
        status: active
        effective: { from: 2020-01-01, to: 2099-12-31, review: 2030-01-01 }
        parties:
          - id: alder
            name: Alder
            status: joined
            organizations: [Organization/alder]
            home: [{ roles: [gp], purposes: [care], data: all }]
          - id: beech
            name: Beech
            status: joined
            organizations: [Organization/beech]
        purposes:
          care: { code: TREAT, plain: Care., parties: all }
        categories:
          risk: { plain: Risk., roots: { RiskAssessment: "true" } }
          directory: { plain: Directory. }
          conformance: { plain: Conformance. }
          consent: { plain: Consent. }
          audit: { plain: Audit. }
          other: { plain: Other. }
        gateways:
          care: { gdpr6: 6(1)(e), gdpr9: 9(2)(h), sch1: 2, commonLaw: none-needed, power: Care Act 2014, from: 2020-01-01, to: 2099-12-31, plain: Care. }
        rules:
          - id: beech-sees-risk
            permit: { to: [beech], roles: [gp], purpose: care, data: [risk] }
            gateway: care
            requires: { consent: none, relationship: registered }
            plain: Beech sees risk.
        tests:
          - given: { party: beech, role: gp, purpose: care, relationship: registered }
            expect: { risk: permit }
            why: Registered.
          - given: { party: beech, role: gp, purpose: care }
            expect: { risk: deny }
            why: Not registered.
        owner: alder
        retention: As long as the law says.
        incidents: Told within a day.
        informing: A leaflet.
        subjectRights: Any party takes a request.
        """;

    internal static ProtocolFile Read(string text, string? signatures = null, DateOnly? today = null) =>
        ProtocolFile.Read("small.yaml", Encoding.UTF8.GetBytes(text), signatures is null ? null : Encoding.UTF8.GetBytes(signatures), today);

    [Fact]
    public void Reads_a_small_agreement_without_complaint()
    {
        var file = Read(Small);
        Assert.Equal("", string.Join('\n', file.Issues));
        Assert.Equal(["alder", "beech"], file.Protocol!.Parties.Select(p => p.Id));
        Assert.Equal("https://example.org/small|1.0.0", file.Protocol.Canonical);
        Assert.Equal(Relation.Registered, file.Protocol.Rules.Single().Relationship);
    }

    [Fact]
    public void The_hash_is_of_the_exact_bytes()
    {
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ProtocolFile.HashOf([]));
        Assert.NotEqual(Read(Small).Protocol!.Hash, Read(Small + "\n").Protocol!.Hash);
    }

    [Theory]
    [InlineData("status: active", "status: alive", "bad-value", 6)]
    [InlineData("title: Small", "titel: Small", "unknown-key", 4)]
    [InlineData("title: Small\n", "", "missing-key", 1)]
    [InlineData("from: 2020-01-01, to: 2099-12-31, review", "from: 1.1.2020, to: 2099-12-31, review", "bad-value", 7)]
    [InlineData("organizations: [Organization/alder]", "organizations: { a: b }", "yaml-shape", 12)]
    [InlineData("relationship: registered }\n    plain", "relationship: friend }\n    plain", "unknown-relationship", 33)]
    [InlineData("relationship: registered }\n    plain", "relationship: [none, registered] }\n    plain", "unknown-relationship", 33)]
    [InlineData("requires: { consent: none, relationship: registered }", "requires: { consent: none }", "missing-key", 33)]
    [InlineData("    gateway: care\n", "", "missing-key", 30)]
    [InlineData("permit: { to", "allow: { to", "unknown-key", 31)]
    [InlineData("data: all }]", "data: all, except: [secrets] }]", "unknown-category", 13)]
    [InlineData("plain: A small agreement.", "plain: &a A small agreement.", "yaml-anchor", 5)]
    [InlineData("plain: A small agreement.", "plain: \"A small agreement.", "yaml", 0)]
    [InlineData("title: Small", "title: Small\ntitle: Large", "yaml", 0)]
    public void Says_what_is_wrong_and_where(string found, string instead, string check, int line)
    {
        var text = Small.Replace(found, instead);
        Assert.NotEqual(Small, text);
        var file = Read(text);
        Assert.False(file.IsSound);
        Assert.Contains(file.Issues, i => i.Check == check && i.IsError && (line == 0 || i.Line == line) && i.Mend.Length > 0);
    }

    [Fact]
    public void What_is_not_utf8_or_not_there_is_an_issue_and_no_exception()
    {
        Assert.Contains(ProtocolFile.Read("x.yaml", [0xC3, 0x28], null).Issues, i => i.Check == "yaml");
        Assert.Contains(ProtocolFile.Load("/nowhere/at/all.yaml").Issues, i => i.Check == "file");
        Assert.Contains(Read("").Issues, i => i.Check == "yaml");
        Assert.Contains(Read("- a\n- b").Issues, i => i.Check == "yaml");
    }

    [Fact]
    public void Expressions_may_use_prefixes()
    {
        var file = Read(Small.Replace("categories:\n", "prefixes: { x: https://example.org/x- }\ncategories:\n")
            .Replace("RiskAssessment: \"true\"", "RiskAssessment: \"extension('{x}risk').exists()\""));
        Assert.Equal("extension('https://example.org/x-risk').exists()", file.Protocol!.Category("risk")!.Roots["RiskAssessment"]);
    }

    [Fact]
    public void Except_takes_categories_out_of_all()
    {
        var home = Read(Small.Replace("data: all }]", "data: all, except: [audit, other] }]")).Protocol!.Parties[0].Home[0];
        Assert.Equal(["risk", "directory", "conformance", "consent"], home.Data.Listed);
    }

    // ---- signatures -------------------------------------------------------------------------------------------------------

    private static string Signed(params string[] parties)
    {
        var hash = Read(Small).Protocol!.Hash;
        return "signatures:\n"
            + string.Concat(parties.Select(p => $"  - {{ party: {p}, name: N, role: R, on: 2020-01-01, hash: {hash} }}\n"));
    }

    private static readonly DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_in_force_once_every_party_has_signed_this_text()
    {
        Assert.NotNull(Agreement.WhyNot(Read(Small).Protocol!, now));
        Assert.NotNull(Agreement.WhyNot(Read(Small, Signed("alder")).Protocol!, now));
        Assert.Null(Agreement.WhyNot(Read(Small, Signed("alder", "beech")).Protocol!, now));
    }

    [Fact]
    public void A_signature_under_another_text_counts_for_nothing()
    {
        var file = Read(Small + "\n", Signed("alder", "beech"));
        Assert.NotNull(Agreement.WhyNot(file.Protocol!, now));
        Assert.Contains(file.Issues, i => i.Check == "signatures" && i.File == "small.signatures.yaml");
    }

    [Fact]
    public void A_signature_of_nobody_we_know_is_an_error() => Assert.False(Read(Small, Signed("willow")).IsSound);

    [Fact]
    public void A_signature_counts_from_its_day_on()
    {
        var protocol = Read(Small, Signed("alder", "beech").Replace("2020-01-01", "2026-06-01")).Protocol!;
        Assert.NotNull(Agreement.WhyNot(protocol, now));
        Assert.Null(Agreement.WhyNot(protocol, now.AddYears(1)));
    }
}
