using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions.Bulk.Importing;

/// <summary>`$import`: many resources in one request, written in the background. R4 names it and specifies no body; the asynchronous pattern is
/// R4's. https://hl7.org/fhir/R4/async.html, src/docs/rest.md#import</summary>
public static class ImportRows
{
    public static Interaction Import { get; } = new()
    {
        Name = "$import",
        Code = "import",
        Level = Level.System,
        Routes = [new("POST", "/$import", "import")],
        Body = BodyKind.Lines,
        IsEntry = false,
        AsksOfMany = true,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Import",
        Text = new("Import", "The body is NDJSON (`application/fhir+ndjson`), a resource a line. Each line is a create or an update of yours, checked as one. Needs `Prefer: respond-async`; `Content-Location` says where to ask on.", "202", "Begun", ""),
        Perform = Imports.Begin,
    };

    public static Interaction Status { get; } = new()
    {
        Name = "$import-status",
        Code = "import-status",
        Level = Level.System,
        Routes = [new("GET", "/$import-status/{id}", "importStatus")],
        IsEntry = false,
        IsPlain = true,
        AsksOfMany = true,
        Text = new("Ask about an import", "202 with `X-Progress` while it goes on; then how many lines were stored and refused, and where each line's outcome is.", "200", "The result, in JSON", ""),
        Perform = Imports.Status,
    };

    public static Interaction Cancel { get; } = Status with
    {
        Name = "$import-cancel",
        Code = "import-cancel",
        Routes = [new("DELETE", "/$import-status/{id}", "importCancel")],
        IsPlain = false,
        Text = new("Cancel an import", "What it has stored stays; the rest is dropped, with the outcomes.", "202", "Cancelled", ""),
        Perform = Imports.Cancel,
    };

    public static Interaction File { get; } = Status with
    {
        Name = "$import-file",
        Code = "import-file",
        Routes = [new("GET", "/$import-file/{id}/{file}", "importFile")],
        Text = new("Fetch the outcomes of an import", "`output` or `error`: an OperationOutcome a line, each with the number of the line that it is about as its id.", "200", "NDJSON", ""),
        Perform = null,
        Alone = ImportFile.Send,
    };

    public static IReadOnlyList<Interaction> All { get; } = [Import, Status, Cancel, File];
}
