using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X11: aftercare under section 117 ends when the NHS and the council have both ended it, not because CPA ends. An episode with
/// aftercare can only be finished, cancelled, deleted or stripped of it with both dates, or if another open episode of the person continues
/// it. One date alone does not end it. The rule reads only episodes, so it binds from the first.</summary>
public sealed class Aftercare : ICareRule
{
    public string Id => "X11";
    public IReadOnlyList<string> Reads => ["legal-status", "care-plan-summary"];

    public void Check(Written written, ICase around, Report report)
    {
        if (written.Type != "EpisodeOfCare" || written.Root.TextOf("status") == "entered-in-error") return;
        var isDue = IsDue(written.Root) || IsDue(written.Old) && !HasEnded(written.Root);
        if (!isDue || IsDue(written.Root) && IsOpen(written.Root)) return;
        foreach (var other in around.All(written.Person, "EpisodeOfCare"))
            if (other.Id != written.Id && IsOpen(other.Document.Root) && IsDue(other.Document.Root)) return;
        var place = Cpa.Extension(written.Root, "Section117") is { IsMissing: false } stated ? stated : written.Root;
        report.Error(IssueType.BusinessRule, place, Id,
            "This would end aftercare under section 117, which ends only when the NHS and the council both end it. Give `endNHS` and "
                + "`endLA`, or open an episode that continues it in the same transaction");
    }

    private static bool IsOpen(Node episode) => episode.TextOf("status") is "planned" or "waitlist" or "active" or "onhold";

    private static bool IsDue(Node episode)
    {
        if (episode.IsMissing) return false;
        var section = Cpa.Extension(episode, "Section117");
        return !section.IsMissing && Cpa.Part(section, "eligible") is { IsMissing: false } eligible && eligible.ValueEquals("true"u8)
            && !HasEnded(episode);
    }

    private static bool HasEnded(Node episode)
    {
        if (episode.IsMissing) return false;
        var section = Cpa.Extension(episode, "Section117");
        return !section.IsMissing && !Cpa.Part(section, "endNHS").IsMissing && !Cpa.Part(section, "endLA").IsMissing;
    }
}
