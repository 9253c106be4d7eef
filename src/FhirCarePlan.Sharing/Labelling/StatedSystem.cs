namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The system that a coding states.</summary>
internal readonly struct StatedSystem
{
    /// <summary>Shorter codes are the same in every system.</summary>
    public const int ShortestTelling = 3;

    private readonly string? plain;
    private readonly bool isKnown;

    public StatedSystem(string system, string[] systems)
    {
        Terminology = Terminologies.Of(system);
        plain = Terminologies.Plain(system);
        isKnown = Terminology != null;
        foreach (var known in systems) isKnown |= ListedCode.IsSystem(plain, known);
    }

    public Terminology? Terminology { get; }

    private static readonly string[] ofThisWorld =
    [
        "hl7.org/", "terminology.hl7.org/", "fhir.hl7.org.uk/", "fhir.nhs.uk/", "fhir.cpa.example/", "ietf:", "iso:", "unitsofmeasure.org",
    ];

    /// <summary>True for the systems of FHIR, of the NHS and of ours: their codes are of the service's working, however they
    /// look.</summary>
    public bool IsOfThisWorld
    {
        get
        {
            foreach (var start in ofThisWorld)
                if (plain != null && plain.StartsWith(start, StringComparison.Ordinal)) return true;
            return false;
        }
    }

    public long Of(ReadOnlySpan<ListedCode> entries, ReadOnlySpan<char> code)
    {
        var lists = 0L;
        // `03` means something else in every system.
        var isAny = code.Length >= ShortestTelling && (plain is null || !isKnown && code.ContainsAnyInRange('0', '9'));
        foreach (var entry in entries)
            if (IsOf(entry, isAny, code)) lists |= entry.Lists;
        return lists;
    }

    /// <summary>CTV3 kept the codes of Read v2. Without its system a code has to look like one of the terminology's.</summary>
    private bool IsOf(ListedCode entry, bool isAny, ReadOnlySpan<char> code) => entry.Terminology is { } listed
        ? Terminology == listed || Terminology == Terminologies.Read3 && listed == Terminologies.Read2
            || isAny && listed.IsTelling && (listed.Form is null || listed.Form(code.ToString()))
        : isAny || plain != null && ListedCode.IsSystem(plain, entry.PlainSystem);
}
