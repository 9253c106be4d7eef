using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Reading;

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
        Assert.Equal("a", Assert.Single(given.Ask(s => s.LinksOfNumber(hash))).PatientId);
        Assert.Empty(given.Ask(s => s.LinksOfNumber([1, 2])));
        Assert.Equal(["p1", "p2"], given.Ask(s => s.Persons(null, 5)).Select(p => p.Key));
        Assert.Equal(["p2"], given.Ask(s => s.Persons("p1", 5)).Select(p => p.Key));
        Assert.Equal(["a", "b"], given.Ask(s => s.PatientsOfPerson("p1")));
    }

    [Fact]
    public async Task A_patient_moves_to_another_person_with_its_number()
    {
        await using var given = new Given();
        byte[] hash = [1];
        await given.Write(new Change { Persons = [new("p1", 0, 1, null), new("p2", 0, 1, null)], Patients = [new("a", "p1", hash)] });
        await given.Write(new Change { Patients = [new("a", "p2", hash)] });
        Assert.Equal("p2", Assert.Single(given.Ask(s => s.LinksOfNumber(hash))).Person);
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
        Assert.Equal("p1", Assert.Single(given.Ask(s => s.LinksOfNumber(stated))).Person);

        await given.Write(new Change { Patients = [new("b", "p2", verified)] });
        Assert.Empty(given.Ask(s => s.LinksStating(stated)));
    }

    [Fact]
    public async Task Relationships_are_replaced_by_their_cause()
    {
        await using var given = new Given();
        await given.Person("p1");
        var team = new Relationship("p1", "gp", 4, null, Now.AddDays(-1), Now.AddDays(1), "CareTeam/t", "trust");
        var carer = new Relationship("p1", "homes", 8, "PractitionerRole/x", Now.AddDays(-1), null, "CareTeam/t", "trust");
        var referral = new Relationship("p1", "homes", 16, null, Now.AddDays(-1), null, "Task/s", "gp", "Task/asked");
        await given.Write(new Change { RelationshipCauses = ["CareTeam/t", "Task/s"], Relationships = [team, carer, referral] });
        Assert.Equivalent(new[] { team, carer, referral }, given.Ask(s => s.Relationships("p1")), strict: true);
        Assert.Equivalent(new[] { team, carer }, given.Ask(s => s.RelationshipsByCause("CareTeam/t")), strict: true);

        await given.Write(new Change { RelationshipCauses = ["CareTeam/t"], Relationships = [team with { To = null }] });
        Assert.Equivalent(new[] { team with { To = null }, referral }, given.Ask(s => s.Relationships("p1")), strict: true);
        await given.Write(new Change { RelationshipCauses = ["CareTeam/t"] });
        Assert.Equal([referral], given.Ask(s => s.Relationships("p1")));
    }

    [Fact]
    public async Task Backings_are_replaced_by_their_person()
    {
        await using var given = new Given();
        await given.Person("p1", 0, Related("p1", "gp", 12),
            Related("p1", "homes", 4, actor: "RelatedPerson/x", to: Now, regard: "Task/t"));
        await given.Person("p2", 0, Related("p2", "gp", 4));
        Assert.Equal([Related("p1", "gp", 4), Related("p1", "gp", 8),
            Related("p1", "homes", 4, actor: "RelatedPerson/x", to: Now, regard: "Task/t")], given.Ask(s => s.Backings("p1")));
        await given.Write(new Change { BackedPersons = ["p1"], Backings = [Related("p1", "gp", 4, regard: "trust")] });
        Assert.Equal([Related("p1", "gp", 4, regard: "trust")], given.Ask(s => s.Backings("p1")));
        Assert.Equal([Related("p2", "gp", 4)], given.Ask(s => s.Backings("p2")));
    }

    [Fact]
    public async Task Several_persons_may_have_one_number()
    {
        await using var given = new Given();
        await given.Write(new Change
        {
            Persons = [new("p1", 0, 1, null), new("p2", 0, 1, null)],
            Patients = [new("a", "p1", [7]) { Holder = "gp" }, new("b", "p2", [7]) { Holder = "trust", IsConfirmed = true }]
        });
        Assert.Equal([("a", "p1", "gp", false), ("b", "p2", "trust", true)], given.Ask(s => s.LinksOfNumber([7]))
            .Select(l => (l.PatientId, l.Person, l.Holder, l.IsConfirmed)));
    }

    [Fact]
    public async Task Consents_are_replaced_by_their_id()
    {
        await using var given = new Given();
        await given.Person("p1");
        await given.Write(new Change
        {
            ConsentIds = ["c1", "c2"],
            Consents = [new("p1", "c1", "deny homes", null), new("p1", "c2", "permit gp", Now)]
        });
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
