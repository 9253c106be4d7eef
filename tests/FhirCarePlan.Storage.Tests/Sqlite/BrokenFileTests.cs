using FhirCarePlan.Storage.Sqlite;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite;

/// <summary>Files that were taken away from a store, and files that are none to work on.</summary>
public class BrokenFileTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-wal")]
    [InlineData("-shm")]
    public async Task What_would_be_written_into_a_file_that_is_gone_is_not_acknowledged(string ending)
    {
        await using var given = new Given();
        await given.Put("Task/a");
        Assert.Equal(CommitResult.Done, await given.Commit(new Change(), Audit("before")));
        File.Move(given.File + ending, given.File + ".away");
        Assert.Equal(CommitResult.Unavailable, await given.Commit(new Change { Versions = [given.Version("Task/lost")] }));
        Assert.Equal(CommitResult.Unavailable, await given.Commit(new Change(), Audit("lost")));
        Assert.Throws<IOException>(() => given.Store.SetSetting("x", "y"));
        // Another file in its place is not it.
        File.Copy(given.File + ".away", given.File + ending);
        Assert.Equal(CommitResult.Unavailable, await given.Commit(new Change(), Audit("lost")));
        // Put back, the store goes on.
        File.Move(given.File + ".away", given.File + ending, overwrite: true);
        Assert.Equal(CommitResult.Done, await given.Commit(new Change(), Audit("after")));
        await given.Reopen();
        Assert.Equal(["before", "after"], given.AllAudit.Select(e => e.Id).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal("a", given.Ids(new Fhir.Search.SearchQuery("Task")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-ledger")]
    public async Task Nor_are_rows_beside_a_database_that_is_gone(string ending)
    {
        await using var given = new Given();
        using var begun = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var large = new Change { Versions = [.. Enumerable.Range(0, 60).Select(n => given.Version($"Task/large{n}"))] };
        var busy = Task.Run(() => given.Store.Suppose(large, _ =>
        {
            begun.Set();
            end.Wait();
        }));
        begun.Wait();
        Assert.Equal(CommitResult.Done, await given.Commit(new Change(), Audit("kept")));
        File.Move(given.File + ending, given.File + ".away");
        var lost = given.Commit(new Change(), Audit("lost"));
        await Task.Delay(100);
        Assert.False(lost.IsCompleted);
        end.Set();
        await busy;
        // Where the file beside it is gone, the row waited for the database, and is in it.
        Assert.Equal(ending == "" ? CommitResult.Unavailable : CommitResult.Done, await lost.WaitAsync(TimeSpan.FromMinutes(1)));
        File.Move(given.File + ".away", given.File + ending, overwrite: true);
    }

    [Theory]
    [InlineData("no database at all", "is not an SQLite database")]
    [InlineData("cut", "is damaged")]
    [InlineData("page", "is damaged")]
    public async Task A_file_that_is_none_to_work_on_is_said_in_a_sentence(string how, string why)
    {
        await using var given = new Given();
        for (var n = 0; n < 50; n++) await given.Put($"Task/{n}");
        await given.Store.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(given.File);
        if (how == "cut") bytes = bytes[..(2 * 8192)];
        else if (how == "page") bytes.AsSpan(100, 8000).Fill(0xEE);
        else bytes = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(how, 1000)));
        await File.WriteAllBytesAsync(given.File, bytes);
        Assert.Contains(why, Assert.Throws<StoreRefusedException>(() => given.Open()).Message);
        // Nothing was made of it.
        Assert.Equal(bytes, await File.ReadAllBytesAsync(given.File));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_in_a_sentence() => Assert.Contains("cannot be opened", Assert.Throws<StoreRefusedException>(() =>
        new SqliteStore($"Data Source={Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString(), "x.db")}", Secret)).Message);
}
