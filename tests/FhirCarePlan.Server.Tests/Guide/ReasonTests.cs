using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Tests.Guide;

/// <summary>Everything that a profile requires has its reason.</summary>
public class ReasonTests
{
    private static readonly GuidePackage Package = new(PackageReader.FromFolder(Path.Combine(AppContext.BaseDirectory, "profiles"), new Report()));
    private static readonly RequirementList Requirements = RequirementList.Read(Path.Combine(AppContext.BaseDirectory, "profiles"));

    private static readonly RuleTexts Rules = RuleTexts.Read(Path.Combine(AppContext.BaseDirectory, "profiles"));

    public static TheoryData<string> Names => [.. Package.All.Where(e => e.Kind is GuideKind.Profile or GuideKind.Extension).Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_element_has_a_reason_and_each_rule_a_requirement(string name)
    {
        var profile = Package.Definitions.Profile(Package.Named(name)!.Url)!;
        var rows = ElementRow.Of(profile, Package.Definitions);
        Assert.NotEmpty(rows);
        Assert.Equal([], rows.Where(r => r.Said.Source.TextOf("short") is null).Select(r => r.Name));
        Assert.Equal([], profile.Differential.SelectMany(e => e.Source.All("constraint").ToList()).Where(c => c.TextOf("requirements") is null || c.TextOf("human") is null).Select(c => c.TextOf("key")));
        Assert.NotEmpty(Motives.In(Package.Named(name)!.Motive));
    }

    [Fact]
    public void Every_requirement_at_the_heart_is_carried_and_whatever_is_left_out_has_a_reason()
    {
        var all = Requirements.Chapters.SelectMany(c => c.Requirements).ToList();
        Assert.Equal(Enumerable.Range(1, 126).Select(i => $"M{i}"), all.Select(r => r.Id));
        var carriers = new Carriers(Package, Rules);
        bool IsCarried(Requirement r) => r.By is not null || carriers.Of(r.Id).Any();
        // The measures come later; what else of the heart of the matter is not done stands beside what is (ClaimTests).
        Assert.Equal(["M116"], all.Where(r => r.Weight == "A" && (!IsCarried(r) || r.ShownBy.Count == 0)).Select(r => r.Id));
        Assert.Equal([], all.Where(r => !IsCarried(r) && r.LeftOut is null).Select(r => r.Id));
    }

    /// <summary>X13 is done by every read and X17 by what is stored; the states have tables of their own.</summary>
    [Fact]
    public void Each_rule_across_resources_says_what_it_asks() => Assert.Equal(
        new Care.Rules(true, null).All.Select(r => r.Id).Where(id => !id.StartsWith("cpa-state-", StringComparison.Ordinal)).Append("X13").Append(Joining.Id).Order(StringComparer.Ordinal),
        Rules.All.Select(r => r.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void No_profile_names_a_requirement_that_does_not_exist()
    {
        var known = Requirements.Chapters.SelectMany(c => c.Requirements).Select(r => r.Id).ToHashSet();
        var named = Package.All.Where(e => e.Kind is GuideKind.Profile or GuideKind.Extension).SelectMany(e => Package.Definitions.Profile(e.Url)!.Differential)
            .SelectMany(e => e.Source.All("constraint").ToList().Append(e.Source)).SelectMany(n => Motives.In(n.TextOf("requirements")))
            .Concat(Package.All.SelectMany(e => Motives.In(e.Motive))).Concat(Rules.All.SelectMany(r => Motives.In(r.Because)));
        Assert.Equal([], named.Distinct().Except(known));
    }
}
