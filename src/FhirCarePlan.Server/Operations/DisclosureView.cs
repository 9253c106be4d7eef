using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Operations;

/// <summary>Events as the person they are about may read them: who asked, when, why, under which rule, and which parts of the record, as
/// far as the person sees those parts. It leaves out what others were refused and resources that the person does not see: the list must not
/// tell more of the record than the record itself does (src/docs/sharing.md#the-promise, src/docs/sharing.md#the-ledger).</summary>
public sealed class DisclosureView(Work work)
{
    private readonly Dictionary<(string, string?), bool> seen = [];

    public AuditEntry Of(AuditEntry entry)
    {
        var details = entry.Details.Select(Of).ToList();
        var isTold = details.Exists(d => d.Patient == entry.Target || d.Ids.Contains(entry.Target));
        return entry
            with
        { Details = details, Query = null, Target = isTold ? entry.Target : details.FirstOrDefault()?.Patient ?? "Patient" };
    }

    private AuditDetail Of(AuditDetail detail)
    {
        if (detail.Kind == AuditDetailKind.Refused)
            return detail with { Types = [], Count = 0, Ids = [], Mask = 0, Policies = [], Gate = null };
        // What this reader may see of the types named, and no category besides.
        var types = detail.Types.Select(type => (Type: type, Permitted: Permitted(detail, type)))
            .Where(t => (t.Permitted & work.InForce.RootsOf(t.Type)) != 0).ToList();
        string[] ids = [.. detail.Ids.Where(id => IsSeen(id, detail.Person))];
        return detail with
        {
            Types = [.. types.Select(t => t.Type)],
            Mask = types.Aggregate(0L, (mask, type) => mask | type.Permitted) & detail.Mask,
            Ids = ids,
            Count = ids.Length == detail.Count ? detail.Count : 0,
        };
    }

    private long Permitted(AuditDetail detail, string type) =>
        work.Sight.Decide("read", type, detail.Holder ?? "", detail.Person).Permitted;

    private bool IsSeen(string reference, string? person)
    {
        if (seen.TryGetValue((reference, person), out var known)) return known;
        return seen[(reference, person)] = Reference.TryKey(reference, out var type, out var id)
            && work.Sight.See(work.Snapshot.Find(type, id.ToString())) is { Version.IsDeleted: false } shown
            && shown.Version.Person == person;
    }
}
