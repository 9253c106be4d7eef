using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite.Reading;

public class PersonReaderTests
{
    [Fact]
    public async Task Persons_and_their_patients_are_found_both_ways()
    {
        await using var given = new Given();
        byte[] hash = [1, 2, 3];
        await given.Write(new Change
        {
            Persons = [new("p1", 0, 1, null), new("p2", 0, 1, Now)],
            Patients = [new("a", "p1", hash), new("b", "p1", null), new("c", "p2", null)],
        });
        Assert.Equal(new Person("p2", 0, 1, Now), given.Ask(s => s.FindPerson("p2")));
        Assert.Null(given.Ask(s => s.FindPerson("p3")));
        Assert.Equal("p1", given.Ask(s => s.PersonOfPatient("b")));
        Assert.Null(given.Ask(s => s.PersonOfPatient("d")));
        Assert.Equal("p1", given.Ask(s => s.PersonOfNumber(hash)));
        Assert.Null(given.Ask(s => s.PersonOfNumber([1, 2])));
        Assert.Equal(["a", "b"], given.Ask(s => s.PatientsOfPerson("p1")));
    }

    [Fact]
    public async Task A_patient_moves_to_another_person_with_its_number()
    {
        await using var given = new Given();
        byte[] hash = [1];
        await given.Write(new Change { Persons = [new("p1", 0, 1, null), new("p2", 0, 1, null)], Patients = [new("a", "p1", hash)] });
        await given.Write(new Change { Patients = [new("a", "p2", hash)] });
        Assert.Equal("p2", given.Ask(s => s.PersonOfNumber(hash)));
        Assert.Empty(given.Ask(s => s.PatientsOfPerson("p1")));
    }

    [Fact]
    public async Task Stated_numbers_are_found_by_person_and_by_number_and_go_with_the_next_version()
    {
        await using var given = new Given();
        byte[] verified = [1], stated = [2];
        await given.Write(new Change
        {
            Persons = [new("p1", 0, 1, null), new("p2", 0, 1, null)],
            Patients = [new("a", "p1", stated), new("b", "p2", verified, [stated, [3]])],
        });
        Assert.Equal("b", Assert.Single(given.Ask(s => s.LinksStating(stated))).PatientId);
        Assert.Empty(given.Ask(s => s.LinksStating(verified)));
        var link = Assert.Single(given.Ask(s => s.LinksOfPerson("p2")));
        Assert.Equal(verified, link.VerifiedNumberHash);
        Assert.Equal([stated, [3]], link.StatedNumberHashes);
        Assert.Equal("p1", given.Ask(s => s.PersonOfNumber(stated)));

        await given.Write(new Change { Patients = [new("b", "p2", verified)] });
        Assert.Empty(given.Ask(s => s.LinksStating(stated)));
    }

    [Fact]
    public async Task Relationships_are_replaced_by_their_cause()
    {
        await using var given = new Given();
        await given.Person("p1");
        var team = Related("p1", "gp", 4, cause: "CareTeam/t", to: Now.AddDays(1));
        var carer = Related("p1", "homes", 8, actor: "PractitionerRole/x", cause: "CareTeam/t");
        var referral = Related("p1", "homes", 16, cause: "ServiceRequest/s");
        await given.Write(new Change { RelationshipCauses = ["CareTeam/t", "ServiceRequest/s"], Relationships = [team, carer, referral] });
        Assert.Equivalent(new[] { team, carer, referral }, given.Ask(s => s.Relationships("p1")), strict: true);
        Assert.Equivalent(new[] { team, carer }, given.Ask(s => s.RelationshipsByCause("CareTeam/t")), strict: true);

        await given.Write(new Change { RelationshipCauses = ["CareTeam/t"], Relationships = [team with { To = null }] });
        Assert.Equivalent(new[] { team with { To = null }, referral }, given.Ask(s => s.Relationships("p1")), strict: true);
        await given.Write(new Change { RelationshipCauses = ["CareTeam/t"] });
        Assert.Equal([referral], given.Ask(s => s.Relationships("p1")));
    }

    [Fact]
    public async Task Consents_are_replaced_by_their_id()
    {
        await using var given = new Given();
        await given.Person("p1");
        await given.Write(new Change { ConsentIds = ["c1", "c2"], Consents = [new("p1", "c1", "deny homes", null), new("p1", "c2", "permit gp", Now)] });
        Assert.Equal([new("p1", "c1", "deny homes", null), new("p1", "c2", "permit gp", Now)], given.Ask(s => s.Consents("p1")));
        await given.Write(new Change { ConsentIds = ["c1"] });
        Assert.Equal([new("p1", "c2", "permit gp", Now)], given.Ask(s => s.Consents("p1")));
    }

    [Fact]
    public async Task Who_is_past_a_boundary_is_asked_for_by_time()
    {
        await using var given = new Given();
        await given.Write(new Change { Persons = [new("p1", 0, 1, Now), new("p2", 0, 1, Now.AddTicks(1)), new("p3", 0, 1, null)] });
        Assert.Equal("p1", given.Ask(s => s.PersonsPastBoundary(Now)).Single().Key);
    }
}
