using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions.Bulk;

/// <summary>HL7's Bulk Data Access. https://hl7.org/fhir/uv/bulkdata/STU2/export.html</summary>
public static class BulkRows
{
    private static readonly (string, string)[] inputs =
    [
        ("_type", "Resource types, with commas."), ("_since", "Only what changed from this time on."), ("_typeFilter", "`Type?query`: of this type only what the search finds; several with commas, each escaped."),
        ("_outputFormat", "`application/fhir+ndjson`, the only one."),
    ];

    public static Interaction Export { get; } = new()
    {
        Name = "$export",
        Code = "export",
        Level = Level.System,
        Routes =
        [
            new("GET", "/$export", "export"),
            new("POST", "/$export", "exportAsked", "Export everything, by Parameters", "As GET, with `Parameters`."),
        ],
        Body = BodyKind.Question,
        Parameters = null,
        IsEntry = false,
        AsksOfMany = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Export",
        Inputs = inputs,
        Text = new("Export everything", "All in your view, as files with a resource a line. Needs `Prefer: respond-async`; `Content-Location` says where to ask on.", "202", "Begun", ""),
        Perform = Exports.Begin,
    };

    public static Interaction ExportOfPatients { get; } = Export with
    {
        Name = "$export-of-patients",
        Level = Level.Type,
        Routes =
        [
            new("GET", "/Patient/$export", "exportPatients"),
            new("POST", "/Patient/$export", "exportPatientsAsked", "Export people's records, by Parameters", "As GET, with `Parameters`; `patient` names some of them."),
        ],
        On = "Patient",
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-ExportOfPatients",
        Text = new("Export people's records", "All in your view that is about a person, as files with a resource a line. Needs `Prefer: respond-async`.", "202", "Begun", ""),
    };

    public static Interaction ExportOfGroup { get; } = ExportOfPatients with
    {
        Name = "$export-of-group",
        Level = Level.Instance,
        Routes =
        [
            new("GET", "/Group/{id}/$export", "exportGroup"),
            new("POST", "/Group/{id}/$export", "exportGroupAsked", "Export a group's records, by Parameters", "As GET, with `Parameters`; `patient` names some of its members."),
        ],
        Target = TargetNeed.Needed,
        On = "Group",
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-ExportOfGroup",
        Text = new("Export a group's records", "All in your view about the members of the group, as files with a resource a line. Needs `Prefer: respond-async`.", "202", "Begun", ""),
    };

    public static Interaction Status { get; } = new()
    {
        Name = "$export-status",
        Code = "export-status",
        Level = Level.System,
        Routes = [new("GET", "/$export-status/{id}", "exportStatus")],
        IsEntry = false,
        IsPlain = true,
        AsksOfMany = true,
        Text = new("Ask about an export", "The manifest: where the files are. They are decided in your view whenever you fetch them.", "200", "The manifest, in JSON", ""),
        Perform = Exports.Status,
    };

    public static Interaction Cancel { get; } = Status with
    {
        Name = "$export-cancel",
        Code = "export-cancel",
        Routes = [new("DELETE", "/$export-status/{id}", "exportCancel")],
        IsPlain = false,
        Text = new("Cancel an export", "Its files are gone.", "202", "Cancelled", ""),
        Perform = Exports.Cancel,
    };

    public static Interaction File { get; } = Status with
    {
        Name = "$export-file",
        Code = "export-file",
        Routes = [new("GET", "/$export-file/{id}/{file}", "exportFile")],
        Text = new("Fetch a file of an export", "A resource a line, as you see it now.", "200", "NDJSON", ""),
        Perform = null,
        Alone = ExportFile.Send,
    };

    public static IReadOnlyList<Interaction> All { get; } = [Export, ExportOfPatients, ExportOfGroup, Status, Cancel, File, .. Importing.ImportRows.All];
}
