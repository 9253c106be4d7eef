using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.Settings;

public sealed class PlacesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("fcp-places-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Make(string path)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, "");
        return full;
    }

    private Places From(string current, string binaries)
    {
        foreach (var folder in (string[])[current, binaries]) Directory.CreateDirectory(Path.Combine(root, folder));
        return Places.From(Path.Combine(root, current), Path.Combine(root, binaries) + Path.DirectorySeparatorChar);
    }

    [Fact]
    public void A_relative_path_is_tried_here_then_in_the_repository_above_then_beside_the_binaries()
    {
        Make("repo/FhirCarePlan.sln");
        var (here, above, beside) = (Make("repo/src/app/a.yaml"), Make("repo/a.yaml"), Make("bin/a.yaml"));
        var places = From("repo/src/app", "bin");
        Assert.Equal(here, places.Find("a.yaml"));
        File.Delete(here);
        Assert.Equal(above, places.Find("a.yaml"));
        File.Delete(above);
        Assert.Equal(beside, places.Find("a.yaml"));
        File.Delete(beside);
        Assert.Null(places.Find("a.yaml"));
    }

    [Fact]
    public void A_full_path_is_itself_and_a_folder_is_found_too()
    {
        var file = Make("elsewhere/protocols/a.yaml");
        var places = From("here", "bin");
        Assert.Equal(file, places.Find(file));
        Assert.Equal(Path.GetDirectoryName(file), places.Find(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void Data_lie_at_the_root_of_the_repository_started_in_or_built_in_else_beside_the_binaries()
    {
        Assert.Equal(Path.Combine(root, "bin", "data"), From("here", "bin").Data);
        Make("built/FhirCarePlan.sln");
        Assert.Equal(Path.Combine(root, "built", "data"), From("here", "built/src/bin").Data);
        Make("repo/FhirCarePlan.sln");
        Assert.Equal(Path.Combine(root, "repo", "data"), From("repo/src", "built/src/bin").Data);
    }

    [Fact]
    public void A_new_file_goes_where_its_folder_exists()
    {
        Make("repo/FhirCarePlan.sln");
        Make("repo/data/other.db");
        var places = From("repo/src", "bin");
        Assert.Equal(Path.Combine(root, "repo/data/x.db"), places.FindOrPlace("data/x.db"));
        Assert.Equal(Path.Combine(root, "repo/src/nowhere/x.db"), places.FindOrPlace("nowhere/x.db"));
    }
}
