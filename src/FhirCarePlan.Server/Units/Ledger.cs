using FhirCarePlan.Care;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>Notes what one unit of work did to whose record: shown, written, refused. References, rules and categories, never content
/// (src/docs/sharing.md#the-ledger). The notes go into the request's event when the unit is committed.</summary>
public sealed class Ledger(Reading reading)
{
    private readonly Dictionary<(AuditDetailKind, string?, string?, Decision?), Noted> noted = [];
    private readonly Dictionary<string, string?> patients = [];
    private int ids;

    /// <summary>Parameter names of a search, never values.</summary>
    public string? Query { get; set; }

    public bool IsEmpty => noted.Count == 0;

    public void Shown(StoredVersion version, Decision decision) => Note(AuditDetailKind.Shown, version, decision);

    public void Written(StoredVersion version, Decision decision, bool isWidening) =>
        Note(AuditDetailKind.Written, version, decision).IsWidening |= isWidening;

    /// <summary>The caller asked for something outside their view, or for something they may not do.</summary>
    /// <param name="isThere">False for the stand-in of an absent target: the same lookups, and nothing of it is kept.</param>
    public void Refused(StoredVersion version, Decision decision, string gate, bool isThere)
    {
        if (isThere)
        {
            Note(AuditDetailKind.Refused, version, decision).Gate = gate;
            return;
        }
        PatientOf(version);
        reading.Engine.InForce.Policies(decision, isPermit: false);
        Note((AuditDetailKind.Refused, null, null, null), version.Type, version.Id, () => null).Gate = Absent;
    }

    /// <summary>In place of a gate: there was nothing that could have refused.</summary>
    public const string Absent = "absent";

    /// <summary>A unit that failed disclosed and wrote nothing, so only its refusals are true.</summary>
    public void KeepRefusals()
    {
        foreach (var key in noted.Keys.Where(k => k.Item1 != AuditDetailKind.Refused).ToList()) noted.Remove(key);
    }

    public void Forget() => noted.Clear();

    public IReadOnlyList<AuditDetail> Details() =>
        noted.Count == 0 ? [] : [.. noted.Select(n => n.Value.Detail(n.Key, reading.Engine.InForce))];

    private Noted Note(AuditDetailKind kind, StoredVersion version, Decision? decision)
    {
        var key = (kind, version.Person, version.Holder, decision);
        var detail = Note(key, version.Type, version.Id, () => PatientOf(version));
        detail.Mask |= decision is null ? 0 : Sharing.Labelling.LabelBytes.Shown(version.Labels, decision.Permitted);
        return detail;
    }

    private Noted Note((AuditDetailKind, string?, string?, Decision?) key, string type, string id, Func<string?> patient)
    {
        if (!noted.TryGetValue(key, out var detail)) noted[key] = detail = new Noted(patient());
        detail.Types.Add(type);
        detail.Count++;
        if (ids < AuditEntry.MostIds && detail.Ids.Add($"{type}/{id}")) ids++;
        return detail;
    }

    private string? PatientOf(StoredVersion version)
    {
        if (version.Type == "Patient") return $"Patient/{version.Id}";
        if (version.Person is not { } person) return null;
        if (!patients.TryGetValue(person, out var patient))
            patients[person] = patient = reading.Snapshot.PatientsOfPerson(person) is [var first, ..] ? $"Patient/{first}" : null;
        return patient;
    }

    private sealed class Noted(string? patient)
    {
        public SortedSet<string> Types { get; } = new(StringComparer.Ordinal);
        public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);
        public int Count { get; set; }
        public long Mask { get; set; }
        public string? Gate { get; set; }
        public bool IsWidening { get; set; }

        public AuditDetail Detail((AuditDetailKind Kind, string? Person, string? Holder, Decision? Decision) key, Core.InForce inForce) =>
            new()
            {
                Kind = key.Kind,
                Person = key.Person,
                Patient = patient,
                Holder = key.Holder,
                Types = [.. Types],
                Ids = [.. Ids],
                Count = Count,
                Mask = Mask,
                Policies = key.Decision is { } decision ? inForce.Policies(decision, key.Kind != AuditDetailKind.Refused) : [],
                Gate = Gate,
                IsWidening = IsWidening,
            };
    }
}
