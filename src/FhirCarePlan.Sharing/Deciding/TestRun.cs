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
        var signed = protocol with
        {
            Status = ProtocolStatus.Active,
            Signatures = [.. protocol.Parties.Select(p => new Signature(p.Id, "", "", protocol.Effective.From, protocol.Hash, 0))],
        };
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

    public static Question QuestionOf(Protocol protocol, TestCase given)
    {
        var party = protocol.Party(given.Party);
        var caller = new Caller
        {
            Issuer = protocol.Systems.Any(s => s.Id == given.Role) ? SystemActor.Issuer : "test",
            Client = given.Role,
            Subject = given.Role,
            Party = given.Party,
            Role = given.Role,
            Purpose = given.Purpose,
            Organization = party?.Organizations.FirstOrDefault(),
            RelatedPerson = "RelatedPerson/test",
        };
        return new Question(caller, given.Action, given.Type, given.IsHome, true, given.Relationship, ConsentOf(protocol, given, party));
    }

    private static ConsentState ConsentOf(Protocol protocol, TestCase given, Party? party)
    {
        if (given.Consent == "none" || party is null) return ConsentState.None;
        var recipients = Criteria.Everything with { To = [.. party.Organizations, "RelatedPerson/test"] };
        if (given.Consent == "refused") return ConsentState.Of([("Consent/test", ConsentStatement.Deny([recipients], []))]);
        var purposes = recipients with { For = [protocol.Purpose(given.Purpose)?.Code ?? Criteria.Unknown] };
        return ConsentState.Of([("Consent/test",
            new ConsentStatement(true, [purposes], [], null, [$"{protocol.Url}|{ConsentReader.MajorOf(protocol.Version)}"]))]);
    }
}
