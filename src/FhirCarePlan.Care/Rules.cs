using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Care.Lifecycles;

namespace FhirCarePlan.Care;

/// <summary>All rules of care, run once on the state that a unit of work leaves behind, for a single request and for all entries of a
/// transaction. Not here: X13 (answers stay within protocol, consent and access level, and every decision is audited) is the work of Sight,
/// Decide and the ledger on every request (FiveReadersTests, TourTests, EveryRouteHiddenChangeTests). Joining applies X17: it changes the
/// resource before the store gets it.</summary>
/// <param name="all">True if profiles are enforced between parties: every CarePlan and Task is one of CPA. Otherwise the rules bind
/// resources that claim a CPA profile or carry its codes.</param>
/// <param name="illnesses">Diagnoses of severe mental illness, for X9.</param>
public sealed class Rules(bool all, ICodes? illnesses)
{
    public IReadOnlyList<ICareRule> All { get; } =
    [
        new EpisodeStatus(), new PlanStatus(all), new RequestStatus(all), new ConsentStatus(),
        new PartOf(all), new PlanGoals(), new SameCoordinator(), new QualifiedCoordinator(), new OnePerson(), new OneAtATime(), new NoGap(), new AgreedToTakePart(), new PerformedByTeam(),
        new DischargeGate(), new SevereIllness(illnesses), new Aftercare(), new CarersAssessment(), new ReviewReachesPlan(), new OneAssessment(),
    ];

    private static bool Concerns(string type) => type is "CarePlan" or "CareTeam" or "EpisodeOfCare" or "Encounter" or "Task" or "Consent" or "RelatedPerson" or "QuestionnaireResponse"
        or "Organization" or "Location";

    /// <summary>The rules' issues for each resource written; none for resources without issues.</summary>
    public IReadOnlyList<(Written Of, Report Says)> Check(ICase around)
    {
        List<(Written, Report)>? said = null;
        var isFetched = false;
        foreach (var written in around.AllWritten)
        {
            if (!Concerns(written.Type)) continue;
            if (!isFetched) around.Fetch(around.AllWritten.SelectMany(w => Referred.From(w.Root)));
            isFetched = true;
            var report = new Report();
            foreach (var rule in All) rule.Check(written, around, report);
            if (!report.IsEmpty) (said ??= []).Add((written, report));
        }
        return said ?? [];
    }
}
