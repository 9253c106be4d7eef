using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Erasures;

/// <summary>The row of `$erase` in the table of interactions.</summary>
public static class EraseRow
{
    public static Interaction Erase { get; } = new()
    {
        Name = "$erase",
        Code = "erase",
        Level = Level.Instance,
        Routes = [new("POST", "/Patient/{id}/$erase", "erase")],
        Body = BodyKind.Question,
        Target = TargetNeed.Optional,
        TakesDeleted = true,
        On = "Patient",
        IsEntry = false,
        AsksOfMany = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Erase",
        Text = new("Erase a person", "Removes the whole record for good, whichever party holds its parts; the ledger keeps that it was done, by whom and why. For the governance lead of the agreement's owner. The body is Parameters with `reason`, `birthDate`, `nhsNumber` and, for a look beforehand, `dryRun`.",
            "200", "Parameters: how many resources, and who held them", "Parameters"),
        Alone = EraseOperation.Perform,
    };
}
