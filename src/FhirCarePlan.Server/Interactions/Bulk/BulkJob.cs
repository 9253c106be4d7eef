using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Bulk;

/// <summary>An export that was asked for. It is in the store, so a restart does not lose it. It belongs to the caller in their role and purpose
/// under the agreement of that day; to anybody else it is not there. https://hl7.org/fhir/uv/bulkdata/STU2/export.html</summary>
public sealed record BulkJob
{
    private const string Prefix = "bulk/";
    /// <summary>Of one caller at a time.</summary>
    private const int Most = 50;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public required string Id { get; init; }
    /// <summary>Hash of who may ask for it.</summary>
    public required string Owner { get; init; }
    public required DateTimeOffset At { get; init; }
    /// <summary>The address that began it.</summary>
    public required string Request { get; init; }

    /// <summary>The group whose members it is about.</summary>
    public string? Group { get; init; }
    /// <summary>Only what is about a person.</summary>
    public bool IsOfPatients { get; init; }
    /// <summary>Only about these Patients; empty: all.</summary>
    public IReadOnlyList<string> Patients { get; init; } = [];
    public IReadOnlyList<string> Types { get; init; } = [];
    /// <summary>As sent.</summary>
    public string? Since { get; init; }
    /// <summary>`Type?query`: of a type that has some, only what one of them finds.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    public DateTimeOffset Expires => At + Lifetime;

    public static BulkJob New(Work work, FhirRequest request, string path) => new()
    {
        Id = RandomId.Next(),
        Owner = OwnerOf(work),
        At = new DateTimeOffset(work.Now.UtcTicks - work.Now.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero),
        Request = $"{request.BaseUrl}/{path}{(request.Query.Length > 0 ? "?" : "")}{request.Query}",
    };

    /// <summary>Null if there is no such job, if it has expired, or if another caller began it. The caller cannot tell which.</summary>
    public static BulkJob? Find(Work work, string id) =>
        work.Engine.Store.GetSetting(Prefix + id) is { Length: > 0 } text && JsonSerializer.Deserialize<BulkJob>(text) is { } job
            && job.Owner == OwnerOf(work) && work.Now < job.Expires ? job : null;

    /// <summary>Null while the caller may begin another.</summary>
    public static Answer? TooMany(Work work)
    {
        var owner = OwnerOf(work);
        var own = All(work.Engine).Select(job => job.Job).Where(job => job?.Owner == owner && work.Now < job.Expires).ToList();
        return own.Count < Most ? null : Answer.Refuse(AnswerKind.TooMany, IssueType.Throttled,
            $"You have {Most} jobs already. End one by DELETE of its address, or wait until one expires", key: "limit") with
        { RetryAfter = (int)Math.Ceiling((own.Min(job => job!.Expires) - work.Now).TotalSeconds) };
    }

    private static IEnumerable<(string Name, BulkJob? Job)> All(Engine engine) =>
        engine.Store.Settings(Prefix).Select(s => (s.Name, JsonSerializer.Deserialize<BulkJob>(s.Value)));

    public void Keep(Engine engine)
    {
        foreach (var (name, old) in All(engine))
            if (old is null || old.Expires < At) engine.Store.RemoveSetting(name);
        engine.Store.SetSetting(Prefix + Id, JsonSerializer.Serialize(this));
    }

    public void Drop(Engine engine) => engine.Store.RemoveSetting(Prefix + Id);

    /// <summary>Hash of the caller in their role and purpose under this agreement.</summary>
    public static string OwnerOf(Work work) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(SearchLinks.Binding(work, "bulk", ""))));
}
