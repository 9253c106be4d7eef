using System.Text.Json;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Smart;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions.Bulk.Importing;

/// <summary>An import that was asked for: in the store with its lines, so a restart loses nothing. Lines are removed as they are done. It
/// belongs to the caller in their role and purpose under the agreement of that day; to anybody else it is not there.</summary>
public sealed record ImportJob
{
    private const string Heads = "import/", Data = "import-data/", Outcomes = "import-outcome/";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public required string Id { get; init; }
    public required string Owner { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Request { get; init; }
    public required string BaseUrl { get; init; }
    /// <summary>Hash of the agreement under which it was asked for.</summary>
    public required string Agreement { get; init; }
    public required Who By { get; init; }
    public int Parts { get; init; }
    public int Lines { get; init; }

    public int PartsDone { get; init; }
    public int LinesDone { get; init; }
    public int Refused { get; init; }
    /// <summary>Why it ended before its last line.</summary>
    public string? Stopped { get; init; }
    /// <summary>The process that works on it, and when it last said so.</summary>
    public string? Worker { get; init; }
    public DateTimeOffset Seen { get; init; }

    public DateTimeOffset Expires => At + Lifetime;
    public bool IsDone => PartsDone == Parts || Stopped != null;

    /// <summary>The caller, as the token said.</summary>
    public sealed record Who(string Issuer, string Client, string Subject, string? Party, string? Role, string? Purpose, string? Organization,
        string? PractitionerRole, string? Patient, string? RelatedPerson, string? Scopes, string? LaunchPatient, string? FhirUser)
    {
        public static Who Of(Caller of) => new(of.Issuer, of.Client, of.Subject, of.Party, of.Role, of.Purpose, of.Organization, of.PractitionerRole, of.Patient,
            of.RelatedPerson, of.Scopes?.Text, of.LaunchPatient, of.FhirUser);

        public Caller Caller() => new()
        {
            Issuer = Issuer, Client = Client, Subject = Subject, Party = Party, Role = Role, Purpose = Purpose, Organization = Organization, PractitionerRole = PractitionerRole,
            // Scopes that cover nothing have no text, and nothing is what they go on covering.
            Patient = Patient, RelatedPerson = RelatedPerson, Scopes = Scopes is null ? null : ScopeReader.Read(Scopes.Split(' ')) ?? Sharing.Smart.Scopes.None,
            LaunchPatient = LaunchPatient, FhirUser = FhirUser,
        };
    }

    /// <summary>Null if there is no such job, if it has expired, or if another caller began it. The caller cannot tell which.</summary>
    public static ImportJob? Find(Work work, string id) =>
        Find(work.Engine.Store, id) is { } job && job.Owner == BulkJob.OwnerOf(work) && work.Now < job.Expires ? job : null;

    public static ImportJob? Find(IStore store, string id) =>
        store.GetSetting(Heads + id) is { Length: > 0 } text ? JsonSerializer.Deserialize<ImportJob>(text) : null;

    public static IEnumerable<ImportJob> All(IStore store) => store.Settings(Heads).Select(s => JsonSerializer.Deserialize<ImportJob>(s.Value)!);

    public void Keep(IStore store) => store.SetSetting(Heads + Id, JsonSerializer.Serialize(this));

    /// <summary>The lines first: a job that can be found has them all.</summary>
    public void Keep(IStore store, IReadOnlyList<string> parts)
    {
        for (var i = 0; i < parts.Count; i++) store.SetSetting(PartName(Data, i), parts[i]);
        Keep(store);
    }

    /// <summary>Null: it was cancelled meanwhile.</summary>
    public string? Part(IStore store, int part) => store.GetSetting(PartName(Data, part));

    public bool IsThere(IStore store) => store.GetSetting(Heads + Id) != null;

    /// <param name="outcomes">NDJSON of the lines that were stored, and of those that were refused.</param>
    public ImportJob Done(IStore store, int lines, (string Output, string Error) outcomes, int refused)
    {
        var part = PartsDone;
        store.SetSetting(PartName(Outcomes + "output/", part), outcomes.Output);
        store.SetSetting(PartName(Outcomes + "error/", part), outcomes.Error);
        var done = this with { PartsDone = part + 1, LinesDone = LinesDone + lines, Refused = Refused + refused };
        done.Keep(store);
        store.RemoveSetting(PartName(Data, part));
        return done;
    }

    /// <param name="file">`output` or `error`.</param>
    public string? Outcome(IStore store, string file, int part) => store.GetSetting(PartName($"{Outcomes}{file}/", part));

    public void Drop(IStore store)
    {
        store.RemoveSetting(Heads + Id);
        for (var i = 0; i < Parts; i++)
            foreach (var of in (string[])[Data, Outcomes + "output/", Outcomes + "error/"]) store.RemoveSetting(PartName(of, i));
    }

    private string PartName(string of, int part) => $"{of}{Id}/{part:D6}";
}
