using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care.Lifecycles;

/// <summary>A request goes from a requester to an owner. The requester creates and cancels it, the owner accepts, rejects and completes it,
/// and both may hold it. Between parties the owner answers with a Task of its own (`partOf` the request), and the request says no more than
/// that answer does. This gives or ends relationships: see ReferralRule. https://hl7.org/fhir/R4/valueset-task-status.html</summary>
/// <param name="all">Every Task is one of CPA.</param>
public sealed class RequestStatus(bool all) : ICareRule
{
    public static Lifecycle Lifecycle { get; } = new("cpa-state-task", "A request", "Go step by step. If this Task has ended, send a new one")
    {
        Table = """
            draft → requested, cancelled, entered-in-error
            requested → received, rejected, cancelled, failed, entered-in-error
            received → accepted, rejected, cancelled, failed, entered-in-error
            accepted → in-progress, on-hold, cancelled, failed, entered-in-error
            ready → in-progress, on-hold, cancelled, failed, entered-in-error
            in-progress → on-hold, completed, cancelled, failed, entered-in-error
            on-hold → accepted, in-progress, cancelled, failed, entered-in-error
            completed → entered-in-error
            rejected → entered-in-error
            cancelled → entered-in-error
            failed → entered-in-error
            """,
    };

    private static readonly string[] Asking = ["draft", "requested", "cancelled", "on-hold", "entered-in-error"];

    public string Id => Lifecycle.Id;
    public IReadOnlyList<string> Reads => ["care-plan-summary"];

    public void Check(Written written, ICase around, Report report)
    {
        if (written.Type != "Task" || written.Now is null || !all && !Cpa.IsTask(written.Root)) return;
        Lifecycle.Check(written.Old, written.Root, report);
        // What carries a code of CPA-TaskCode is asked by its profile (cpa-tsk-1).
        if (!Cpa.IsTask(written.Root) && written.Root.TextOf("status") is "rejected" or "cancelled" or "on-hold" or "failed" && IsWithoutReason(written.Root))
            report.Error(IssueType.BusinessRule, written.Root["status"], "cpa-tsk-1", "A request that is refused, cancelled, held or failed says why; give the reason in `statusReason`");
        if (report.HasErrors || around.IsSystem || written.Root.TextOf("status") is not { } status || written.Old.TextOf("status") == status || Asking.Contains(status)) return;
        if (!around.IsOfAnotherParty(written.Root["owner"]) || IsAnswered(written, status, around)) return;
        report.Error(IssueType.BusinessRule, written.Root["status"], Id,
            $"Only the owner can make a request `{status}`, by a Task of its own that is `partOf` this one. Your view has no such Task. Leave this one `requested`, hold it or cancel it");
    }

    private static bool IsWithoutReason(Node task)
    {
        var reason = task["statusReason"];
        return reason.IsMissing || reason["text"].IsMissing && reason["coding"].IsMissing;
    }

    private static bool IsAnswered(Written written, string status, ICase around)
    {
        foreach (var answer in around.All(written.Person, "Task", null))
        {
            var task = answer.Document.Root;
            if (answer.IsOurs || !IsPartOf(task, written.Reference)) continue;
            if (Covers(task.TextOf("status"), status)) return true;
        }
        return false;
    }

    private static bool IsPartOf(Node task, string request)
    {
        foreach (var part in task.All("partOf"))
            if (Reference.Of(part).Local == request) return true;
        return false;
    }

    /// <summary>A completed Task was accepted before.</summary>
    private static bool Covers(string? answer, string status) => status switch
    {
        "received" => answer is not (null or "draft" or "requested" or "entered-in-error"),
        "accepted" or "ready" => answer is "accepted" or "ready" or "in-progress" or "on-hold" or "completed",
        "in-progress" => answer is "in-progress" or "on-hold" or "completed",
        _ => answer == status,
    };
}
