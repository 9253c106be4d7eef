namespace FhirCarePlan.Sharing;

/// <summary>Towards whom, for what and on which type a person's Consents are asked.</summary>
internal readonly record struct ConsentQuestion(Caller Caller, Party Party, string PurposeCode, string Type, long Kinds);

/// <summary>What a person's Consents say to one question, as masks. One mask cannot tie labels to categories, so a Consent's statement on a
/// label counts for all categories, on the safe side: neither a refusal nor a lapse ever widens.</summary>
internal readonly struct ConsentAnswer
{
    private readonly long[] grantedUnder;
    private readonly ProtocolBits bits;

    /// <summary>Categories whose unlabelled content a permit covers.</summary>
    public long Granted { get; }
    /// <summary>Categories refused.</summary>
    public long Refused { get; }
    /// <summary>Labels refused.</summary>
    public long RefusedLabels { get; }

    /// <param name="offered">Categories the protocol could open to the caller: a label refused for one of them is refused for all.</param>
    /// <param name="asksLabels">False when no rule clears any label: then permits under labels need no answer.</param>
    public ConsentAnswer(Protocol protocol, ProtocolBits bits, ConsentQuestion question, ConsentState state, long offered, bool asksLabels)
    {
        this.bits = bits;
        grantedUnder = [];
        var coverage = new ConsentCoverage(protocol, bits, question);
        foreach (var statement in state.Statements)
        {
            if (statement.IsPermit)
            {
                if (asksLabels && grantedUnder.Length == 0) grantedUnder = new long[ProtocolBits.Limit];
                Granted |= coverage.Granted(statement, asksLabels ? grantedUnder : null);
            }
            else
            {
                var (categories, labels) = coverage.Refused(statement, offered);
                Refused |= categories;
                RefusedLabels |= labels;
            }
        }
    }

    /// <summary>Categories whose content under a label a permit covers.</summary>
    /// <param name="label">One label bit.</param>
    public long GrantedUnder(long label) =>
        grantedUnder is { Length: > 0 } && (label & bits.Labels) != 0
            ? grantedUnder[System.Numerics.BitOperations.TrailingZeroCount(label)] : 0;
}
