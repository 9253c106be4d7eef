namespace FhirCarePlan.Sharing.Tests.Deciding;

/// <summary>Small protocols, callers, persons and Consents at random, from a fixed seed: few names, so that rules meet.</summary>
internal sealed class RandomProtocols(int seed)
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[]
        parties = ["alder", "beech", "cedar"],
        roles = ["gp", "cpn", "patient"],
        purposes = ["care", "support", "family"],
        codes = ["TREAT", "CAREMGT", "FAMRQT"],
        categories = ["demographics", "crisis-plan", "risk", "forensic-history", "accommodation", "directory", "other"],
        actions = ["read", "create"],
        types = ["CarePlan", "Condition"],
        sensitivities = ["HIV", "SEX"];

    private static readonly long[] kinds =
        [Relation.Self, Relation.Registered, Relation.TeamFull, Relation.TeamPlan, Relation.TeamCrisisOnly, Relation.TeamOwnTask, Relation.CareTeam, Relation.Carer | Relation.TeamPlan];

    private readonly Random random = new(seed);

    public Random Random => random;

    private bool Chance(int percent) => random.Next(100) < percent;
    private T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
    private List<T> Some<T>(IReadOnlyList<T> of) => [.. of.Where(_ => Chance(65))];
    private Names Names(IReadOnlyList<string> of) => Chance(45) ? Sharing.Names.All : Sharing.Names.Of([.. Some(of)]);

    public Protocol Protocol() => new()
    {
        Id = "random",
        Url = "https://example.org/random",
        Version = "2.1.0",
        Title = "Random",
        Plain = "Random",
        Status = Chance(98) ? ProtocolStatus.Active : ProtocolStatus.Suspended,
        Effective = new Effective(new DateOnly(2020, 1, 1), Chance(97) ? new DateOnly(2099, 1, 1) : new DateOnly(2025, 1, 1), null, 0),
        Parties = [.. parties.Select(Party)],
        Purposes = [.. purposes.Select((id, at) => new Purpose(id, codes[at], id, Chance(70) ? Sharing.Names.All : Names(parties), 0))],
        Categories = [.. categories.Select(id => new Category { Id = id, Plain = id, Within = id == "forensic-history" ? "risk" : null })],
        Sensitivities = [.. sensitivities.Select(code => new Sensitivity(code, "s", code, 0))],
        Gateways = [Gateway("good", new DateOnly(2099, 1, 1)), Gateway("over", new DateOnly(2026, 2, 28))],
        Rules = [.. Enumerable.Range(0, random.Next(2, 7)).Select(at => Rule($"rule-{at}"))],
        Bars = Chance(20) ? [new Bar("bar", Names(parties), Names(roles), Names(categories), "barred", 0, Chance(50))] : [],
        ConsentDefaults = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new ConsentDefault(Names(purposes), Names(parties), Chance(75), "default", 0))],
        Hash = "hash",
        Signatures = [.. parties.Where(_ => random.Next(300) > 0).Select(p => new Signature(p, "n", "r", new DateOnly(2020, 1, 1), "hash", 0))],
    };

    private Party Party(string id) => new()
    {
        Id = id,
        Name = id,
        Status = Chance(97) ? PartyStatus.Joined : Chance(50) ? PartyStatus.Suspended : PartyStatus.Left,
        Organizations = [$"Organization/{id}", $"Organization/{id}-team"],
        Home = [.. Enumerable.Range(0, random.Next(3)).Select(at => new HomeRule($"{id}-home-{at}", Names(roles), Names(purposes), Names(categories), Names(actions), Names(types), Chance(70) ? 0 : One(kinds), Clearance(), "home", 0))],
    };

    private static Gateway Gateway(string id, DateOnly to) => new() { Id = id, From = new DateOnly(2020, 1, 1), To = to, Plain = id };

    public Rule Rule(string id, string? to = null)
    {
        var isPermit = Chance(85);
        return new Rule
        {
            Id = id,
            IsPermit = isPermit,
            To = to is null ? Names(parties) : Sharing.Names.Of(to),
            Roles = Names(roles),
            Purposes = Names(purposes),
            Data = Names(categories),
            Actions = Chance(60) ? Sharing.Names.Of("read") : Names(actions),
            Types = Chance(70) ? Sharing.Names.All : Names(types),
            Gateway = isPermit ? Chance(90) ? "good" : "over" : null,
            Consent = (ConsentNeed)random.Next(3),
            Relationship = Chance(40) ? 0 : One(kinds),
            Clearance = Clearance(),
            Plain = id,
        };
    }

    private Clearance Clearance() => new(One(["N", "R", "R", "V"]), Chance(40) ? Sharing.Names.All : Sharing.Names.Of([.. Some(sensitivities)]), Chance(20));

    private List<ConsentState>? persons;

    /// <summary>Asks about one of a few persons.</summary>
    public Question Question()
    {
        persons ??= [.. Enumerable.Range(0, 25).Select(_ => Consent())];
        var party = Chance(97) ? One(parties) : null;
        var caller = new Caller
        {
            Issuer = "test",
            Client = "test",
            Subject = "test",
            Party = party,
            Role = Chance(96) ? One(roles) : Chance(50) ? null : "stranger",
            Purpose = Chance(98) ? One(purposes) : null,
            Organization = party is null ? null : Chance(50) ? $"Organization/{party}" : $"Organization/{party}-team",
            PractitionerRole = Chance(50) ? "PractitionerRole/p" : null,
            RelatedPerson = Chance(30) ? "RelatedPerson/r" : null,
        };
        return new Question(caller, Chance(75) ? "read" : "create", One(types), Chance(20), Chance(93), Chance(15) ? 0 : One(kinds) | (Chance(50) ? One(kinds) : 0), One(persons));
    }

    public ConsentState Consent() => State([.. Enumerable.Range(0, random.Next(4)).Select(_ => Statement())]);

    public static ConsentState State(IReadOnlyList<ConsentStatement> statements) => ConsentState.Of([.. statements.Select((s, at) => ($"Consent/{at}", s))]);

    public ConsentStatement Statement()
    {
        var isPermit = Chance(65);
        return isPermit
            ? new ConsentStatement(true, [Criteria()], [.. Enumerable.Range(0, random.Next(2)).Select(_ => Criteria())], Chance(80) ? null : One(parties), Chance(95) ? ["https://example.org/random|2"] : ["https://example.org/random|1"])
            : ConsentStatement.Deny(Chance(70) ? [Criteria()] : [Criteria(), Criteria()], [.. Enumerable.Range(0, random.Next(2)).Select(_ => Criteria())]);
    }

    private Criteria Criteria() => new(
        Perhaps(["Organization/alder", "Organization/beech", "Organization/cedar-team", "CareTeam/t", "PractitionerRole/p", "RelatedPerson/r", "?"]),
        Perhaps(["TREAT", "CAREMGT", "PATRQT", "HOPERAT", "?"]),
        Perhaps(["CarePlan", "Condition", "?"]),
        Perhaps(["demographics", "crisis-plan", "risk", "forensic-history", "accommodation", "directory", "other", "medication", "nonsense", "?"]),
        Chance(75) ? null : [.. Some(["N", "R", "V", "HIV", "SEX", "ODD", "?"]), One(["N", "R", "V", "L"])]);

    private List<string>? Perhaps(string[] of) => Chance(45) ? null : [.. Some(of).Take(4), One(of)];
}
