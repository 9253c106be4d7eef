using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Operations.Terminology;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing.Smart;

namespace FhirCarePlan.Server.Operations.Erasures;

/// <summary>`Patient/[id]/$erase`: what the command `erase` does, for the governance lead of the party that owns the agreement. The caller says
/// why, and by birth date and NHS number who it is; if one of them is wrong, there is no such person. Everybody else gets the one 404.
/// src/docs/operations.md#erasing-a-person</summary>
public static class EraseOperation
{
    private const string NhsNumber = "https://fhir.nhs.uk/Id/nhs-number";
    private static readonly string[] Allowed = ["birthDate", "dryRun", "nhsNumber", "reason"];
    /// <summary>Codes, so that the ledger keeps no words about the person.</summary>
    private static readonly string[] Reasons = ["in-error", "ordered", "person-asked", "retention-over"];

    private sealed record Asked(Order Order, bool IsTrial);

    public static async Task<Answer> Perform(Pipeline pipeline, FhirRequest request, CancellationToken cancel)
    {
        Asked? asked = null;
        // A piece: the event of the request is closed with the outcome of the whole.
        var allowed = await pipeline.InOneUnit(request with { IsPiece = true }, work => Check(pipeline, work, request, out asked), cancel);
        if (!allowed.IsSuccess) return allowed;
        var erasing = new Erasing(pipeline.Engine);
        try
        {
            var gone = asked!.IsTrial ? erasing.Look($"Patient/{request.Id}") : await erasing.Erase($"Patient/{request.Id}", asked.Order, cancel);
            // Another request has erased the person meanwhile.
            return gone is null ? await pipeline.InOneUnit(request with { IsPiece = true }, work => NotHere.Answer(work, request.Interaction), cancel) : Said(gone, asked.IsTrial);
        }
        catch (IOException)
        {
            return Answer.Unavailable;
        }
    }

    private static Answer Check(Pipeline pipeline, Work work, FhirRequest request, out Asked? asked)
    {
        asked = null;
        var caller = work.Caller;
        if (!LedgerReading.ReaderOf(work).IsOwner) return NotHere.Answer(work, request.Interaction);
        if (caller.Scopes is { } scopes && !scopes.Covers("delete", "Patient")) return ScopeDoor.Insufficient(caller, "delete", "Patient");
        if (OperationParameters.Read(new Exchange(pipeline, work, request, null, Target.None), Allowed, out var refusal) is not { } given) return refusal!;
        // Nothing is guessed of what cannot be taken back.
        if (Allowed.FirstOrDefault(name => !given.IsOne(name)) is { } unclear)
            return OperationParameters.Refuse(IssueType.Invalid, $"`{unclear}` must be given once, as a single value");
        if (given.Text("reason") is not { } reason || !Reasons.Contains(reason))
            return OperationParameters.Refuse(IssueType.Required, $"Say why in `reason`: one of {string.Join(", ", Reasons)}");
        if (given.Text("birthDate") is not { } birth || given.Text("nhsNumber") is not { } number)
            return OperationParameters.Refuse(IssueType.Required, "Say who it is: `birthDate` and `nhsNumber`, as they are on record; `none` for what is not");
        if (given.Text("dryRun") is { } trial && trial is not ("true" or "false")) return OperationParameters.Refuse(IssueType.Invalid, "`dryRun` must be true or false");
        if (!Is(work, request.Id, birth, number)) return NotHere.Answer(work, request.Interaction);
        asked = new(new Order(caller.Subject, reason, caller, work.InForce.Protocol.Purpose(caller.Purpose)?.Code, request.Event.CorrelationId), given.IsTrue("dryRun"));
        return new Answer(AnswerKind.Ok);
    }

    /// <summary>The Patient as it is on record, in view or not: who is entitled to erase a record need not be allowed to read it.</summary>
    private static bool Is(Work work, string id, string birth, string number)
    {
        if (work.Snapshot.PersonOfPatient(id) is null || work.Snapshot.Find("Patient", id) is not { IsDeleted: false, DamagedRow: null } stored) return false;
        var patient = work.Reading.Parse(stored.Body).Root;
        var numbers = patient.All("identifier").ToList().Where(i => i.TextOf("system") == NhsNumber).Select(i => Plain(i.TextOf("value"))).ToList();
        return (patient.TextOf("birthDate") ?? "none") == birth && (numbers.Count == 0 ? number == "none" : numbers.Contains(Plain(number)));
    }

    private static string Plain(string? number) => (number ?? "").Replace(" ", "", StringComparison.Ordinal);

    private static Answer Said(Erasure gone, bool isTrial)
    {
        var parameters = new ParametersJson().Truth("erased", !isTrial).Text("resources", "valueString", gone.Resources.ToString(CultureInfo.InvariantCulture));
        foreach (var holder in gone.Holders) parameters.Text("holder", "valueString", holder);
        // Which resources they are is their holders' to know.
        return parameters.Text("stillNamedBy", "valueString", gone.NamedBy.Count.ToString(CultureInfo.InvariantCulture)).Done();
    }
}
