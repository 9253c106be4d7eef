using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A machine that fails under the server, or that is none to start on: one sentence, or 503 and back again without a restart.</summary>
public sealed class BrokenMachineTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-broken-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    private Dictionary<string, string> OnFile(string file = "x.db", params (string, string)[] more) =>
        new([new("Storage:Engine", "Sqlite"), new("Storage:ConnectionString", $"Data Source={Path.Combine(folder, file)}"), new("urls", ServerProcess.AnyPort),
            .. more.Select(m => new KeyValuePair<string, string>(m.Item1, m.Item2))]);

    private static byte[] Goal(string text) => Encoding.UTF8.GetBytes($$$"""
        {"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"{{{text}}}"},"subject":{"reference":"Patient/robin"}}
        """);

    [Theory]
    [InlineData("damaged", "is not an SQLite database, or its beginning is damaged")]
    [InlineData("full", "free where the database is; there must be 2000000000")]
    [InlineData("key", "was begun with another key")]
    public async Task It_says_in_a_sentence_why_it_does_not_start(string how, string why)
    {
        var settings = OnFile();
        if (how == "damaged") await File.WriteAllTextAsync(Path.Combine(folder, "x.db"), new string('x', 10_000));
        if (how == "full") settings["Storage:LeastFreeMegabytes"] = "2000000000";
        if (how == "key")
        {
            await (await ServerProcess.Start(settings, folder)).DisposeAsync();
            settings["Ledger:Key"] = Convert.ToBase64String(new byte[32]);
        }
        AssertSays(why, await ServerProcess.RunToEnd(settings, "Development"));
    }

    /// <summary>As a user who has no right to write there.</summary>
    [OptionalFact("setpriv")]
    public async Task Nor_does_it_start_on_a_file_that_it_cannot_write()
    {
        await (await ServerProcess.Start(OnFile(), folder)).DisposeAsync();
        Process.Start("chmod", ["-R", "a+rX,a-w", folder]).WaitForExit();
        AssertSays("cannot be", await ServerProcess.RunToEnd(OnFile("x.db", ("Ledger:Key", Convert.ToBase64String(new byte[32]))), "Development", "/", NobodyElse));
        Process.Start("chmod", ["-R", "u+w", folder]).WaitForExit();
    }

    private static string[] NobodyElse => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"] : [];

    [Fact]
    public async Task Nor_beside_a_process_that_works_under_another_agreement()
    {
        await using var server = await ServerProcess.Start(OnFile(), folder);
        AssertSays("under another agreement", await ServerProcess.RunToEnd(OnFile("x.db", ("Sharing:Protocols", "profiles/sharing/single-organisation.yaml")), "Development"));
        Assert.Equal(200, (await (await server.As("care-coordinator")).Send("GET", "CarePlan/robin-plan")).Status);
    }

    private static void AssertSays(string why, (int ExitCode, string Output, string Error) ended)
    {
        Assert.True(ended.ExitCode == 1, ended.Output + ended.Error);
        var line = Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("FhirCarePlan does not start: ", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_file_that_is_gone_is_503_until_it_is_back()
    {
        await using var server = await ServerProcess.Start(OnFile(), folder);
        var client = await server.As("care-coordinator");
        var (file, away) = (Path.Combine(folder, "x.db"), Path.Combine(folder, "away"));
        File.Move(file, away);
        foreach (var (method, url, body) in ((string, string, byte[]?)[])[("GET", "CarePlan/robin-plan", null), ("POST", "Goal", Goal("lost")), ("GET", "Goal?patient=Patient/robin", null)])
        {
            var reply = await client.Send(method, url, body);
            Assert.Equal((503, true), (reply.Status, reply.Header("Retry-After") != null));
        }
        File.Move(away, file);
        Assert.Equal(200, (await client.Send("GET", "CarePlan/robin-plan")).Status);
        Assert.Equal(201, (await client.Send("POST", "Goal", Goal("kept"))).Status);
    }

    /// <summary>A file system of a few megabytes, for which this needs the right to mount.</summary>
    [Fact]
    public async Task A_full_disk_is_503_and_what_was_acknowledged_is_there()
    {
        var disk = Path.Combine(folder, "disk");
        Directory.CreateDirectory(disk);
        if (Mount("-t", "tmpfs", "-o", "size=48m", "tmpfs", disk) != 0) throw new InvalidOperationException("$XunitDynamicSkip$Not run: this user may not mount a file system");
        try
        {
            await using var server = await ServerProcess.Start(OnFile("disk/x.db", ("Storage:LeastFreeMegabytes", "1"), ("Ledger:Key", Convert.ToBase64String(new byte[32]))), folder);
            var client = await server.As("care-coordinator");
            var made = new List<string>();
            Reply reply;
            do
            {
                reply = await client.Send("POST", "Goal", Goal(new string('x', 200_000)));
                if (reply.Status == 201) made.Add((string)reply.Json["id"]!);
            }
            while (reply.Status == 201 && made.Count < 1_000);
            Assert.Equal((503, true), (reply.Status, reply.Header("Retry-After") != null));
            Assert.Contains("nothing was changed", reply.Said, StringComparison.Ordinal);
            Assert.Equal(0, Mount("-o", "remount,size=200m", disk));
            foreach (var id in made) Assert.Equal(200, (await client.Send("GET", $"Goal/{id}")).Status);
            Assert.Equal(201, (await client.Send("POST", "Goal", Goal("after"))).Status);
        }
        finally
        {
            Process.Start("umount", ["-l", disk]).WaitForExit();
        }
    }

    private static int Mount(params string[] arguments)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        mount.WaitForExit();
        return mount.ExitCode;
    }

    [OptionalFact("prlimit")]
    public async Task Without_file_descriptors_it_answers_fewer_and_goes_on()
    {
        await using var server = await ServerProcess.Start(OnFile(), folder, through: ["prlimit", "--nofile=400:400"]);
        var client = await server.As("care-coordinator");
        Assert.Equal(200, (await client.Send("GET", "CarePlan/robin-plan")).Status);
        var connections = new List<TcpClient>();
        try
        {
            for (var n = 0; n < 600; n++)
            {
                var connection = new TcpClient();
                await connection.ConnectAsync(server.Address.Host, server.Address.Port);
                connections.Add(connection);
            }
            // Whoever is connected already is answered.
            for (var n = 0; n < 20; n++) Assert.Contains((await client.Send("GET", "CarePlan/robin-plan")).Status, (int[])[200, 503]);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
        Assert.True(server.IsRunning, server.Output);
        for (var tries = 0; await StatusOf(client) != 201; tries++)
        {
            Assert.True(tries < 100, server.Output);
            await Task.Delay(100);
        }
    }

    /// <summary>0 for a connection that is closed because there are too many.</summary>
    private static async Task<int> StatusOf(HttpClient client)
    {
        try
        {
            return (await client.Send("POST", "Goal", Goal("after"))).Status;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    [Fact]
    public async Task SIGTERM_lets_requests_end_and_then_ends()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var server = await ServerProcess.Start(OnFile("x.db", ("Limits:DrainSeconds", "20")), folder);
        var token = await server.Token("care-coordinator");
        using var slow = await Half(server, token, Goal("slow"));
        server.Terminate();
        await Task.Delay(300);
        await slow.GetStream().WriteAsync(Goal("slow").AsMemory(20));
        using var reader = new StreamReader(slow.GetStream());
        Assert.StartsWith("HTTP/1.1 201", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await server.Ended());
    }

    [Fact]
    public async Task SIGTERM_does_not_wait_for_ever()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var server = await ServerProcess.Start(OnFile("x.db", ("Limits:DrainSeconds", "1"), ("Limits:BytesPerSecond", "1")), folder);
        using var never = await Half(server, await server.Token("care-coordinator"), Goal("never"));
        server.Terminate();
        Assert.Equal(0, await server.Ended());
    }

    /// <summary>A request whose body has begun.</summary>
    private static async Task<TcpClient> Half(ServerProcess server, string token, byte[] body)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /fhir/Goal HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Type: application/fhir+json\r\nContent-Length: {body.Length}\r\n\r\n"));
        await client.GetStream().WriteAsync(body.AsMemory(0, 20));
        await Task.Delay(300);
        return client;
    }
}
