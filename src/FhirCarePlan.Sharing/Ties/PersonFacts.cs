using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Ties;

/// <summary>What is on record about one person's ties: who keeps a Patient of theirs, what parties asserted, what the person said.</summary>
/// <param name="Consents">Facts of every active Consent (`ConsentFacts.Text`).</param>
/// <param name="Refusals">Facts of Consents of the same NHS number's other persons: only what they refuse counts here.</param>
public sealed record PersonFacts(IReadOnlyList<KeptPatient> Patients, IReadOnlyList<Tie> Ties, IReadOnlyList<string> Consents, IReadOnlyList<string> Refusals);

/// <param name="IsOfNumber">Its verified NHS number is the one that the persons compared have in common.</param>
/// <param name="IsConfirmed">A registrar with the right `confirm` wrote it.</param>
public sealed record KeptPatient(string Id, string Holder, bool IsOfNumber, bool IsConfirmed);
