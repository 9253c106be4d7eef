using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>With `Fhir:DeleteReferenced=refuse`: what something in the caller's view still refers to is not deleted. It is asked of the state that
/// the whole unit leaves, so that both may go together; what the caller does not see holds nothing back, or its being there would show. The
/// store counts the referrers again in the commit. https://hl7.org/fhir/R4/http.html#delete</summary>
internal static class Referenced
{
    /// <summary>Null when nothing is left behind.</summary>
    public static Answer? Of(Work work)
    {
        if (!work.Engine.RefusesDeleteOfReferenced) return null;
        foreach (var deleted in work.Staging.All.Where(s => s.Version.IsDeleted).Select(s => (s.Version.Type, s.Version.Id)).ToList())
            foreach (var referrer in work.Labels.Referrers(deleted.Type, deleted.Id).ToList())
                if (referrer != deleted && Refers(work, referrer, $"{deleted.Type}/{deleted.Id}"))
                    return Answer.Refuse(AnswerKind.Conflict, IssueType.Conflict,
                        $"`{referrer.Type}/{referrer.Id}` refers to this {deleted.Type}. Change or delete that first, or both in one transaction", key: "referenced");
        return null;
    }

    private static bool Refers(Work work, (string Type, string Id) referrer, string target)
    {
        if (work.Staging.Find(referrer.Type, referrer.Id) is { } own) return !own.Version.IsDeleted && own.Write.References.Contains(target);
        if (work.Sight.See(work.Snapshot.Find(referrer.Type, referrer.Id)) is not { Version: { IsDeleted: false, DamagedRow: null } } seen) return false;
        var view = work.Reading.Parse(work.InForce.View(seen.Version, seen.Decision, work.Sight.Shown(seen), null));
        for (var i = 1; i < view.Count; i++)
            if (view[i] is { Type.Name: "Reference" } node && Reference.Of(node).Local == target) return true;
        return Relabelled.Attached(view, work.Engine).Contains(target);
    }
}
