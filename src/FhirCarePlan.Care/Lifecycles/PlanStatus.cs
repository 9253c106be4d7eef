using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care.Lifecycles;

/// <summary>A plan is drafted, holds, may pause, and ends; what people have acted on does not become a draft or a mistake again.
/// https://hl7.org/fhir/R4/valueset-request-status.html</summary>
/// <param name="all">Every CarePlan is one of CPA, be it an agency's own.</param>
public sealed class PlanStatus(bool all) : ICareRule
{
    public static Lifecycle Lifecycle { get; } = new("cpa-state-careplan", "A care plan",
        "Update a plan that still fits. Otherwise write a new plan with `replaces` and end the old one in the same transaction")
    {
        Table = """
            draft → active, entered-in-error
            active → on-hold, completed, revoked
            on-hold → active, completed, revoked
            unknown → active, on-hold, completed, revoked, entered-in-error
            """,
    };

    public string Id => Lifecycle.Id;
    public IReadOnlyList<string> Reads => [];

    public void Check(Written written, ICase around, Report report)
    {
        if (written.Type != "CarePlan" || written.Now is null || written.Before is null) return;
        if (all || Cpa.Claims(written.Root, "CPA-") || Cpa.IsPlan(written.Root) || Cpa.IsPlan(written.Old))
            Lifecycle.Check(written.Old, written.Root, report);
    }
}
