using System.Security.Cryptography;
using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Server.Settings;

/// <summary>`Ledger:Key` (base64) or `Ledger:KeyFile`: the secret of the ledger, kept outside the database. In Development the first start
/// makes a file `ledger.key` beside the database.</summary>
public sealed record LedgerSettings
{
    private const string FileName = "ledger.key", Shape = "at least 32 random bytes in base64";

    public string? Given { get; private init; }
    public string? File { get; private init; }
    public bool MakesFile { get; private init; }
    /// <summary>`Ledger:KeepDays`: older events are erased; 0 keeps them for ever.</summary>
    public int KeepDays { get; private init; }

    internal static LedgerSettings Read(SettingsReader read, StorageSettings storage) =>
        ReadKey(read, storage) with { KeepDays = read.Number("Ledger:KeepDays", 0, 0) };

    private static LedgerSettings ReadKey(SettingsReader read, StorageSettings storage)
    {
        var (key, file) = (read.Text("Ledger:Key"), read.Text("Ledger:KeyFile"));
        if (key is { } given)
        {
            if (KeyOf(given) is null) read.Fault($"Setting Ledger:Key must be {Shape}");
            return new LedgerSettings { Given = given };
        }
        if (file is not null) return new LedgerSettings { File = read.Existing("Ledger:KeyFile") };
        if (!read.IsDevelopment)
            read.Fault("Setting Ledger:KeyFile is missing: the file of the ledger's key, kept apart from the database");
        var folder = storage.Engine == StorageEngine.Postgres ? read.Places.Data : storage.Folder;
        return new LedgerSettings { File = folder is null ? null : Path.Combine(folder, FileName), MakesFile = true };
    }

    /// <exception cref="StartRefused">The file cannot be read or made, or holds no key.</exception>
    public LedgerKey Load(bool mayMake = true)
    {
        if (Given is not null) return KeyOf(Given) ?? throw new StartRefused($"Setting Ledger:Key must be {Shape}");
        // A database in memory goes with the process, and so may its key.
        if (File is null) return new LedgerKey(RandomNumberGenerator.GetBytes(LedgerKey.Length));
        try
        {
            if (mayMake && MakesFile && !System.IO.File.Exists(File)) Make(File);
            return KeyOf(System.IO.File.ReadAllText(File)) ?? throw new StartRefused($"Setting Ledger:KeyFile: the file must hold {Shape}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefused("Setting Ledger:KeyFile: the file of the ledger's key cannot be read or made");
        }
    }

    private static LedgerKey? KeyOf(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length >= LedgerKey.Length
            ? new LedgerKey(bytes[..length]) : null;
    }

    /// <summary>Written whole or not at all, for its owner alone; a second process takes the first one's. Under a lock, because moving a
    /// file checks for another one and moves in two steps.</summary>
    private static void Make(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var alone = Lock($"{file}.lock");
        if (System.IO.File.Exists(file)) return;
        var draft = $"{file}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new StreamWriter(draft, options))
            stream.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(LedgerKey.Length)));
        System.IO.File.Move(draft, file);
    }

    /// <summary>Held by one process at a time; waits for the others, who are done in a moment.</summary>
    private static FileStream Lock(string file)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < 400)
            {
#pragma warning disable RS0030 // The start is synchronous, and the system does not tell when a lock file goes.
                Thread.Sleep(25);
#pragma warning restore RS0030
            }
        }
    }
}
