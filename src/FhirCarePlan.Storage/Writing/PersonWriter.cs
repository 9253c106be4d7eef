using FhirCarePlan.Storage.Engine;
using System.Numerics;

namespace FhirCarePlan.Storage.Writing;

/// <summary>Writes persons and what hangs on them: patients, relationships, consents.</summary>
internal sealed class PersonWriter(Connection connection, Foreseen foreseen)
{
    /// <summary>Null when there is no such person.</summary>
    public long? Revision(string key) => foreseen.Find(key)?.Revision;

    public long Number(string key) => foreseen.Find(key)?.No
        ?? throw new InvalidOperationException("A change names a person that is neither stored nor part of the change.");

    public void Write(Change change)
    {
        foreach (var person in change.Persons) Write(person);
        foreach (var link in change.Patients) Write(link);
        Replace(change.RelationshipCauses, change.Relationships);
        ReplaceBackings(change.BackedPersons, change.Backings);
        Replace(change.ConsentIds, change.Consents);
    }

    private void Write(Person person)
    {
        long no;
        if (foreseen.Find(person.Key) is { } known)
        {
            no = known.No;
            connection.Use("UPDATE person SET consent_class = ?2, revision = ?3, next_boundary = ?4 WHERE no = ?1").Bind(1, no)
                .Bind(2, person.ConsentClass).Bind(3, person.Revision).Bind(4, Ticks.Of(person.NextBoundary)).Run();
        }
        else no = connection.Insert(connection.Use("INSERT INTO person (no, key, consent_class, revision, next_boundary) VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(2, person.Key).Bind(3, person.ConsentClass).Bind(4, person.Revision).Bind(5, Ticks.Of(person.NextBoundary)));
        foreseen.Now(person.Key, new Foreseen.Person(no, person.Revision));
        if (person.NewState is { } state) Intern(no, state);
    }

    /// <summary>Equal states have one number. Nothing is read, so that an engine can send it all in one trip.</summary>
    private void Intern(long person, string state)
    {
        connection.Use("INSERT INTO consent_class (state) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM consent_class WHERE state = ?1)")
            .Bind(1, state).Run();
        connection.Use("UPDATE person SET consent_class = (SELECT no FROM consent_class WHERE state = ?2) WHERE no = ?1").Bind(1, person)
            .Bind(2, state).Run();
    }

    private void Write(PatientLink link)
    {
        var statement = connection.Use("""
            INSERT INTO person_patient (patient, person, number_hash, holder, is_confirmed) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (patient) DO UPDATE SET person = ?2, number_hash = ?3, holder = ?4, is_confirmed = ?5
            """).Bind(1, link.PatientId).Bind(2, Number(link.Person)).Bind(4, link.Holder).Bind(5, link.IsConfirmed ? 1 : 0);
        if (link.VerifiedNumberHash is { } hash) statement.BindBlob(3, hash).Run();
        else statement.BindNoBlob(3).Run();
        connection.Use("DELETE FROM stated_number WHERE patient = ?1").Bind(1, link.PatientId).Run();
        foreach (var stated in link.StatedNumberHashes)
            connection.Use("INSERT INTO stated_number (patient, number_hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING").Bind(1, link.PatientId)
                .BindBlob(2, stated).Run();
    }

    private void Replace(IReadOnlyList<string> causes, IReadOnlyList<Relationship> relationships)
    {
        foreach (var cause in causes) connection.Use("DELETE FROM relationship WHERE cause = ?1").Bind(1, cause).Run();
        foreach (var relationship in relationships)
        {
            var person = Number(relationship.Person);
            connection.Use("""
                INSERT INTO relationship (party, person, kind, actor, since, until, cause, asserter, answers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                ON CONFLICT DO NOTHING
                """).Bind(1, relationship.Party).Bind(2, person).Bind(3, relationship.Kind).Bind(4, relationship.Actor ?? "").Bind(5, relationship.From.UtcTicks)
                .Bind(6, relationship.To?.UtcTicks ?? Ticks.Never).Bind(7, relationship.Cause).Bind(8, relationship.Asserter)
                    .Bind(9, relationship.Answers ?? "").Run();
        }
    }

    private void ReplaceBackings(IReadOnlyList<string> persons, IReadOnlyList<Backing> backings)
    {
        foreach (var key in persons) connection.Use("DELETE FROM backing WHERE person = ?1").Bind(1, Number(key)).Run();
        foreach (var backing in backings)
        {
            var person = Number(backing.Person);
            // One row per bit: a search sums the distinct ones.
            for (var kinds = (ulong)backing.Kind; kinds != 0; kinds &= kinds - 1)
                connection.Use("""
                    INSERT INTO backing (party, person, kind, actor, regard, since, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING
                    """).Bind(1, backing.Party).Bind(2, person).Bind(3, 1L << BitOperations.TrailingZeroCount(kinds)).Bind(4, backing.Actor ?? "").Bind(5, backing.Regard)
                    .Bind(6, backing.From.UtcTicks).Bind(7, backing.To?.UtcTicks ?? Ticks.Never).Run();
        }
    }

    private void Replace(IReadOnlyList<string> consentIds, IReadOnlyList<ConsentRow> consents)
    {
        foreach (var id in consentIds) connection.Use("DELETE FROM consent_row WHERE consent = ?1").Bind(1, id).Run();
        foreach (var consent in consents)
        {
            connection.Use("""
                INSERT INTO consent_row (consent, person, facts, lapses_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING
                """)
                .Bind(1, consent.ConsentId).Bind(2, Number(consent.Person)).Bind(3, consent.Facts).Bind(4, Ticks.Of(consent.LapsesAt))
                    .Run();
        }
    }
}
