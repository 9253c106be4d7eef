namespace FhirCarePlan.Sharing;

/// <summary>What decisions about one type depend on, whoever the person is. It errs on the side of "depends" and "could be open": it saves
/// decisions, and makes none (src/docs/sharing.md#search).</summary>
/// <param name="Most">The categories and labels that any person's ties and Consents could open.</param>
/// <param name="WithoutTie">Those of them that need no tie.</param>
/// <param name="AsksTies">False: every tie, and none, gives the same answer.</param>
/// <param name="AsksConsent">False: all Consents give the same answer.</param>
public readonly record struct DecisionBasis(long Most, long WithoutTie, bool AsksTies, bool AsksConsent);
