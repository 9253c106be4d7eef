using FhirCarePlan.Server.Interactions.Many;
using FhirCarePlan.Server.Operations;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The interactions of this server, one row each. A new operation is one file with its handler and one row here; routes, reader,
/// bundles, ledger, capability statement and OpenAPI document read these rows. https://hl7.org/fhir/R4/http.html</summary>
public static class Table
{
    private const string Trail = "Only the service writes the audit trail|GET, HEAD";
    internal static Dictionary<string, string> NotOnTrail { get; } = new() { ["AuditEvent"] = Trail };
    private static readonly Dictionary<string, string> notOfEvents = new() { ["AuditEvent"] = "An AuditEvent has one version and no explanation|" };

    private static readonly (string, string)[] historyInputs =
    [
        ("_since", "Only versions from this time on."), ("_at", "Only versions that were current at this time, or at some time of this day, month or year."),
        ("_count", "Entries a page, 0 to 1000."), ("_summary", "Parts of the resources: `true`, `text`, `data`, `false`."), ("_elements", "Names of the elements to return, with commas."),
    ];

    private static readonly (string, string)[] everythingInputs =
    [
        ("start", "Only what is dated from this day on, or not dated."), ("end", "Only what is dated up to this day, or not dated."), ("_since", "Only what changed from this time on."),
        ("_type", "Resource types, with commas."), ("_count", "Entries a page, 0 to 1000."),
    ];

    private static readonly (string, string)[] typesOfSearch = [("_type", "Resource types, with commas; without it all."), ("_count", "Entries a page, 0 to 1000."), ("_lastUpdated", "Date of the last change."), ("_id", "Ids, with commas.")];

    private static readonly (string, string)[] validateInputs =
        [("profile", "Canonical of a profile. Without it: the profiles that the resource claims and, for a CPA resource, the one that its category chooses.")];

    public static Interaction Metadata { get; } = new()
    {
        Name = "capabilities",
        Code = "capabilities",
        Level = Level.System,
        Routes = [new("GET", "/metadata")],
        IsPublic = true,
        IsEntry = false,
        Parameters = null,
        Text = new("Capabilities", "What this server supports.", "200", "The capability statement", "CapabilityStatement"),
        Alone = Capabilities.Answer,
    };

    public static Interaction Options { get; } = new()
    {
        Name = "options",
        Code = "options",
        Level = Level.System,
        Routes = [new("OPTIONS", "/{**rest}")],
        IsPublic = true,
        IsEntry = false,
        Parameters = null,
        Text = new("Methods of an address", "`Allow` lists them.", "204", "`Allow`", ""),
        Alone = Interactions.Options.Answer,
    };

    public static Interaction Batch { get; } = new()
    {
        Name = "batch",
        Code = "batch",
        Level = Level.System,
        Routes = [new("POST", "")],
        Body = BodyKind.Bundle,
        IsEntry = false,
        Text = new("Transaction or batch", "The Bundle's type says which: a transaction is stored whole or not at all.", "200", "A Bundle with an answer for each entry", "Bundle"),
        Alone = Bundles.Perform,
    };

    public static Interaction Search { get; } = new()
    {
        Name = "search",
        Code = "search-type",
        Level = Level.Type,
        Routes =
        [
            new("GET", "/{type}"),
            new("POST", "/{type}/_search", "searchByForm", "Search by form", "The same search with its parameters in the body, so that no address carries them."),
        ],
        Body = BodyKind.Form,
        Parameters = null,
        AsksOfMany = true,
        Text = new("Search", "Finds what is in your view.", "200", "A searchset Bundle", "Bundle"),
        Perform = Interactions.Search.Perform,
    };

    public static Interaction SearchCompartment { get; } = Search with
    {
        Name = "search-compartment",
        Routes =
        [
            new("GET", "/{compartment}/{owner}/{type}", "searchCompartment"),
            new("POST", "/{compartment}/{owner}/{type}/_search", "searchCompartmentByForm", "Search a compartment by form", "The same search with its parameters in the body."),
        ],
        Text = new("Search a compartment", "Finds what is in your view and belongs to a Patient, an Encounter, a Practitioner, a RelatedPerson or a Device, by R4's definitions.", "200", "A searchset Bundle", "Bundle"),
    };

    public static Interaction SearchSystem { get; } = Search with
    {
        Name = "search-system",
        Code = "search-system",
        Level = Level.System,
        Routes =
        [
            new("GET", "", "searchSystem"),
            new("POST", "/_search", "searchSystemByForm", "Search all types by form", "The same search with its parameters in the body."),
        ],
        Inputs = typesOfSearch,
        Text = new("Search all types", "Finds what is in your view, by type, then by id. The other parameters must be ones that all the types have.", "200", "A searchset Bundle", "Bundle"),
        Perform = SearchEverywhere.Perform,
    };

    public static Interaction SearchWholeCompartment { get; } = SearchSystem with
    {
        Name = "search-whole-compartment",
        Routes =
        [
            new("GET", "/{compartment}/{owner}/*", "searchWholeCompartment"),
            new("POST", "/{compartment}/{owner}/*/_search", "searchWholeCompartmentByForm", "Search a whole compartment by form", "The same search with its parameters in the body."),
        ],
        Text = new("Search a whole compartment", "Finds what is in your view and belongs to a Patient, an Encounter, a Practitioner, a RelatedPerson or a Device, by type, then by id.", "200", "A searchset Bundle", "Bundle"),
    };

    public static Interaction Create { get; } = new()
    {
        Name = "create",
        Code = "create",
        Level = Level.Type,
        Routes = [new("POST", "/{type}")],
        Body = BodyKind.Resource,
        Action = "create",
        NotOn = NotOnTrail,
        Text = new("Create", "The resource is validated and stored, or refused with the reasons and what to do.", "201", "Created"),
        Perform = Interactions.Create.Perform,
    };

    public static Interaction ValidateType { get; } = new()
    {
        Name = "$validate",
        Code = "validate",
        Level = Level.Type,
        Routes = [new("POST", "/{type}/$validate", "validate")],
        Body = BodyKind.Question,
        Parameters = null,
        TakesAnyType = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Validate",
        Inputs = validateInputs,
        Text = new("Validate", "Checks a resource and stores nothing. The body is the resource, or Parameters with `resource`, `profile` and `mode`.",
            "200", "What was found; it may be no errors", "OperationOutcome"),
        Perform = Validate.Perform,
    };

    public static Interaction Read { get; } = new()
    {
        Name = "read",
        Code = "read",
        Level = Level.Instance,
        Routes = [new("GET", "/{type}/{id}")],
        Target = TargetNeed.Needed,
        Parameters = ["_elements", "_summary"],
        Text = new("Read", "The resource as your agreement and the person's consent let you see it.", "200", "The resource, or your view of it"),
        Perform = Interactions.Read.Perform,
    };

    public static Interaction Update { get; } = new()
    {
        Name = "update",
        Code = "update",
        Level = Level.Instance,
        Routes = [new("PUT", "/{type}/{id}")],
        Body = BodyKind.Resource,
        Action = "update",
        Target = TargetNeed.Optional,
        TakesDeleted = true,
        NotOn = NotOnTrail,
        Text = new("Update", "Stores a new version. Your party must hold the resource, and you must see all of it.", "200", "Updated"),
        Perform = Interactions.Update.Perform,
    };

    public static Interaction Delete { get; } = new()
    {
        Name = "delete",
        Code = "delete",
        Level = Level.Instance,
        Routes = [new("DELETE", "/{type}/{id}")],
        Action = "delete",
        Target = TargetNeed.Needed,
        TakesDeleted = true,
        NotOn = new Dictionary<string, string> { ["AuditEvent"] = Trail, ["Consent"] = "A Consent is never deleted; withdraw it by an update to `inactive`|GET, HEAD, PUT" },
        Text = new("Delete", "Only by the party that holds it.", "204", "Deleted", ""),
        Perform = Interactions.Delete.Perform,
    };

    public static Interaction History { get; } = new()
    {
        Name = "history",
        Code = "history-instance",
        Level = Level.Instance,
        Routes = [new("GET", "/{type}/{id}/_history")],
        Target = TargetNeed.Needed,
        TakesDeleted = true,
        Parameters = null,
        NotOn = notOfEvents,
        Inputs = historyInputs,
        Text = new("History", "The versions in your view, newest first.", "200", "A history Bundle", "Bundle"),
        Perform = Interactions.History.Perform,
    };

    public static Interaction HistoryOfType { get; } = new()
    {
        Name = "history-type",
        Code = "history-type",
        Level = Level.Type,
        Routes = [new("GET", "/{type}/_history", "historyOfType")],
        Parameters = null,
        AsksOfMany = true,
        NotOn = notOfEvents,
        Inputs = historyInputs,
        Text = new("History of a type", "The versions of all resources of the type in your view, newest first.", "200", "A history Bundle", "Bundle"),
        Perform = HistoryOfMany.Perform,
    };

    public static Interaction HistoryOfSystem { get; } = HistoryOfType with
    {
        Name = "history-system",
        Code = "history-system",
        Level = Level.System,
        Routes = [new("GET", "/_history", "historyOfSystem")],
        NotOn = new Dictionary<string, string>(),
        Text = new("History of everything", "The versions of all resources in your view, newest first.", "200", "A history Bundle", "Bundle"),
    };

    public static Interaction VRead { get; } = new()
    {
        Name = "vread",
        Code = "vread",
        Level = Level.Version,
        Routes = [new("GET", "/{type}/{id}/_history/{version}", "readVersion")],
        Target = TargetNeed.Needed,
        Parameters = ["_elements", "_summary"],
        NotOn = notOfEvents,
        Text = new("Read a version", "One version, as your view shows it.", "200", "The version"),
        Perform = Interactions.Read.Perform,
    };

    public static Interaction ValidateInstance { get; } = new()
    {
        Name = "$validate-stored",
        Code = "validate",
        Level = Level.Instance,
        Routes =
        [
            new("GET", "/{type}/{id}/$validate", "validateStored"),
            new("POST", "/{type}/{id}/$validate", "validateStoredAgainst", "Validate what is stored, against a profile", "As GET, with a `profile`."),
        ],
        Body = BodyKind.Question,
        Target = TargetNeed.Optional,
        TakesDeleted = true,
        Parameters = null,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Validate",
        Inputs = validateInputs,
        Text = new("Validate what is stored", "Checks the resource as you see it.", "200", "What was found", "OperationOutcome"),
        Perform = Validate.Perform,
    };

    public static Interaction Explain { get; } = new()
    {
        Name = "$explain",
        Code = "explain",
        Level = Level.Instance,
        Routes = [new("GET", "/{type}/{id}/$explain", "explain")],
        Target = TargetNeed.Needed,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Explain",
        NotOn = notOfEvents,
        Text = new("Explain", "Why you see what you see: for each category the gate, the rules and the clause in plain words.", "200", "Parameters", "Parameters"),
        Perform = Operations.Explain.Perform,
    };

    public static Interaction Everything { get; } = new()
    {
        Name = "$everything",
        Code = "everything",
        Level = Level.Instance,
        Routes =
        [
            new("GET", "/Patient/{id}/$everything", "everything"),
            new("POST", "/Patient/{id}/$everything", "everythingAsked", "A person's whole record, by Parameters", "As GET, with `Parameters`."),
        ],
        Body = BodyKind.Question,
        Target = TargetNeed.Needed,
        On = "Patient",
        Parameters = null,
        AsksOfMany = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Everything",
        Inputs = everythingInputs,
        Text = new("A person's whole record", "All in your view that belongs to the person, and the people, organisations and places that it refers to, in pages.", "200", "A searchset Bundle", "Bundle"),
        Perform = Many.Everything.OfPatient,
    };

    public static Interaction EverythingOfEpisode { get; } = Everything with
    {
        Name = "$everything-of-episode",
        Routes =
        [
            new("GET", "/EpisodeOfCare/{id}/$everything", "everythingOf"),
            new("POST", "/EpisodeOfCare/{id}/$everything", "everythingAskedOf", "The record of an episode, by Parameters", "As GET, with `Parameters`."),
        ],
        On = "EpisodeOfCare",
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-EverythingOfEpisode",
        Text = new("The record of an episode", "The episode, the person, and what of the person's record in your view is dated within the episode or not dated.", "200", "A searchset Bundle", "Bundle"),
        Perform = Many.Everything.OfEpisode,
    };

    public static Interaction Meta { get; } = new()
    {
        Name = "$meta",
        Code = "meta",
        Level = Level.Instance,
        Routes = [new("GET", "/{type}/{id}/$meta", "meta")],
        Target = TargetNeed.Needed,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Meta",
        Text = new("Profiles, labels and tags", "The `meta` of the resource as you see it.", "200", "Parameters with a `Meta`", "Parameters"),
        Perform = MetaInUse.OfOne,
    };

    public static Interaction MetaOfType { get; } = Meta with
    {
        Name = "$meta-of-type",
        Level = Level.Type,
        Routes = [new("GET", "/{type}/$meta", "metaOfType")],
        Target = TargetNeed.None,
        AsksOfMany = true,
        NotOn = notOfEvents,
        Text = new("Profiles, labels and tags of a type", "Those in use in your view.", "200", "Parameters with a `Meta`", "Parameters"),
        Perform = MetaInUse.OfMany,
    };

    public static Interaction MetaOfSystem { get; } = MetaOfType with
    {
        Name = "$meta-of-system",
        Level = Level.System,
        Routes = [new("GET", "/$meta", "metaOfSystem")],
        NotOn = new Dictionary<string, string>(),
        Text = new("Profiles, labels and tags of everything", "Those in use in your view.", "200", "Parameters with a `Meta`", "Parameters"),
    };

    public static Interaction Disclose { get; } = new()
    {
        Name = "$disclosures",
        Code = Disclosures.Code,
        Level = Level.Instance,
        Routes = [new("GET", "/Patient/{id}/$disclosures", "disclosures")],
        On = "Patient",
        Parameters = null,
        HasPage = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Disclosures",
        Text = new("Who saw this record", "For the person, their proxy, and a party's governance lead: who saw what, when, why and under which rule.", "200", "A searchset Bundle of AuditEvents, or a page for people", "Bundle"),
        Perform = Disclosures.Perform,
    };

    public static Interaction LedgerReceipt { get; } = new()
    {
        Name = "$ledger-receipt",
        Code = "ledger-receipt",
        Level = Level.System,
        Routes = [new("POST", "/$ledger-receipt", "ledgerReceipt")],
        Body = BodyKind.Question,
        IsEntry = false,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-LedgerReceipt",
        Text = new("Receipt of the ledger", "The head of the audit chain, signed. Keep it elsewhere: later it shows whether the trail was shortened or made anew. For the governance lead of the agreement's owner.",
            "200", "Parameters", "Parameters"),
        Perform = LedgerReceipts.Give,
    };

    public static Interaction VerifyLedger { get; } = new()
    {
        Name = "$verify-ledger",
        Code = "verify-ledger",
        Level = Level.System,
        Routes = [new("POST", "/$verify-ledger", "verifyLedger")],
        Body = BodyKind.Question,
        IsEntry = false,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-VerifyLedger",
        Text = new("Verify the ledger", "Checks the whole audit chain and, if you send one, compares it with a receipt. For the governance lead of the agreement's owner.", "200", "Parameters: result and message", "Parameters"),
        Perform = LedgerReceipts.Verify,
    };

    /// <summary>In the order in which the documents list them; an address is tried against them in this order.</summary>
    public static InteractionTable All { get; } = new(
    [
        Metadata, Options, Batch, SearchSystem, SearchWholeCompartment, Search, SearchCompartment, Create, ValidateType, Read, Update, Delete, .. WriteRows.All, History, HistoryOfType, HistoryOfSystem, VRead, ValidateInstance, Explain, Meta, MetaOfType, MetaOfSystem, Everything, EverythingOfEpisode, Disclose, Operations.Erasures.EraseRow.Erase, LedgerReceipt, VerifyLedger,
        .. RecordRows.All, .. Bulk.BulkRows.All, .. TerminologyRows.All,
    ]);
}
