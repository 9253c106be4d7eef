using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Guide;

/// <param name="Text">`CPA-CarePlan careTeam`, `cpa-cp-3`.</param>
public sealed record Carrier(string Text, string Address);

/// <summary>Which elements and rules of the package, and which rules across resources, name a requirement as their reason.</summary>
public sealed class Carriers
{
    private readonly ILookup<string, Carrier> byRequirement;

    public Carriers(GuidePackage package, RuleTexts rules) => byRequirement = package.All
        .Where(e => e.Kind is GuideKind.Profile or GuideKind.Extension)
        .SelectMany(e => package.Definitions.Profile(e.Url) is { } profile ? Of(e, profile) : [])
        .Concat(rules.All.SelectMany(r => Motives.In(r.Because)
            .Select(m => (Requirement: m, Carrier: new Carrier(r.Id, $"/profiles/rules#{r.Id}")))))
        .ToLookup(c => c.Requirement, c => c.Carrier);

    public IEnumerable<Carrier> Of(string requirement) => byRequirement[requirement].Distinct();

    private static IEnumerable<(string Requirement, Carrier Carrier)> Of(GuideEntry entry, StructureDefinition profile)
    {
        foreach (var motive in Motives.In(entry.Motive)) yield return (motive, new(entry.Name, entry.Address));
        foreach (var element in profile.Differential)
        {
            var id = element.Id ?? element.Path;
            foreach (var motive in Motives.In(element.Source.TextOf("requirements")))
                yield return (motive, new($"{entry.Name} {id[(id.IndexOf('.') + 1)..]}", $"{entry.Address}#{id}"));
            foreach (var constraint in element.Source.All("constraint").ToList())
                foreach (var motive in Motives.In(constraint.TextOf("requirements")))
                    yield return (motive, new(constraint.TextOf("key")!, $"{entry.Address}#{constraint.TextOf("key")}"));
        }
    }
}
