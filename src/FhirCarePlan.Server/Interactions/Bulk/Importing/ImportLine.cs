using System.Security.Cryptography;
using System.Text;
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
        request = request with { Interaction = interaction, Type = type, Id = id ?? IdOf(work, request.Body.Span) };
        if (id is null)
            return work.Snapshot.RootMask(type, request.Id) is null ? asked.Pipeline.Perform(work, request) : Before(type, request.Id);
        // Nobody can send a header with a line: the version that it names is the one that it was made from.
        var target = Target.Find(work, request);
        if (target.Seen is { Version.IsDeleted: false } seen)
        {
            if (IsStored(work, seen, sent)) return Before(type, id);
            if (sent.Root["meta"].TextOf("versionId") is { } version) request = request with { IfMatch = HttpStatus.ETag(version) };
        }
        return asked.Pipeline.Perform(work, request);
    }

    /// <summary>The same line of the same party is the same resource, whenever it comes: nobody else can guess its id.</summary>
    private static string IdOf(Work work, ReadOnlySpan<byte> line)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, work.Engine.NumberKey);
        hash.AppendData(Encoding.UTF8.GetBytes($"import\n{work.Caller.Party}\n"));
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
