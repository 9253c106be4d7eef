namespace FhirCarePlan.Server.Settings;

/// <summary>`Limits:…`: how much of this machine one caller may use, and how long the server waits for slow ones. A caller is a client of
/// an issuer, or an address without a valid token. Work is counted in units that a caller can work out: a request is one, each 16 KB sent
/// or answered is one, each entry of a bundle is one, and five if it writes. Hidden data costs nothing.</summary>
public sealed record LimitSettings
{
    private const int MB = 1 << 20;

    /// <summary>Units that a client gets back each second.</summary>
    public int UnitsPerSecond { get; init; } = 1_000 * Environment.ProcessorCount;
    /// <summary>Units that a client may have saved up.</summary>
    public int Burst { get; init; } = 10_000 * Environment.ProcessorCount;
    /// <summary>The same for an address without a valid token; its burst is ten seconds' worth.</summary>
    public int AnonymousUnitsPerSecond { get; init; } = 100;
    /// <summary>Heavy requests (bundles, searches with includes or large pages, validation of bundles) of one client at a time; 32 times as
    /// many may wait.</summary>
    public int HeavyPerClient { get; init; } = 1;
    /// <summary>Heavy requests at a time; one processor is left for everybody else.</summary>
    public int Heavy { get; init; } = Math.Max(1, Environment.ProcessorCount - 1);
    /// <summary>The longest a heavy request waits for its turn.</summary>
    public int WaitSeconds { get; init; } = 30;
    /// <summary>The largest answer of a search, a history or a bundle.</summary>
    public int AnswerBytes { get; init; } = 32 * MB;
    public int Connections { get; init; } = 2_000;
    public int HeaderSeconds { get; init; } = 15;
    public int KeepAliveSeconds { get; init; } = 120;
    /// <summary>Of a body that comes in, and of an answer that is fetched; slower ones are cut off after five seconds.</summary>
    public int BytesPerSecond { get; init; } = 240;

    /// <summary>How long requests may go on after SIGTERM or Ctrl+C, before they are cut off.</summary>
    public int DrainSeconds { get; init; } = 30;

    internal static LimitSettings Read(SettingsReader read)
    {
        var usual = new LimitSettings();
        int Number(string name, int otherwise, int least = 1) => read.Number($"Limits:{name}", otherwise, least);
        return new()
        {
            UnitsPerSecond = Number(nameof(UnitsPerSecond), usual.UnitsPerSecond),
            Burst = Number(nameof(Burst), usual.Burst),
            AnonymousUnitsPerSecond = Number(nameof(AnonymousUnitsPerSecond), usual.AnonymousUnitsPerSecond),
            HeavyPerClient = Number(nameof(HeavyPerClient), usual.HeavyPerClient),
            Heavy = Number(nameof(Heavy), usual.Heavy),
            WaitSeconds = Number(nameof(WaitSeconds), usual.WaitSeconds),
            AnswerBytes = Number(nameof(AnswerBytes), usual.AnswerBytes, 1_000),
            Connections = Number(nameof(Connections), usual.Connections),
            HeaderSeconds = Number(nameof(HeaderSeconds), usual.HeaderSeconds),
            KeepAliveSeconds = Number(nameof(KeepAliveSeconds), usual.KeepAliveSeconds),
            BytesPerSecond = Number(nameof(BytesPerSecond), usual.BytesPerSecond),
            DrainSeconds = Number(nameof(DrainSeconds), usual.DrainSeconds),
        };
    }
}
