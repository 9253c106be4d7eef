namespace FhirCarePlan.Sharing;

/// <summary>The keys of each part of a protocol file. profiles/sharing/protocol.schema.json gives editors the same; a test compares
/// them.</summary>
public static class ProtocolShapes
{
    /// <summary>Parts of a real agreement that bear on no decision: kept, versioned and printed.</summary>
    public static IReadOnlyList<string> Sections { get; } =
    [
        "population", "background", "principles", "benefits", "legislation", "definitions", "responsibilities", "requests", "escalation", "informing",
        "capacity", "retention", "security", "onwardSharing", "incidents", "training", "subjectRights", "complaints", "dataQuality", "secondaryUse",
        "monitoring", "governance", "liability", "contacts", "documents",
    ];

    /// <summary>Shape → keys, in the order they are usually written.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Keys { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["protocol"] =
        [
            "protocol", "url", "version", "title", "plain", "status", "effective", "parties", "owner", "roles", "purposes", "codes", "sensitivities", "prefixes", "categories", "gateways",
            "rules", "bars", "consent", "overrides", "systems", "tests", .. Sections,
        ],
        ["effective"] = ["from", "to", "review", "onExpiry"],
        ["party"] = ["id", "name", "plain", "sector", "status", "organizations", "clients", "officers", "signatory", "home", "rights", "clientIds"],
        ["client"] = ["issuer", "id"],
        ["home"] = ["id", "roles", "purposes", "data", "except", "actions", "types", "relationship", "clearance", "plain"],
        ["right"] = ["roles", "relationship"],
        ["purpose"] = ["code", "plain", "parties"],
        ["codes"] = ["plain", "systems", "words"],
        ["category"] = ["plain", "within", "codes", "unlistedOf", "rootCodes", "roots", "elements"],
        ["sensitivity"] = ["system", "codes", "plain"],
        ["gateway"] = ["gdpr6", "gdpr9", "sch1", "commonLaw", "power", "specialCategory", "from", "to", "plain"],
        ["rule"] = ["id", "permit", "forbid", "gateway", "requires", "clearance", "obligations", "plain"],
        ["scope"] = ["to", "roles", "purpose", "purposes", "data", "except", "actions", "types"],
        ["requires"] = ["consent", "relationship"],
        ["clearance"] = ["confidentiality", "sensitivities", "unknownLabels"],
        ["bar"] = ["id", "to", "roles", "data", "home", "plain"],
        ["consent"] = ["defaults"],
        ["default"] = ["purposes", "parties", "default", "plain"],
        ["override"] = ["id", "lifts", "roles", "expires", "review", "plain"],
        ["review"] = ["by", "within"],
        ["system"] = ["id", "plain", "parties", "home", "rights"],
        ["test"] = ["given", "expect", "why"],
        ["given"] = ["party", "role", "purpose", "action", "type", "home", "consent", "relationship"],
        ["signatures"] = ["protocol", "version", "signatures"],
        ["signature"] = ["party", "name", "role", "on", "hash"],
    };
}
