using FhirCarePlan.Sharing.Tests.Loading;

namespace FhirCarePlan.Sharing.Tests.Linting;

/// <summary>Each check finds its fault in an agreement that is otherwise sound, and says where and how to mend it.</summary>
public class LinterTests
{
    private const string Rule = "plain: Beech sees risk.\n", Categories = "categories:\n", Drink = "codes:\n  drink: { plain: Drink., systems: { \"http://snomed.info/sct\": ",
        Icd = "codes:\n  drink: { plain: Drink., systems: { \"http://hl7.org/fhir/sid/icd-10\": ";

    [Theory]
    // the law
    [InlineData("no-article-6", "gdpr6: 6(1)(e), ", "", true)]
    [InlineData("no-article-9", "gdpr9: 9(2)(h), ", "", true)]
    [InlineData("no-schedule-1", "sch1: 2, ", "", true)]
    [InlineData("no-common-law", "commonLaw: implied-consent, ", "", true)]
    [InlineData("consent-as-article-6", "gdpr6: 6(1)(e)", "gdpr6: 6(1)(a)", true)]
    [InlineData("gateway-dates", "commonLaw: implied-consent, from: 2020-01-01, to: 2099-12-31", "commonLaw: implied-consent, from: 2020-01-01, to: 2030-12-31", false)]
    [InlineData("unused-gateway", "rules:\n", "  spare: { gdpr6: 6(1)(e), gdpr9: 9(2)(h), sch1: 2, commonLaw: implied-consent, from: 2020-01-01, to: 2099-12-31, plain: Spare. }\nrules:\n", false)]
    [InlineData("override-without-expiry", "tests:\n", "overrides: [{ id: x, lifts: [G6], roles: [gp], review: { by: ig, within: 72h }, plain: X. }]\ntests:\n", true)]
    [InlineData("override-without-review", "tests:\n", "overrides: [{ id: x, lifts: [G6], roles: [gp], expires: 4h, plain: X. }]\ntests:\n", true)]
    [InlineData("override-gate", "tests:\n", "overrides: [{ id: x, lifts: [G11], roles: [gp], expires: 4h, review: { by: ig, within: 72h }, plain: X. }]\ntests:\n", true)]
    [InlineData("dates", "effective: { from: 2020-01-01", "effective: { from: 2100-01-01", true)]
    [InlineData("no-review-date", ", review: 2030-01-01", "", false)]
    [InlineData("review-after-end", "review: 2030-01-01", "review: 2100-01-01", false)]
    // names
    [InlineData("unknown-party", "to: [beech]", "to: [birch]", true)]
    [InlineData("unknown-role", "roles: [gp], purpose", "roles: [wizard], purpose", true)]
    [InlineData("unknown-purpose", "purpose: care, data", "purpose: cure, data", true)]
    [InlineData("unknown-purpose", "code: TREAT", "code: CURE", true)]
    [InlineData("unknown-category", "data: [risk] }", "data: [risk, secrets] }", true)]
    [InlineData("unknown-gateway", "gateway: care", "gateway: gate", true)]
    [InlineData("unknown-action", "data: [risk] }", "data: [risk], actions: [look] }", true)]
    [InlineData("unknown-type", "data: [risk] }", "data: [risk], types: [CarePlans] }", true)]
    [InlineData("unknown-sensitivity", Rule, Rule + "    clearance: { sensitivities: [HIV] }\n", true)]
    [InlineData("unknown-right", "organizations: [Organization/beech]", "organizations: [Organization/beech]\n    rights: { rule-the-world: [gp] }", true)]
    [InlineData("no-role", "roles: [gp], purpose", "roles: [], purpose", true)]
    [InlineData("duplicate-id", "id: beech\n", "id: alder\n", true)]
    [InlineData("id-format", "id: beech-sees-risk", "id: Beech sees risk", true)]
    [InlineData("version", "version: 1.0.0", "version: first", true)]
    [InlineData("party-organization", "organizations: [Organization/beech]", "organizations: [Organization/alder]", true)]
    [InlineData("party-organization", "organizations: [Organization/beech]", "organizations: [Beech]", true)]
    [InlineData("party-client", "organizations: [Organization/beech]", "organizations: [Organization/beech]\n    clients: [{ issuer: system, id: x }]", true)]
    // categories
    [InlineData("missing-category", "  audit: { plain: Audit. }\n", "", true)]
    [InlineData("empty-category", ", roots: { RiskAssessment: \"true\" }", "", false)]
    [InlineData("category-expression", "RiskAssessment: \"true\"", "RiskAssessments: \"true\"", true)]
    [InlineData("category-expression", "RiskAssessment: \"true\"", "RiskAssessment: \"where(\"", true)]
    [InlineData("category-depends", "RiskAssessment: \"true\"", "RiskAssessment: \"basis.resolve().exists()\"", true)]
    [InlineData("category-depends", "RiskAssessment: \"true\"", "RiskAssessment: \"meta.profile.exists()\"", true)]
    // code lists
    [InlineData("unknown-code-list", "risk: { plain: Risk.,", "risk: { plain: Risk., codes: [drink],", true)]
    [InlineData("unknown-code-list", "risk: { plain: Risk.,", "risk: { plain: Risk., rootCodes: { Flag: [drink] },", true)]
    [InlineData("unknown-type", "risk: { plain: Risk.,", "risk: { plain: Risk., rootCodes: { Flags: [] },", true)]
    [InlineData("unused-code-list", Categories, Drink + "[\"66590003\"] } }\n" + Categories, false)]
    [InlineData("code-check-digit", Categories, Drink + "[\"66590004\"] } }\n" + Categories, true)]
    [InlineData("code-check-digit", Categories, Drink + "[\"2648614013\"] } }\n" + Categories, true)]
    [InlineData("code-family", Categories, Drink + "[\"6659*\"] } }\n" + Categories, true)]
    [InlineData("code-family", Categories, Icd + "[\"F*\"] } }\n" + Categories, true)]
    [InlineData("code-family", Categories, Icd + "[\"F1*2\"] } }\n" + Categories, true)]
    [InlineData("code-format", Categories, Icd + "[\"F10 \"] } }\n" + Categories, true)]
    [InlineData("empty-code-list", Categories, Icd + "[] } }\n" + Categories, true)]
    [InlineData("code-system", Categories, "codes:\n  drink: { plain: Drink., systems: { icd: [F10] } }\n" + Categories, true)]
    // rules beside each other, and their tests
    [InlineData("party-not-joined", "name: Beech\n    status: joined", "name: Beech\n    status: suspended", false)]
    [InlineData("unreachable-rule", "parties: all }", "parties: [alder] }", false)]
    [InlineData("no-default", "consent: none, relationship", "consent: objection-honoured, relationship", false)]
    [InlineData("rule-without-permitting-test", "expect: { risk: permit }", "expect: { other: deny }", true)]
    [InlineData("rule-without-denying-test", "expect: { risk: deny }", "expect: { other: deny }", true)]
    [InlineData("test-fails", "expect: { risk: deny }", "expect: { risk: permit }", true)]
    public void Finds(string check, string found, string instead, bool isError)
    {
        var text = ProtocolFileTests.Small.Replace(found, instead);
        Assert.NotEqual(ProtocolFileTests.Small, text);
        var issue = ProtocolFileTests.Read(text).Issues.FirstOrDefault(i => i.Check == check);
        Assert.True(issue is not null, $"not found: {check}");
        Assert.Equal(isError, issue.IsError);
        Assert.True(issue.Line > 0);
        Assert.NotEmpty(issue.Mend);
    }

    [Fact]
    public void A_forbid_that_takes_back_what_a_permit_names_is_a_conflicting_pair()
    {
        var text = ProtocolFileTests.Small.Replace("tests:\n", "  - { id: never, forbid: { to: [beech], data: [risk] }, plain: Never. }\ntests:\n");
        // The permit's own test fails now and is found first; the pair is still named.
        Assert.Contains(ProtocolFileTests.Read(text).Issues, i => i.Check == "conflicting-pair" && i.Text.Contains("never"));
    }

    [Fact]
    public void Rules_open_to_the_same_people_that_clear_different_labels_are_named()
    {
        var second = """
              - id: beech-sees-other
                permit: { to: [beech], roles: [gp], purpose: care, data: [other] }
                gateway: care
                requires: { consent: none, relationship: registered }
                clearance: { confidentiality: R }
                plain: Beech sees the rest.
            tests:

            """;
        Assert.Contains(ProtocolFileTests.Read(ProtocolFileTests.Small.Replace("tests:\n", second)).Issues, i => i.Check == "clearance-differs");
    }

    [Fact]
    public void More_categories_than_bits_are_an_error()
    {
        var many = string.Concat(Enumerable.Range(0, 60).Select(i => $"  c{i}: {{ plain: C., roots: {{ Flag: \"true\" }} }}\n"));
        Assert.Contains(ProtocolFileTests.Read(ProtocolFileTests.Small.Replace("categories:\n", "categories:\n" + many)).Issues, i => i.Check == "too-many-categories");
    }
}
