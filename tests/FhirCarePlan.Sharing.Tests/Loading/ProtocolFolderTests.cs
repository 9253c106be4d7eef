namespace FhirCarePlan.Sharing.Tests.Loading;

/// <summary>One process enforces exactly one protocol.</summary>
public sealed class ProtocolFolderTests : IDisposable
{
    private static readonly DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("protocols").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Write(string name, string text, bool signed = true)
    {
        File.WriteAllText(Path.Combine(folder, name + ".yaml"), text);
        if (!signed) return;
        var hash = ProtocolFile.HashOf(File.ReadAllBytes(Path.Combine(folder, name + ".yaml")));
        File.WriteAllText(Path.Combine(folder, name + ".signatures.yaml"),
            $"signatures:\n  - {{ party: alder, name: N, role: R, on: 2020-01-01, hash: {hash} }}\n  - {{ party: beech, name: N, role: R, on: 2020-01-01, hash: {hash} }}\n");
    }

    [Fact]
    public void The_only_one_in_force_is_taken()
    {
        Write("old", ProtocolFileTests.Small.Replace("status: active", "status: superseded"));
        Write("new", ProtocolFileTests.Small);
        var found = ProtocolFolder.Load(folder, now);
        Assert.Equal("small", found.Protocol?.Id);
        Assert.EndsWith("new.yaml", found.Path);
    }

    [Fact]
    public void Two_in_force_are_a_refusal_that_names_them()
    {
        Write("one", ProtocolFileTests.Small);
        Write("two", ProtocolFileTests.Small);
        var found = ProtocolFolder.Load(folder, now);
        Assert.Null(found.Protocol);
        Assert.Contains(found.Issues, i => i.Check == "two-protocols" && i.Text.Contains("`one.yaml`") && i.Text.Contains("`two.yaml`"));
    }

    [Fact]
    public void None_in_force_is_a_refusal()
    {
        Write("unsigned", ProtocolFileTests.Small, signed: false);
        Assert.Contains(ProtocolFolder.Load(folder, now).Issues, i => i.Check == "no-protocol");
        Assert.Contains(ProtocolFolder.Load(Path.Combine(folder, "nowhere"), now).Issues, i => i.Check == "file");
    }

    [Fact]
    public void A_file_that_cannot_be_read_might_be_the_one_so_no_other_is_taken()
    {
        Write("good", ProtocolFileTests.Small);
        Write("torn", "protocol: [", signed: false);
        Assert.Null(ProtocolFolder.Load(folder, now).Protocol);
    }

    [Fact]
    public void A_file_with_errors_is_not_enforced()
    {
        Write("bad", ProtocolFileTests.Small.Replace("gdpr9: 9(2)(h), ", ""));
        var found = ProtocolFolder.Load(Path.Combine(folder, "bad.yaml"), now);
        Assert.Null(found.Protocol);
        Assert.Contains(found.Issues, i => i.Check == "no-article-9");
    }

    [Fact]
    public void A_file_named_itself_is_taken_even_when_it_has_lapsed_so_that_home_goes_on()
    {
        Write("one", ProtocolFileTests.Small);
        Assert.NotNull(ProtocolFolder.Load(Path.Combine(folder, "one.yaml"), now.AddYears(200)).Protocol);
    }
}
