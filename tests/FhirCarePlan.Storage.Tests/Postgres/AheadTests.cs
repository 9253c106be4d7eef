using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Postgres;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Postgres;

/// <summary>What is expected to be asked comes with the trip that opens the snapshot, and says what the questions would have said.</summary>
public sealed class AheadTests
{
    public AheadTests() => OnPostgres.Choose();

    [PostgresFact]
    public async Task A_read_is_one_trip_for_what_decides_and_one_for_content_in_view()
    {
        await using var given = await Filled();
        var trips = Count(given, new Expected(("Task", "1"), [], false), snapshot =>
        {
            var (head, isIt) = snapshot.Head("Task", "1")!.Value;
            Assert.True(isIt);
            _ = (snapshot.FindPerson(head.Person!), snapshot.Backings(head.Person!), snapshot.PatientsOfPerson(head.Person!));
        });
        Assert.Equal(1, trips);
        Assert.Equal(2, Count(given, new Expected(("Task", "1"), [], false), snapshot => Assert.Equal("1", snapshot.Find("Task", "1")!.Id)));
    }

    [PostgresFact]
    public async Task A_hundred_references_are_no_more_than_one()
    {
        await using var given = await Filled();
        var references = Enumerable.Range(0, 100).Select(n => ("Task", $"{n}")).ToList();
        Assert.Equal(1, Count(given, new Expected(null, references, true), snapshot =>
        {
            foreach (var (type, id) in references)
            {
                var found = snapshot.Find(type, id);
                Assert.Equal(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture) < 40, found != null);
                Assert.Equal(found?.RootMask, snapshot.RootMask(type, id));
                if (found?.Person is { } person) _ = (snapshot.FindPerson(person), snapshot.Relationships(person), snapshot.Backings(person));
            }
        }));
    }

    /// <summary>There, absent between others, absent behind all others, deleted: the answers do not change, and hidden costs what absent costs.</summary>
    [PostgresFact]
    public async Task Every_answer_is_the_one_that_the_question_gives()
    {
        await using var given = await Filled();
        foreach (var id in (string[])["1", "25", "zz", "gone", "!"])
            foreach (var withRelationships in (bool[])[false, true])
            {
                var all = new List<(string, string)> { ("Task", "3"), ("Task", "none"), ("Task", "gone"), ("Task", "3") };
                using var plain = given.Store.Read();
                using var ahead = given.Store.Read(default, new Expected(("Task", id), all, withRelationships));
                Assert.Equal(Text(plain.Head("Task", id)), Text(ahead.Head("Task", id)));
                Assert.Equal(Text(plain.Head("Task", "7")), Text(ahead.Head("Task", "7")));
                foreach (var (type, one) in all.Append(("Task", id)))
                {
                    Assert.Equal(plain.Find(type, one)?.VersionId, ahead.Find(type, one)?.VersionId);
                    Assert.Equal(plain.Find(type, one)?.Body, ahead.Find(type, one)?.Body);
                    Assert.Equal(plain.RootMask(type, one), ahead.RootMask(type, one));
                }
                foreach (var person in (string[])["p0", "p1", "p2", "nobody"])
                {
                    Assert.Equal(plain.FindPerson(person), ahead.FindPerson(person));
                    Assert.Equal(plain.Backings(person), ahead.Backings(person));
                    Assert.Equal(plain.PatientsOfPerson(person), ahead.PatientsOfPerson(person));
                    Assert.Equal(plain.Relationships(person), ahead.Relationships(person));
                }
                foreach (var patient in (string[])["a0", "b1", "a2", "x"]) Assert.Equal(plain.PersonOfPatient(patient), ahead.PersonOfPatient(patient));
            }
        Assert.Equal(Count(given, new Expected(("Task", "1"), [], false), s => s.Head("Task", "1")), Count(given, new Expected(("Task", "zz"), [], false), s => s.Head("Task", "zz")));
    }

    [PostgresFact]
    public async Task A_page_of_hits_is_read_twenty_at_a_time()
    {
        await using var given = await Filled();
        var few = Count(given, null, snapshot => Assert.Equal(2, snapshot.Search(new SearchQuery("Goal") { Count = 2 }, Own(3)).Hits.Count(hit => hit.Version.Body.Length > 0)));
        var many = Count(given, null, snapshot => Assert.Equal(40, snapshot.Search(new SearchQuery("Goal") { Count = 100 }, Own(3)).Hits.Count(hit => hit.Version.Body.Length > 0)));
        Assert.Equal(few + 1, many);
    }

    /// <summary>Each hit under the version that its caller sees, in slices as one by one.</summary>
    [PostgresFact]
    public async Task A_hit_in_a_slice_has_the_version_that_its_caller_sees()
    {
        await using var given = await Filled();
        // Changes that are hidden from the caller.
        for (var n = 0; n < 40; n += 3) await given.Put($"Goal/{n}", changes: [4]);
        await given.Put("Goal/new", changes: [4]);
        using var snapshot = given.Store.Read();
        foreach (var mask in (long[])[1, 3, 7])
        {
            var hits = snapshot.Search(new SearchQuery("Goal") { Count = 100 }, Own(mask)).Hits.ToList();
            Assert.Equal(41, hits.Count);
            foreach (var hit in hits)
                Assert.Equal(snapshot.VisibleVersion("Goal", hit.Version.Id, mask), new VersionStamp(hit.Version.VersionId, hit.Version.LastUpdated));
        }
    }

    private static string Text((StoredVersion Head, bool IsIt)? found) =>
        found is var (head, isIt) ? $"{head.Type}/{head.Id} {head.VersionId} {head.Holder} {head.Person} {head.RootMask} {head.IsDeleted} {isIt}" : "none";

    private static async Task<Given> Filled()
    {
        var given = new Given();
        for (var n = 0; n < 3; n++)
        {
            await given.Person($"p{n}", 0, Related($"p{n}", "trust", 1), Related($"p{n}", "council", 2, "PractitionerRole/x"));
            await given.Write(new Change { Patients = [new($"a{n}", $"p{n}", null), new($"b{n}", $"p{n}", null)] });
        }
        for (var n = 0; n < 40; n++) await given.Put($"Task/{n}", person: $"p{n % 3}");
        for (var n = 0; n < 40; n++) await given.Put($"Goal/{n}");
        await given.Put("Task/gone");
        await given.Put("Task/gone", isDeleted: true);
        return given;
    }

    private static long Count(Given given, Expected? expected, Action<ISnapshot> ask)
    {
        var trips = ((PostgresStore)given.Store).Trips;
        // What a new session asks once is not a question of the request.
        using (given.Store.Read()) { }
        var before = trips.Count;
        using var snapshot = given.Store.Read(default, expected);
        ask(snapshot);
        return trips.Count - before;
    }
}
