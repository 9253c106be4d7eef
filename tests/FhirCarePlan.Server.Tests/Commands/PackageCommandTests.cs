using FhirCarePlan.Server.Tests.Guide;

namespace FhirCarePlan.Server.Tests.Commands;

public sealed class PackageCommandTests(SampleServer server) : IClassFixture<SampleServer>
{
    [Fact]
    public async Task Writes_the_bytes_that_the_server_gives()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("package-").FullName, "cpa.tgz");
        var run = await Shell.Run("", "package", file);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(await server.Process.Anonymous.GetByteArrayAsync("profiles/cpa.tgz"), await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task Refuses_a_folder_that_is_not_there()
    {
        var run = await Shell.Run("", "package", "/no/such/folder/cpa.tgz");
        Assert.Equal((2, "No such folder: /no/such/folder\n"), (run.ExitCode, run.Error));
    }
}
