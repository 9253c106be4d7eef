using FhirCarePlan.Server.Auditing;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Puts a request for a token on record: for whom, and whether it was given. Before a token is shown nobody acts for a party, so
/// the event names only the client, and the owner of the agreement sees it.</summary>
internal static class TokenRecord
{
    /// <returns>False when it could not be recorded: then no token leaves.</returns>
    public static async Task<bool> Add(HttpContext http, int status, string? who)
    {
        // A test may serve tokens without anything behind them.
        if (http.RequestServices.GetService<IStore>() is not { } store) return true;
        return await store.Commit(new Change(),
        [
            new AuditEntry
            {
                Id = RandomId.Next(),
                At = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
                Interaction = AuditCodes.Token,
                Outcome = status == 200 ? AuditOutcome.Success : AuditOutcome.Minor,
                Status = status,
                Subject = who ?? "anonymous",
                Target = "",
                Reason = status == 200 ? null : "refused",
            },
        ], http.RequestAborted) == CommitResult.Done;
    }
}
