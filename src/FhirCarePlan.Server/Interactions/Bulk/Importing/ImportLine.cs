using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Bulk.Importing;

/// <summary>One line of an import: a create where the resource has no id, else an update, on the path of every request, with an event of its own.
/// A line that has been stored already is passed over, so an import may go on after a restart, and be sent again.</summary>
internal sealed class ImportLine(LedgerEvent opened, ImportJob job, ReadOnlyMemory<byte> line) : Incoming(opened)
{
    /// <summary>Not in the table: only an import performs it.</summary>
    private static readonly Interaction Interaction = new()
    {
        Name = "$import-line",
        Code = "import-line",
        Level = Level.System,
        Routes = [],
        AsksOfMany = true,
        Text = new("A line of an import", "", "200", "", ""),
        Perform = Perform,
    };

    private const int MostTimes = 16;

    public override Answer? Who() => null;
    public override ValueTask<Answer?> Limit(CancellationToken cancel) => new((Answer?)null);

    public override ValueTask<(FhirRequest? Request, Answer? Refusal)> Read(CancellationToken cancel) => new((new FhirRequest
    {
        Interaction = Interaction, Caller = job.By.Caller(), Event = Event, BaseUrl = job.BaseUrl, Body = line, Prefers = Return.Minimal,
    }, (Answer?)null));

    private static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        var report = new Report();
        if (work.Reading.Parse(request.Body, report) is not { } sent) return Answer.Invalid(report.Issues);
        var (type, id) = (sent.Type.Name, sent.Root.TextOf("id"));
        var interaction = id is null ? Table.Create : Table.Update;
        (request.Event.Interaction, request.Event.Target) = (interaction.Code, id is { Length: <= 64 } ? $"{type}/{id}" : type);
        if (AddressCheck.Of(interaction, type, "", 0, work.Engine.Types, work.Engine.Limits) is { } unserved) return unserved;
        if (request.Body.Length > (AttachmentTypes.Has(type) ? work.Engine.Limits.Attached : work.Engine.Limits.Body))
            return Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, "The resource is larger than one may be");
        request = request with { Interaction = interaction, Type = type, Id = id ?? IdOf(work, request.Body.Span, 0) };
        if (id is null) return Create(asked, request, sent);
        // Nobody can send a header with a line: the version that it names is the one that it was made from.
        var target = Target.Find(work, request);
        if (target.Seen is { Version.IsDeleted: false } seen)
        {
            if (IsStored(work, seen, sent)) return Before(type, id);
            if (sent.Root["meta"].TextOf("versionId") is { } version) request = request with { IfMatch = HttpStatus.ETag(version) };
        }
        return asked.Pipeline.Perform(work, request);
    }

    /// <summary>The ids that a line of this caller may have are known beforehand. One that is taken was taken by the same line of the same caller. If
    /// what it stored is as it was, or is out of the caller's sight now, there is nothing to do; if it was changed or deleted since, the line is
    /// a new resource.</summary>
    private static Answer Create(Exchange asked, FhirRequest request, Document sent)
    {
        var (work, line) = (asked.Work, request.Body);
        var mayCreate = work.InForce.Writing.MayWrite(work.Caller, "create", request.Type, work.Now) is null
            && (work.Caller.Scopes is not { } scopes || scopes.Covers("create", request.Type));
        for (var times = 0; times < MostTimes; times++)
        {
            request = request with { Id = IdOf(work, line.Span, times) };
            // A caller who may not create gets that refusal, whatever the store holds.
            if (!mayCreate || work.Snapshot.RootMask(request.Type, request.Id) is null) return asked.Pipeline.Perform(work, request);
            if (Target.Find(work, request with { Interaction = Table.Update }).Seen is not { } seen || !seen.Version.IsDeleted && IsStored(work, seen, sent)) return Before(request.Type, request.Id);
        }
        return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate, $"This line was stored, and changed or deleted afterwards, {MostTimes} times already. Give the resource an id, or create it by itself", key: "import");
    }

    /// <summary>Nobody else can guess it.</summary>
    private static string IdOf(Work work, ReadOnlySpan<byte> line, int times)
    {
        var caller = work.Caller;
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, work.Engine.NumberKey);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes<string?[]>(["import", caller.Party, caller.Issuer, caller.Client, caller.Subject, times.ToString(CultureInfo.InvariantCulture)]));
        hash.AppendData(line);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>Storing it again would change nothing but version and time.</summary>
    private static bool IsStored(Work work, Seen seen, Document sent)
    {
        var stored = seen.Version;
        if (stored.Holder != work.Caller.Party || !work.Sight.IsWhole(seen) || stored.DamagedRow != null) return false;
        var again = KeptReferences.Of(work, sent);
        var meta = Meta.Of(again.Root, stored.VersionId, stored.LastUpdated, []);
        return CanonicalJson.Write(again, new WriteOptions { Id = stored.Id, Meta = meta }).AsSpan().SequenceEqual(stored.Body);
    }

    private static Answer Before(string type, string id) => new(AnswerKind.Ok) { Location = $"{type}/{id}" };
}
