using System.Text.Json;
using Hl7.Fhir.Model;

namespace FhirCarePlan.Client.Tests;

/// <summary>Typed members write the extensions of the guide, and read what they wrote.</summary>
public class MembersTests
{
    [Fact]
    public void Setting_what_is_there_changes_nothing()
    {
        var plan = Given.Sample<CarePlan>("tour/care-plan.json");
        var before = (CarePlan)plan.DeepCopy();
        plan.CareCoordinator = plan.CareCoordinator;
        plan.CrisisPlan = plan.CrisisPlan;
        plan.NextReview = plan.NextReview;
        plan.LastReview = plan.LastReview;
        plan.Agreements = plan.Agreements;
        Assert.Equal(before.Extension.Select(Flat).Order(), plan.Extension.Select(Flat).Order());
    }

    [Fact]
    public void What_is_set_to_null_is_gone_without_a_trace()
    {
        var plan = new CarePlan { NextReview = new DateOnly(2026, 5, 11), CareCoordinator = new("PractitionerRole/x") };
        Assert.Equal(new DateOnly(2026, 5, 11), plan.NextReview);
        plan.NextReview = null;
        plan.CareCoordinator = null;
        Assert.Empty(plan.Extension);
    }

    [Fact]
    public void A_need_is_read_as_it_was_written()
    {
        var need = new Condition { NeedDomain = NeedDomain.SocialFamily, NeedStatus = "unmet" };
        Assert.Equal((NeedDomain.SocialFamily, "unmet"), (need.NeedDomain, need.NeedStatus));
        Assert.False(need.IsNeed);
        need.Category.Add(new CodeableConcept(Cpa.System("ConditionCategory"), "need"));
        Assert.True(need.IsNeed);
        Assert.Same(need, Assert.Single(new[] { need, new Condition() }.NeedsByDomain()[NeedDomain.SocialFamily]));
    }

    /// <summary>Only the guide's own codes, and all of them.</summary>
    [Fact]
    public void The_domains_are_those_of_the_guide()
    {
        using var json =
            JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Given.Repository, "profiles", "CodeSystem-CPA-NeedDomain.json")));
        var codes = json.RootElement.GetProperty("concept").EnumerateArray().Select(c => c.GetProperty("code").GetString()!);
        Assert.Equal(codes.Order(), Enum.GetValues<NeedDomain>().Select(d => d.Code).Order());
        Assert.All(Enum.GetValues<NeedDomain>(), d => Assert.Equal(d, NeedDomains.Parse(d.Code)));
        Assert.Null(NeedDomains.Parse("no-such-domain"));
    }

    [Theory]
    [InlineData("CareCoordinator")]
    [InlineData("ReviewArrangements")]
    [InlineData("CrisisPlan")]
    [InlineData("PlanAgreement")]
    [InlineData("DomainConsidered")]
    [InlineData("NeedDomain")]
    [InlineData("NeedStatus")]
    [InlineData("Withheld")]
    public void The_addresses_are_those_of_the_guide(string extension)
    {
        using var json =
            JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Given.Repository, "profiles",
            $"StructureDefinition-Extension-CPA-{extension}.json")));
        Assert.Equal(json.RootElement.GetProperty("url").GetString(), Cpa.Extension(extension));
    }

    private static string Flat(Extension extension) =>
        $"{extension.Url}={extension.Value switch { ResourceReference r => r.Reference, CodeableConcept c => c.Coding[0].Code, PrimitiveType p => p.ToString(), var v => v?.TypeName }}"
        + $"({string.Join(";", extension.Extension.Select(Flat).Order())})";
}
