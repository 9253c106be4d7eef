using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>A referral gives its owner a relationship if the requester's party has one, and the owner's party accepts with a Task of its
/// own (`partOf` the request). Nobody refers to themselves. The relationship is the requester's word; it lasts until the request is withdrawn
/// or the answer closed or deleted. The requester has a tie to the answer, whichever it is. A request to share information gives its owner
/// nothing, and the answer to it opens itself alone: who asked reads the decision and its reason, and nothing that the decision speaks of.
/// https://hl7.org/fhir/R4/task.html; src/docs/sharing.md#ties</summary>
public sealed class ReferralRule(Protocol protocol)
{
    public Refusal? Judge(Write write, long kinds, IWorld world, List<Issue> issues, Effects effects)
    {
        effects.Ties = write.New is null ? Closed(write, world) : [];
        if (write.New?.Root is not { } task || write.Person is not { } person) return null;
        var owner = protocol.PartyOf(task["owner"], world);
        if (owner is null) return null;
        if (IsShareRequest(task)) Decide(write, task, owner, person, world, effects);
        else if (owner != write.Caller.Party) Ask(write, task, owner, person, kinds, world, effects);
        else Answer(write, task, person, world, effects);
        effects.IsWidening |= effects.Ties.Any(t => t.Kind == Relation.Referral);
        return null;
    }

    /// <summary>Who deletes its answer has answered all the same: the request does not wait again.</summary>
    private static List<Tie> Closed(Write write, IWorld world) => write.Person is not { } person ? [] :
    [
        .. world.Ties(person).Where(t => t.Cause == write.Reference && t.Answers != null
                && (t.Kind & (Relation.Referral | Relation.ReferralClosed)) != 0)
            .Select(t => t.Kind == Relation.ReferralClosed ? t
                : new Tie(person, t.Party, Relation.ReferralClosed, null, world.Now, null, write.Reference, t.Party, t.Answers)),
    ];

    private void Ask(Write write, Node task, string owner, string person, long kinds, IWorld world, Effects effects)
    {
        if ((kinds & Relation.Working) == 0 || task["requester"].IsMissing) return;
        long kind = task.TextOf("status") switch
        {
            "requested" or "received" => Relation.ReferralPending,
            "ready" or "accepted" or "in-progress" or "on-hold" or "completed" => Relation.ReferralAsked,
            _ => 0,
        };
        if (kind == 0) return;
        var from = world.Standing(write, person, owner, kind)?.From ?? world.Now;
        effects.Ties = [new Tie(person, owner, kind, null, from, null, write.Reference, protocol.Asserter(write.Caller, owner))];
    }

    /// <summary>The holder's answer to a request to share.</summary>
    private void Decide(Write write, Node task, string owner, string person, IWorld world, Effects effects)
    {
        if (owner != write.Caller.Party || task.TextOf("status") is null or "draft" or "entered-in-error") return;
        var told = world.Ties(person).FirstOrDefault(t => t.Cause == write.Reference && t.Kind == Relation.ReferralSent);
        foreach (var part in told is null ? task.All("partOf").ToList() : [])
            if (Reference.Of(part) is ("Task", { } id) && world.FindInView(write.Caller, "Task", id) is { } request
                && request.Person == person && request.Holder != owner
                && protocol.PartyOf(request.Document.Root["owner"], world) == owner && IsShareRequest(request.Document.Root))
            {
                told = new Tie(person, request.Holder, Relation.ReferralSent, null, world.Now, null, write.Reference, owner, $"Task/{id}");
                break;
            }
        if (told != null) effects.Ties = [told];
    }

    private static readonly string[] Goes = ["accepted", "in-progress", "on-hold"],
        Closes = ["rejected", "failed", "cancelled", "completed"], Waits = ["requested", "received", "ready"];

    private void Answer(Write write, Node task, string person, IWorld world, Effects effects)
    {
        var status = task.TextOf("status");
        if (!Goes.Contains(status) && !Closes.Contains(status) && !Waits.Contains(status)) return;
        var us = write.Caller.Party!;
        // What this task has answered before: it goes on while the work does, though the request has moved on from being asked.
        var before = world.Ties(person).Where(t => t.Cause == write.Reference && t.Answers != null).ToList();
        var sent = before.Find(t => t.Kind == Relation.ReferralSent);
        var isPending = before.Count == 0 || !before.Exists(t => (t.Kind & (Relation.Referral | Relation.ReferralClosed)) != 0);
        if (isPending && !FindRequest(write, task, person, us, world, ref sent)) return;

        var ties = new List<Tie> { sent! };
        if (Goes.Contains(status) && before.Find(t => t.Kind == Relation.Referral) is { } standing) ties.Add(standing);
        else if (Goes.Contains(status) && isPending)
            ties.Add(Fact(Relation.Referral, us, world.Ties(person).First(t => t.Cause == sent!.Answers).Asserter));
        else if (!Waits.Contains(status)) ties.Add(Fact(Relation.ReferralClosed, us, us));
        effects.Ties = ties;

        Tie Fact(long kind, string party, string asserter) =>
            new(person, party, kind, null, world.Now, null, write.Reference, asserter, sent!.Answers);
    }

    /// <summary>Another party asked, for the same person, and named ours as owner; the request is in our view, and no Task of ours has
    /// answered it.</summary>
    private bool FindRequest(Write write, Node task, string person, string us, IWorld world, ref Tie? sent)
    {
        var ties = world.Ties(person);
        foreach (var part in task.All("partOf"))
        {
            if (Reference.Of(part) is not ("Task", { } id) || world.FindInView(write.Caller, "Task", id) is not { } request) continue;
            var reference = $"Task/{id}";
            if (request.Person != person || request.Holder == us || protocol.PartyOf(request.Document.Root["owner"], world) != us
                || !ties.Any(t => t.Cause == reference && t.Kind == Relation.ReferralPending && t.Party == us && t.Holds(world.Now))
                || ties.Any(t => t.Answers == reference && t.Cause != write.Reference
                    && (t.Kind & (Relation.Referral | Relation.ReferralClosed)) != 0)) continue;
            if (sent?.Answers != reference)
                sent = new Tie(person, request.Holder, Relation.ReferralSent, null, world.Now, null, write.Reference, us, reference);
            return true;
        }
        return false;
    }

    private static bool IsShareRequest(Node task)
    {
        foreach (var coding in task["code"].All("coding"))
            if (coding.TextOf("code") == "share-request") return true;
        return false;
    }
}
