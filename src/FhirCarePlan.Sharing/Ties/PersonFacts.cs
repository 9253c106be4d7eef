using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Ties;

/// <summary>The facts about one person's ties: the keepers of their Patients, the assertions of parties, the person's Consents.</summary>
/// <param name="Consents">Facts of every active Consent (`ConsentFacts.Text`).</param>
/// <param name="Refusals">Facts of Consents of other persons with the same NHS number: only their refusals count here.</param>
public sealed record PersonFacts(IReadOnlyList<KeptPatient> Patients, IReadOnlyList<Tie> Ties, IReadOnlyList<string> Consents,
    IReadOnlyList<string> Refusals);

/// <param name="IsOfNumber">Its verified NHS number is the one that the persons compared have in common.</param>
/// <param name="IsConfirmed">A registrar with the right `confirm` wrote it.</param>
public sealed record KeptPatient(string Id, string Holder, bool IsOfNumber, bool IsConfirmed);
