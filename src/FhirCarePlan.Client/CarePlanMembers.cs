using Hl7.Fhir.Model;

namespace FhirCarePlan.Client;

/// <summary>The extensions of the profile CPA-CarePlan as members of a CarePlan.</summary>
public static class CarePlanMembers
{
    private const string Review = "ReviewArrangements";

    extension(CarePlan plan)
    {
        /// <summary>The PractitionerRole of the care co-ordinator.</summary>
        public ResourceReference? CareCoordinator
        {
            get => Cpa.Find(plan, "CareCoordinator")?.Value as ResourceReference;
            set => Cpa.SetValue(plan, "CareCoordinator", value);
        }

        public DateOnly? NextReview
        {
            get => Cpa.DateOf(Cpa.Find(plan, Review)?.Part("nextReviewDate"));
            set => Cpa.SetPart(plan, Review, "nextReviewDate", Cpa.Day(value));
        }

        public DateOnly? LastReview
        {
            get => Cpa.DateOf(Cpa.Find(plan, Review)?.Part("lastReviewDate"));
            set => Cpa.SetPart(plan, Review, "lastReviewDate", Cpa.Day(value));
        }

        /// <summary>The crisis and contingency plan: a CarePlan or a DocumentReference.</summary>
        public ResourceReference? CrisisPlan
        {
            get => Cpa.Find(plan, "CrisisPlan")?.Value as ResourceReference;
            set => Cpa.SetValue(plan, "CrisisPlan", value);
        }

        /// <summary>Who agreed with the plan, and who did not.</summary>
        public IReadOnlyList<PlanAgreement> Agreements
        {
            get => [.. Cpa.All(plan, "PlanAgreement").Select(PlanAgreement.Of)];
            set
            {
                plan.Extension.RemoveAll(e => e.Url == Cpa.Extension("PlanAgreement"));
                plan.Extension.AddRange(value.Select(a => a.ToExtension()));
            }
        }

        /// <summary>What was found in each domain of need that was looked at.</summary>
        public IReadOnlyList<DomainConsidered> DomainsConsidered =>
            [.. Cpa.All(plan, "DomainConsidered").Select(DomainConsidered.Of).OfType<DomainConsidered>()];
    }
}

/// <summary>One party's word on the plan.</summary>
/// <param name="Party">A code of CPA-TeamRole, such as `patient`.</param>
/// <param name="Agreed">Null when it is not known.</param>
/// <param name="Involvement">A code of CPA-Involvement: how far the party took part in making the plan.</param>
public sealed record PlanAgreement(string Party, ResourceReference? Person, bool? Agreed, string? ReasonNotAgreed = null,
    string? Involvement = null, DateOnly? Date = null)
{
    internal static PlanAgreement Of(Extension extension) => new(
        Cpa.CodeOf(extension.Part("party"), "TeamRole") ?? "", extension.Part("person") as ResourceReference,
            (extension.Part("agreed") as FhirBoolean)?.Value,
        (extension.Part("reasonNotAgreed") as FhirString)?.Value, Cpa.CodeOf(extension.Part("involvement"), "Involvement"),
            Cpa.DateOf(extension.Part("date")));

    internal Extension ToExtension()
    {
        var extension = new Extension { Url = Cpa.Extension("PlanAgreement") };
        Add("party", Cpa.Concept("TeamRole", Party));
        Add("person", Person);
        Add("agreed", Agreed is { } agreed ? new FhirBoolean(agreed) : null);
        Add("reasonNotAgreed", ReasonNotAgreed is { } reason ? new FhirString(reason) : null);
        Add("involvement", Involvement is { } involvement ? Cpa.Concept("Involvement", involvement) : null);
        Add("date", Cpa.Day(Date));
        return extension;

        void Add(string part, DataType? value)
        {
            if (value != null) extension.Extension.Add(new Extension(part, value));
        }
    }
}

/// <param name="Finding">A code of CPA-DomainFinding: `need`, `no-need`, `declined`, `not-known`.</param>
public sealed record DomainConsidered(NeedDomain Domain, string Finding, string? UnmetReason)
{
    internal static DomainConsidered? Of(Extension extension) =>
        NeedDomains.Parse(Cpa.CodeOf(extension.Part("domain"), "NeedDomain")) is { } domain
            ? new(domain, Cpa.CodeOf(extension.Part("finding"), "DomainFinding") ?? "",
                (extension.Part("unmetReason") as FhirString)?.Value) : null;
}
