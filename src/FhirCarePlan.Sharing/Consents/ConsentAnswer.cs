namespace FhirCarePlan.Sharing;

/// <summary>Towards whom, for what and on which type a person's Consents are asked.</summary>
internal readonly record struct ConsentQuestion(Caller Caller, Party Party, string PurposeCode, string Type, long Kinds);

/// <summary>What a person's Consents say to one question, as masks. Labels cannot be tied to categories inside one mask, so whatever a
/// Consent says of a label holds for all categories, on the safe side, and in such a way that no refusal and no lapse ever widens.</summary>
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
    /// <param name="asksLabels">False when no rule clears any label, so that nobody need ask what is permitted under one.</param>
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
        grantedUnder is { Length: > 0 } && (label & bits.Labels) != 0 ? grantedUnder[System.Numerics.BitOperations.TrailingZeroCount(label)] : 0;
}
