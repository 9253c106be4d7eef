using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Operations.Erasures;

/// <summary>What an erasure removes, or would remove.</summary>
/// <param name="Resources">Resources about the person, deleted ones included, whoever holds them.</param>
/// <param name="Holders">The parties that hold them.</param>
/// <param name="NamedBy">`Type/id` of what is about somebody else, or about nobody, and still refers to one of them.</param>
public sealed record Erasure(string Patient, int Resources, IReadOnlyList<string> Holders, IReadOnlyList<string> NamedBy);

/// <summary>Who ordered an erasure, for the ledger.</summary>
/// <param name="Subject">The name that the operator gave, or the token's subject.</param>
/// <param name="Reason">A code; null for the command, whose orderer is asked.</param>
public sealed record Order(string Subject, string? Reason = null, Sharing.Caller? Caller = null, string? Purpose = null, string? Correlation = null);

/// <summary>Removes a person for good: every version of all that is about them, index, ties, Consents, NHS numbers. What stays is the ledger,
/// with the erasure as an event of its own, and empty deletions in place of the resources that the ledger names
/// (src/docs/operations.md#erasing-a-person).</summary>
public sealed class Erasing(Engine engine)
{
    private const int Slice = 200, Attempts = 10;

    /// <summary>Null when there is no such person.</summary>
    public Erasure? Look(string patient)
    {
        using var snapshot = engine.Store.Read();
        return snapshot.PersonOfPatient(Id(patient)) is { } person ? Of(snapshot, patient, snapshot.OfPerson(person)) : null;
    }

    /// <summary>`Patient/x` of the persons about whom nothing was written since.</summary>
    public IEnumerable<string> Untouched(DateTimeOffset since)
    {
        using var snapshot = engine.Store.Read();
        for (string? after = null; snapshot.Persons(after, Slice) is { Count: > 0 } slice; after = slice[^1].Key)
            foreach (var person in slice)
                if (snapshot.PatientsOfPerson(person.Key) is [var patient, ..] && (snapshot.LastWritten(person.Key) is not { } last || last < since))
                    yield return $"Patient/{patient}";
    }

    /// <summary>Null when there is no such person.</summary>
    /// <exception cref="IOException">The database cannot be written to.</exception>
    public async Task<Erasure?> Erase(string patient, Order order, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using var snapshot = engine.Store.Read();
            if (snapshot.PersonOfPatient(Id(patient)) is not { } person) return null;
            var found = snapshot.OfPerson(person);
            var bound = new NumberBindings(snapshot).BoundBy(person).ToList();
            var change = new Change { Versions = [.. found.Select(Emptied)], ErasedPersons = [person] };
            var result = await engine.Store.Commit(change, [Event(patient, person, order, found)], cancel);
            if (result == CommitResult.Stale) continue;
            if (result != CommitResult.Done) break;
            await Release(bound, cancel);
            return Of(snapshot, patient, found);
        }
        throw new IOException($"Nothing of {patient} was erased: the database cannot be written to, or others write about this person all the time");
    }

    private static string Id(string patient) =>
        Reference.TryKey(patient, out _, out var id) ? id.ToString() : throw new ArgumentException("A reference like `Patient/x` is needed", nameof(patient));

    private VersionToWrite Emptied(StoredVersion current) => new(current with
    {
        VersionId = RandomId.Next(),
        LastUpdated = engine.Clock.GetUtcNow(),
        Body = [],
        Labels = [],
        ContentDate = null,
        ChangeMask = current.RootMask,
        Changes = [current.RootMask],
        IsDeleted = true,
        Method = "DELETE",
        DamagedRow = null,
    }, [])
    { Replaces = current.VersionId };

    /// <summary>A refusal of the person bound others who state the same NHS number; it does so no more.</summary>
    private async Task Release(List<string> bound, CancellationToken cancel)
    {
        using var snapshot = engine.Store.Read();
        var persons = bound.Select(snapshot.FindPerson).OfType<Person>().ToList();
        if (persons.Count == 0) return;
        // Should somebody write about them meanwhile, that write computes it too.
        await engine.Store.Commit(new ChangeBuilder(engine, snapshot, engine.Clock.GetUtcNow()).Reintern(persons), [], cancel);
    }

    private AuditEntry Event(string patient, string person, Order order, IReadOnlyList<StoredVersion> found) => new()
    {
        Id = RandomId.Next(), At = engine.Clock.GetUtcNow(), Interaction = "erase", Outcome = AuditOutcome.Success, Status = 200, Subject = order.Subject, Target = patient, Reason = order.Reason,
        Party = order.Caller?.Party, Role = order.Caller?.Role, Agent = order.Caller?.PractitionerRole, Organization = order.Caller?.Organization, Purpose = order.Purpose, CorrelationId = order.Correlation,
        Details =
        [
            .. found.GroupBy(v => v.Holder).Select(held => new AuditDetail
            {
                Kind = AuditDetailKind.Written, Person = person, Patient = patient, Holder = held.Key, Types = [.. held.Select(v => v.Type).Distinct()], Count = held.Count(),
                Ids = [.. held.Take(AuditEntry.MostIds).Select(v => $"{v.Type}/{v.Id}")], Mask = held.Aggregate(0L, (mask, v) => mask | v.RootMask),
            }),
        ],
    };

    private static Erasure Of(ISnapshot snapshot, string patient, IReadOnlyList<StoredVersion> found)
    {
        var own = found.Select(v => (v.Type, v.Id)).ToHashSet();
        var named = own.SelectMany(r => snapshot.Referrers(r.Type, r.Id)).Where(r => !own.Contains(r)).Distinct();
        return new Erasure(patient, found.Count, [.. found.Select(v => v.Holder).Distinct().Order(StringComparer.Ordinal)],
            [.. named.Select(r => $"{r.Type}/{r.Id}").Order(StringComparer.Ordinal)]);
    }
}
