namespace FhirCarePlan.Sharing;

/// <summary>One expectation of a protocol's own tests and what came of it.</summary>
public sealed record TestOutcome(ProtocolTest Test, string Category, bool Expected, CategoryReason? Reason)
{
    public bool Holds => Reason is not null && Reason.IsPermitted == Expected;
}

/// <summary>Runs the tests that a protocol states about itself. They ask about the text once it is in force, so the protocol counts as
/// active, signed, and inside its dates.</summary>
public static class TestRun
{
    public static IReadOnlyList<TestOutcome> Of(Protocol protocol)
    {
        var signed = InForce(protocol);
        var now = new DateTimeOffset(protocol.Effective.From, new TimeOnly(12, 0), TimeSpan.Zero);
        var broker = new Broker(signed, ProtocolBits.InOrder(signed));
        var outcomes = new List<TestOutcome>();
        foreach (var test in protocol.Tests)
        {
            var decision = broker.Decide(QuestionOf(signed, test.Given), now);
            foreach (var (category, expected) in test.Expect)
                outcomes.Add(new TestOutcome(test, category, expected, decision.Reasons.FirstOrDefault(r => r.Category == category)));
        }
        return outcomes;
    }

    /// <summary>The same text, active and signed by all.</summary>
    public static Protocol InForce(Protocol protocol) => protocol with
    {
        Status = ProtocolStatus.Active,
        Signatures = [.. protocol.Parties.Select(p => new Signature(p.Id, "", "", DateOnly.MinValue, protocol.Hash, 0))],
    };

    /// <summary>The time; or, if the agreement is not in force then, noon of its first or last day.</summary>
    public static DateTimeOffset Within(Protocol protocol, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        return day < protocol.Effective.From
            ? Noon(protocol.Effective.From) : day > protocol.Effective.To ? Noon(protocol.Effective.To) : now;

        static DateTimeOffset Noon(DateOnly day) => new(day, new TimeOnly(12, 0), TimeSpan.Zero);
    }

    public static Question QuestionOf(Protocol protocol, TestCase given) =>
        new(CallerOf(protocol, given.Party, given.Role, given.Purpose), given.Action, given.Type, given.IsHome, true, given.Relationship,
            ConsentOf(protocol, given.Consent, given.Purpose, protocol.Party(given.Party)));

    /// <summary>A caller as the token of such a party, role and purpose would make it.</summary>
    internal static Caller CallerOf(Protocol protocol, string party, string? role, string purpose) => new()
    {
        Issuer = role is not null && protocol.Systems.Any(s => s.Id == role) ? SystemActor.Issuer : "test",
        Client = role ?? "test",
        Subject = role ?? "test",
        Party = party,
        Role = role,
        Purpose = purpose,
        Organization = protocol.Party(party)?.Organizations.FirstOrDefault(),
        RelatedPerson = "RelatedPerson/test",
    };

    /// <param name="said">`none`, `granted` or `refused`: to this party, whatever the data.</param>
    internal static ConsentState ConsentOf(Protocol protocol, string said, string purpose, Party? party)
    {
        if (said == "none" || party is null) return ConsentState.None;
        var recipients = Criteria.Everything with { To = [.. party.Organizations, "RelatedPerson/test"] };
        if (said == "refused") return ConsentState.Of([("Consent/test", ConsentStatement.Deny([recipients], []))]);
        var purposes = recipients with { For = [protocol.Purpose(purpose)?.Code ?? Criteria.Unknown] };
        return ConsentState.Of([("Consent/test",
            new ConsentStatement(true, [purposes], [], null, [$"{protocol.Url}|{ConsentReader.MajorOf(protocol.Version)}"]))]);
    }
}
