using System.Diagnostics;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>The built folder runs as a user without rights, who may write to one folder of data and to nothing else: no home, no folder for
/// temporary files, nothing beside the binaries.</summary>
public sealed class LockedDownTests
{
    [OptionalFact("setpriv")]
    public async Task It_runs_where_only_its_data_folder_can_be_written()
    {
        if (!Environment.IsPrivilegedProcess) return;
        var root = Directory.CreateTempSubdirectory("fcp-locked-").FullName;
        try
        {
            var data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
            Process.Start("chmod", ["755", root]).WaitForExit();
            Process.Start("chown", ["nobody", data]).WaitForExit();
            await using var server = await ServerProcess.Start(new Dictionary<string, string>
            {
                ["Storage:Engine"] = "Sqlite", ["Storage:ConnectionString"] = $"Data Source={Path.Combine(data, "x.db")}",
            }, data, through: ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--no-new-privs", "--bounding-set=-all",
                "env", "HOME=/nowhere", "TMPDIR=/nowhere", "DOTNET_EnableDiagnostics=0"]);
            var client = await server.As("care-coordinator");
            Assert.Equal(200, (await client.Send("GET", "CarePlan/robin-plan")).Status);
            Assert.Equal(201, (await client.Send("POST", "Goal", "{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/robin\"}}"u8.ToArray())).Status);
            Assert.Equal(200, (int)(await server.Anonymous.GetAsync("swagger/index.html")).StatusCode);
            server.Terminate();
            Assert.Equal(0, await server.Ended());
            Assert.All(Directory.GetFiles(data), file => Assert.Matches("^(x\\.db(-wal|-shm|-ledger|-open)?|ledger\\.key)$", Path.GetFileName(file)));
        }
        finally
        {
            Directory.Delete(root, true);
        }
    }
}
