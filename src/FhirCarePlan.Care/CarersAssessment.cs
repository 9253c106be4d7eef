using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X12: carers have needs too. A carer in an active team must have been offered an assessment of their own, or the record says why
/// not (M8, M51; Care Act 2014 s10). The rule binds as soon as the carer is on record, and again when the carer's record changes.</summary>
public sealed class CarersAssessment : ICareRule
{
    public string Id => "X12";
    public IReadOnlyList<string> Reads => ["carer-information", "care-team"];

    public void Check(Written written, ICase around, Report report)
    {
        if (Cpa.IsActiveTeam(written.Root))
        {
            foreach (var carer in Carers(written.Root, around))
                if (around.Find(carer.Member) is { } known && !IsOffered(known.Document.Root)) Say(report, carer.Node);
        }
        else if (written is { Type: "RelatedPerson", Now: not null } && !IsOffered(written.Root) && IsOffered(written.Old))
        {
            foreach (var team in around.All(written.Person, "CareTeam"))
                if (Cpa.IsActiveTeam(team.Document.Root) && Carers(team.Document.Root, around).Exists(c => c.Member == written.Reference))
                {
                    Say(report, written.Root);
                    return;
                }
        }
    }

    private void Say(Report report, Node at) =>
        report.Error(IssueType.BusinessRule, at, Id,
            "A carer in the team has not been offered an assessment of their own needs. State `assessmentOffered` or `reasonNotOffered` "
            + "in the carer's CarerStatus extension");

    private static List<Participant> Carers(Node team, ICase around) =>
        Participant.Of(team, around.Zone)
            .FindAll(p => p.HasRole("carer") && p.IsCurrent(around.Now)
            && p.Member?.StartsWith("RelatedPerson/", StringComparison.Ordinal) == true);

    private static bool IsOffered(Node carer)
    {
        if (carer.IsMissing) return false;
        var status = Cpa.Extension(carer, "CarerStatus");
        return !status.IsMissing && (!Cpa.Part(status, "assessmentOffered").IsMissing || !Cpa.Part(status, "reasonNotOffered").IsMissing);
    }
}
