using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>What the audit trail says of a request: references, rules and reasons, never content. https://hl7.org/fhir/R4/auditevent.html</summary>
public static class Trail
{
    public const string Validation = "validate";

    public static void Permitted(Work work, FhirRequest request, Seen seen) =>
        work.Audit(Entry(work, request, true) with
        {
            Target = $"{seen.Version.Type}/{seen.Version.Id}",
            Details = [Detail(work, AuditDetailKind.Shown, seen.Version, work.InForce.Policies(seen.Decision, true)) with { Mask = seen.Permitted & seen.Version.RootMask }],
        });

    public static Answer Refused(Work work, FhirRequest request, StoredVersion? version, Answer answer, string? gate = null)
    {
        var decision = version is null ? null : work.Sight.Decide("read", version.Type, version.Holder, version.Person);
        work.Audit(Entry(work, request, false) with
        {
            Target = Target(request),
            Details = version is null ? [] :
            [
                Detail(work, AuditDetailKind.Refused, version, work.InForce.Policies(decision!, false)) with { Gate = gate ?? work.InForce.FailedGate(decision!, version.RootMask) },
            ],
            Reason = answer.Kind == AnswerKind.NotFound ? "absent" : gate ?? "refused",
        });
        return answer;
    }

    /// <summary>For what concerns no stored resource: searches, validation, refusals by type, bundles.</summary>
    public static void Other(Work work, FhirRequest request, bool isPermitted, IReadOnlyList<string>? policies = null, string? reason = null, string? query = null) =>
        work.Audit(Entry(work, request, isPermitted) with
        {
            Target = Target(request), Reason = reason, Query = query,
            Details = policies is null or [] ? [] : [new AuditDetail { Kind = AuditDetailKind.Shown, Holder = request.Caller.Party, Policies = policies }],
        });

    public static void Written(Work work, FhirRequest request, StoredVersion version, Decision decision, bool isWidening) =>
        work.Audit(Entry(work, request, true) with
        {
            Target = $"{version.Type}/{version.Id}",
            Details = [Detail(work, AuditDetailKind.Written, version, work.InForce.Policies(decision, true)) with { IsWidening = isWidening }],
        });

    private static AuditDetail Detail(Work work, AuditDetailKind kind, StoredVersion version, IReadOnlyList<string> policies) => new()
    {
        Kind = kind, Person = version.Person, Patient = PatientOf(work, version), Holder = version.Holder, Types = [version.Type], Count = 1,
        Ids = [$"{version.Type}/{version.Id}"], Mask = version.RootMask, Policies = policies,
    };

    private static string Target(FhirRequest request) => request.Id.Length > 0 ? $"{request.Type}/{request.Id}" : request.Type;

    private static string? PatientOf(Work work, StoredVersion version) =>
        version.Type == "Patient" ? $"Patient/{version.Id}"
        : version.Person is { } person && work.Snapshot.PatientsOfPerson(person) is [var first, ..] ? $"Patient/{first}" : null;

    private static AuditEntry Entry(Work work, FhirRequest request, bool isPermitted) => new()
    {
        Id = RandomId.Next(),
        At = work.Now,
        Interaction = Code(request.Interaction),
        Outcome = isPermitted ? AuditOutcome.Success : AuditOutcome.Minor,
        Status = isPermitted ? 200 : 404,
        Subject = request.Caller.Subject,
        Party = request.Caller.Party,
        Role = request.Caller.Role,
        Purpose = work.InForce.Protocol.Purpose(request.Caller.Purpose)?.Code,
        Agent = request.Caller.PractitionerRole ?? request.Caller.RelatedPerson ?? request.Caller.Patient,
        Organization = request.Caller.Organization,
        Target = "",
        CorrelationId = request.CorrelationId,
    };

    /// <summary>https://hl7.org/fhir/R4/valueset-type-restful-interaction.html, and operations by their names.</summary>
    private static string Code(Interaction interaction) => interaction switch
    {
        Interaction.Read => "read",
        Interaction.VRead => "vread",
        Interaction.Create => "create",
        Interaction.Update => "update",
        Interaction.Delete => "delete",
        Interaction.History => "history-instance",
        Interaction.Search => "search-type",
        Interaction.Transaction => "transaction",
        Interaction.Batch => "batch",
        Interaction.Explain => "explain",
        _ => Validation,
    };
}
