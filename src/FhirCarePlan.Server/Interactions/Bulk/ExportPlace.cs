namespace FhirCarePlan.Server.Interactions.Bulk;

/// <summary>How far a file of an export is written.</summary>
internal sealed record ExportPlace
{
    /// <summary>Of one piece: whichever comes first.</summary>
    public const int Lines = 2000, Bytes = 8 << 20;
    /// <summary>Of one search.</summary>
    public const int MostAtOnce = 500;
    private const int FirstAtOnce = 8;

    public static ExportPlace End { get; } = new() { IsEnd = true };

    public bool IsEnd { get; private init; }
    /// <summary>The search that goes on.</summary>
    public string Part { get; init; } = "";
    /// <summary>Where in it; null for its beginning.</summary>
    public string? Page { get; init; }
    /// <summary>The people whose records it holds, as they were when it was begun; null where it is not about some people.</summary>
    public IReadOnlyCollection<string>? Patients { get; init; }
    /// <summary>Ids that left with earlier pieces, where several searches may find the same.</summary>
    private HashSet<string> Written { get; init; } = new(StringComparer.Ordinal);
    /// <summary>Ids in this piece.</summary>
    public HashSet<string> Fresh { get; init; } = new(StringComparer.Ordinal);

    public bool IsFresh(string id) => !Written.Contains(id) && Fresh.Add(id);

    /// <summary>The piece has left.</summary>
    public ExportPlace Settled()
    {
        Written.UnionWith(Fresh);
        return this;
    }

    /// <summary>Of what may hold scans or recordings: few until it is known how large they are.</summary>
    public static int AtOnceOf(int lines, int bytes) => lines == 0 ? FirstAtOnce : (int)Math.Clamp((long)Bytes * lines / Math.Max(bytes, 1), FirstAtOnce, MostAtOnce);
}
