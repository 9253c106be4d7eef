using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>A referral gives its owner a relationship when the requester's party, which has one, asked and the owner's party accepts with a
/// task of its own (`partOf` the request): nobody refers to himself, and a share request gives its owner nothing.
/// https://hl7.org/fhir/R4/task.html; sharing.md §12.4</summary>
public sealed class ReferralRule(Protocol protocol)
{
    private const long Standing = Relation.Registered | Relation.Episode | Relation.Enrolled | Relation.CareTeam | Relation.Referral;

    public Refusal? Judge(Write write, long kinds, IWorld world, List<Issue> issues, Effects effects)
    {
        effects.Ties = [];
        if (write.New?.Root is not { } task || write.Person is not { } person || IsShareRequest(task)) return null;
        var owner = protocol.PartyOf(task["owner"], world);
        if (owner is null) return null;
        if (owner != write.Caller.Party) Ask(write, task, owner, person, kinds, world, effects);
        else Accept(write, task, person, world, effects);
        effects.IsWidening |= effects.Ties.Any(t => t.Kind == Relation.Referral);
        return null;
    }

    private static void Ask(Write write, Node task, string owner, string person, long kinds, IWorld world, Effects effects)
    {
        if ((kinds & Standing) == 0 || task["requester"].IsMissing || task.TextOf("status") is not ("requested" or "received")) return;
        var from = world.Standing(write, person, owner, Relation.ReferralPending)?.From ?? world.Now;
        effects.Ties = [new Tie(person, owner, Relation.ReferralPending, null, from, null, write.Reference)];
    }

    private void Accept(Write write, Node task, string person, IWorld world, Effects effects)
    {
        if (task.TextOf("status") is not ("accepted" or "in-progress" or "on-hold")) return;
        // What was accepted stays so while the work goes on, though the request has moved on from being asked.
        if (world.Standing(write, person, write.Caller.Party!, Relation.Referral) is { } standing)
        {
            effects.Ties = [standing];
            return;
        }
        foreach (var part in task.All("partOf"))
        {
            if (Reference.Of(part) is not ("Task", { } id) || world.Find("Task", id) is not { } request) continue;
            // Another party asked, ours is the owner it named, for the same person, and the request still stands.
            var asked = request.Person == person && request.Holder != write.Caller.Party && protocol.PartyOf(request.Document.Root["owner"], world) == write.Caller.Party
                && world.Ties(person).Any(t => t.Cause == $"Task/{id}" && t.Kind == Relation.ReferralPending && t.Party == write.Caller.Party && t.Holds(world.Now));
            if (asked) effects.Ties = [new Tie(person, write.Caller.Party!, Relation.Referral, null, world.Now, null, write.Reference)];
        }
    }

    private static bool IsShareRequest(Node task)
    {
        foreach (var coding in task["code"].All("coding"))
            if (coding.TextOf("code") == "share-request") return true;
        return false;
    }
}
