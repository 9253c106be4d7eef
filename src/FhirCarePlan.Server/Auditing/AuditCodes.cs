using System.Collections.Frozen;

namespace FhirCarePlan.Server.Auditing;

/// <summary>FHIR's codes for what the ledger calls an interaction. https://hl7.org/fhir/R4/valueset-audit-event-sub-type.html</summary>
public static class AuditCodes
{
    public const string EventType = "http://terminology.hl7.org/CodeSystem/audit-event-type",
        Dicom = "http://dicom.nema.org/resources/ontology/DCM";
    public const string Restful = "http://hl7.org/fhir/restful-interaction",
        Operation = "https://fhir.cpa.example/CodeSystem/CPA-Operation";

    /// <summary>Asked for a token: no interaction of REST, but a user authenticating.</summary>
    public const string Token = "token";
    /// <summary>Address that names no interaction.</summary>
    public const string Unknown = "unknown";

    private static readonly FrozenSet<string> Interactions =
    [
        "read", "vread", "update", "patch", "delete", "history", "history-instance", "history-type", "history-system", "create", "search",
            "search-type",
        "search-system", "capabilities", "transaction", "batch", "operation",
    ];

    /// <summary>Interactions by action; `E` is every other one. https://hl7.org/fhir/R4/valueset-audit-event-action.html</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Actions { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["C"] = ["create"], ["U"] = ["update", "patch"], ["D"] = ["delete"],
        ["R"] = ["read", "vread", "history-instance", "history-type", "history-system", "capabilities"],
    };

    public static string ActionOf(string interaction) => Actions.FirstOrDefault(a => a.Value.Contains(interaction)).Key ?? "E";

    public static (string System, string Code) TypeOf(string interaction) => interaction == Token ? (Dicom, "110114") : (EventType, "rest");

    public static (string System, string Code) SubtypeOf(string interaction) =>
        interaction == Token ? (Dicom, "110122") : (Interactions.Contains(interaction) ? Restful : Operation, interaction);
}
