using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care.Lifecycles;

/// <summary>An episode is planned, may wait, is active, may pause, and is finished once: a person who comes back gets a new one.
/// https://hl7.org/fhir/R4/valueset-episode-of-care-status.html</summary>
public sealed class EpisodeStatus : ICareRule
{
    public static Lifecycle Lifecycle { get; } = new("cpa-state-episode", "An episode",
        "Resume a paused episode before you finish it. If somebody comes back, open a new one")
    {
        Table = """
            planned → waitlist, active, cancelled, entered-in-error
            waitlist → active, cancelled, entered-in-error
            active → onhold, finished, entered-in-error
            onhold → active, entered-in-error
            finished → entered-in-error
            cancelled → entered-in-error
            """,
    };

    public string Id => Lifecycle.Id;
    public IReadOnlyList<string> Reads => [];

    public void Check(Written written, ICase around, Report report)
    {
        if (written.Type != "EpisodeOfCare" || written.Now is null || written.Before is null) return;
        if (Cpa.IsEpisode(written.Root) || Cpa.IsEpisode(written.Old)) Lifecycle.Check(written.Old, written.Root, report);
    }
}
