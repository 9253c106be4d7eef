using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Checking;

namespace FhirCarePlan.Storage.Tests.Writing;

/// <summary>Nothing of an erased person stays but empty rows that the ledger names; everybody else's record is as it was.</summary>
public class PersonErasureTests
{
    private static readonly SearchParameter Code = Given.Parameter("Task", "code", SearchType.Token), Subject = Given.Parameter("Goal", "subject", SearchType.Reference),
        Content = Given.Parameter("Task", "_content", SearchType.Special);

    [Fact]
    public async Task Contents_versions_index_rows_links_ties_and_consents_go()
    {
        await using var given = new Given();
        await Fill(given, "gone");
        await Fill(given, "other");
        var before = Told(given, "other");

        var old = given.Ask(s => s.History("Task", "gone"))[^1].VersionId;

        Assert.Equal(CommitResult.Done, await given.Commit(Erasing(given, "gone"), Given.Audit("e", "Patient/gone")));

        Assert.Empty(given.Ask(s => s.OfPerson("gone")));
        Assert.Empty(given.Ask(s => s.PatientsOfPerson("gone")));
        Assert.Empty(given.Ask(s => s.Relationships("gone")));
        Assert.Empty(given.Ask(s => s.Backings("gone")));
        Assert.Empty(given.Ask(s => s.Consents("gone")));
        Assert.Empty(given.Ask(s => s.LinksStating([7, .. "gone"u8])));
        var history = given.Ask(s => s.History("Task", "gone"));
        Assert.True(Assert.Single(history).IsDeleted);
        Assert.Empty(history[0].Body);
        Assert.Null(history[0].Person);
        Assert.Null(given.Ask(s => s.FindVersion("Task", "gone", old)));
        Assert.DoesNotContain(("Goal", "gone"), given.Ask(s => s.Referrers("Patient", "gone")));
        Assert.Equal(0, Count(given, "SELECT count(*) FROM index_token x JOIN resource r ON r.key = x.resource WHERE r.id = 'gone'"));
        Assert.Equal(0, Count(given, "SELECT count(*) FROM index_reference x JOIN resource r ON r.key = x.resource WHERE r.id = 'gone'"));

        Assert.Equal(0, Count(given, "SELECT count(*) FROM index_words x JOIN resource r ON r.key = x.resource WHERE r.id = 'gone'"));
        Assert.Equal(0, Count(given, "SELECT count(*) FROM index_words WHERE words LIKE '%saidgone%'"));
        Assert.Equal(1, Count(given, "SELECT count(*) FROM index_words WHERE words LIKE '%saidother%'"));

        Assert.Equal(before, Told(given, "other"));
        var findings = new Findings();
        await using (var reading = given.ConnectionString.StartsWith("Data", StringComparison.Ordinal)
            ? ReadingStore.OfFile(given.ConnectionString, Given.Secret) : ReadingStore.OfPostgres(given.ConnectionString, Given.Secret)) reading.Check(findings);
        // The test's own bodies are none of FHIR.
        Assert.DoesNotContain(findings.All, finding => !finding.What.Contains("does not parse", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_came_meanwhile_makes_it_stale_and_nothing_goes()
    {
        await using var given = new Given();
        await Fill(given, "gone");
        var erasing = Erasing(given, "gone");
        await given.Put("Task/new", person: "gone");
        Assert.Equal(CommitResult.Stale, await given.Commit(erasing));
        Assert.Equal(2, given.Ask(s => s.History("Task", "gone")).Count);
        Assert.Single(given.Ask(s => s.Relationships("gone")));

        Assert.Equal(CommitResult.Done, await given.Commit(Erasing(given, "gone")));
        Assert.Empty(given.Ask(s => s.OfPerson("gone")));
    }

    [Fact]
    public async Task Somebody_who_is_not_stored_cannot_be_erased()
    {
        await using var given = new Given();
        Assert.Equal(CommitResult.Stale, await given.Commit(new Change { ErasedPersons = ["nobody"] }));
    }

    private static async Task Fill(Given given, string key)
    {
        await given.Person(key, 0, Given.Related(key, "trust", 4));
        await given.Put($"Patient/{key}", person: key);
        await given.Put($"Task/{key}", [Given.Token(Code, "s", "first")], person: key);
        await given.Put($"Task/{key}", [Given.Token(Code, "s", "second"), new(new IndexEntry(Content, SearchType.Special, 0) { Text = $"said{key} low" }, 1)], person: key);
        await given.Put($"Goal/{key}", [Given.Reference(Subject, "Patient", key)], person: key);
        await given.Put($"Consent/{key}", person: key, isDeleted: true);
        await given.Write(new Change
        {
            Patients = [new PatientLink(key, key, null, [[7, .. System.Text.Encoding.UTF8.GetBytes(key)]])],
            RelationshipCauses = [$"CareTeam/{key}"],
            Relationships = [new Relationship(key, "trust", 4, null, Given.Now, null, $"Task/{key}")],
            ConsentIds = [key],
            Consents = [new ConsentRow(key, key, "facts", null)],
        });
    }

    private static Change Erasing(Given given, string key) => new()
    {
        Versions =
        [
            .. given.Ask(s => s.OfPerson(key)).Select((current, n) => new VersionToWrite(current with
            {
                VersionId = $"erased-{n}-{current.Id}", Body = [], Labels = [], IsDeleted = true, Method = "DELETE",
            }, []) { Replaces = current.VersionId }),
        ],
        ErasedPersons = [key],
    };

    /// <summary>All that the store says about somebody.</summary>
    private static string Told(Given given, string key) => given.Ask(s => string.Join('\n',
        s.OfPerson(key).Select(v => $"{v.Type} {v.VersionId} {v.IsDeleted}").Concat(s.History("Task", key).Select(v => v.VersionId))
            .Concat(s.Relationships(key).Select(r => r.Cause)).Concat(s.Backings(key).Select(b => b.Regard)).Concat(s.Consents(key).Select(c => c.Facts))
            .Concat(s.PatientsOfPerson(key)).Concat(s.Referrers("Patient", key).Select(r => $"{r.Type}/{r.Id}"))));

    private static long Count(Given given, string sql)
    {
        using var connection = given.Connect();
        using var row = connection.Use(sql);
        row.Step();
        return row.Int64(0);
    }
}
