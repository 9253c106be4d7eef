namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>A row of audit_payload read back as the entry it was.</summary>
internal static class AuditRow
{
    /// <summary>To be selected from `audit_payload a`, in the order `Read` expects.</summary>
    public const string Columns = """
        a.at, a.is_permitted, a.id, a.interaction, a.subject, a.party, a.role, a.purpose, a.agent, a.organization,
        a.target, a.person, a.patient, a.holder, a.query, a.policies, a.reason, a.correlation
        """;

    public static AuditEntry Read(Statement row, int first = 0) => new()
    {
        At = Ticks.ToTime(row.Int64(first)),
        Outcome = row.Int64(first + 1) == 1 ? AuditOutcome.Success : AuditOutcome.Minor,
        Status = 0,
        Id = row.Text(first + 2),
        Interaction = row.Text(first + 3),
        Subject = row.Text(first + 4),
        Party = row.TextOrNull(first + 5),
        Role = row.TextOrNull(first + 6),
        Purpose = row.TextOrNull(first + 7),
        Agent = row.TextOrNull(first + 8),
        Organization = row.TextOrNull(first + 9),
        Target = row.Text(first + 10),
        Query = row.TextOrNull(first + 14),
        Details = [new AuditDetail { Kind = AuditDetailKind.Shown, Person = row.TextOrNull(first + 11), Patient = row.TextOrNull(first + 12), Holder = row.TextOrNull(first + 13), Policies = AuditSeal.SplitPolicies(row.Text(first + 15)) }],
        Reason = row.TextOrNull(first + 16),
        CorrelationId = row.TextOrNull(first + 17),
    };
}
