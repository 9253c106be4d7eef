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
            Person = seen.Version.Person,
            Patient = PatientOf(work, seen.Version),
            Holder = seen.Version.Holder,
            Policies = work.InForce.Policies(seen.Decision, true),
        });

    public static Answer Refused(Work work, FhirRequest request, StoredVersion? version, Answer answer, string? gate = null)
    {
        var decision = version is null ? null : work.Sight.Decide("read", version);
        work.Audit(Entry(work, request, false) with
        {
            Target = Target(request),
            Person = version?.Person,
            Patient = version is null ? null : PatientOf(work, version),
            Holder = version?.Holder,
            Policies = decision is null ? [] : work.InForce.Policies(decision, false),
            Reason = gate ?? (version is null ? "absent" : work.InForce.FailedGate(decision!, version.RootMask)),
        });
        return answer;
    }

    /// <summary>For what concerns no stored resource: searches, validation, refusals by type, bundles.</summary>
    public static void Other(Work work, FhirRequest request, bool isPermitted, IReadOnlyList<string>? policies = null, string? reason = null, string? query = null) =>
        work.Audit(Entry(work, request, isPermitted) with { Target = Target(request), Policies = policies ?? [], Reason = reason, Query = query });

    public static void Written(Work work, FhirRequest request, StoredVersion version, Decision decision, bool isWidening) =>
        work.Audit(Entry(work, request, true) with
        {
            Target = $"{version.Type}/{version.Id}",
            Person = version.Person,
            Patient = PatientOf(work, version),
            Holder = version.Holder,
            Policies = work.InForce.Policies(decision, true),
            Reason = isWidening ? "widening" : null,
        });

    private static string Target(FhirRequest request) => request.Id.Length > 0 ? $"{request.Type}/{request.Id}" : request.Type;

    private static string? PatientOf(Work work, StoredVersion version) =>
        version.Type == "Patient" ? $"Patient/{version.Id}"
        : version.Person is { } person && work.Snapshot.PatientsOfPerson(person) is [var first, ..] ? $"Patient/{first}" : null;

    private static AuditEntry Entry(Work work, FhirRequest request, bool isPermitted) => new()
    {
        Id = RandomId.Next(),
        At = work.Now,
        Interaction = Code(request.Interaction),
        IsPermitted = isPermitted,
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
