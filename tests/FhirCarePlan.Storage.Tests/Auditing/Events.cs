namespace FhirCarePlan.Storage.Tests.Auditing;

/// <summary>Random events over a small world, so that parties, persons and refusals meet in every way.</summary>
internal sealed class Events(int seed)
{
    private static readonly string[] Parties = ["trust", "gp", "homes", "owner"], Holders = ["trust", "gp", "homes"],
        Persons = ["p1", "p2", "p3"],
        Interactions = ["read", "search-type", "update", "batch"], Policies = ["rivelin|1#a", "rivelin|1#b", "rivelin|1#c"];

    private readonly Random random = new(seed);
    private int count;

    public static IReadOnlyList<AuditReader> Readers { get; } =
    [
        new(null), new("nobody"), new("trust"), new("gp"), new("homes"), new("owner", IsOwner: true), new("trust", IsOwner: true),
        new(null, Person: "p1"), new("gp", Person: "p1"), new("homes", Person: "p2"), new("owner", IsOwner: true, Person: "p3"),
    ];

    public AuditEntry Next()
    {
        var n = count++;
        return new AuditEntry
        {
            Id = $"e{n}", At = Given.Now.AddSeconds(n), Interaction = Pick(Interactions),
            Outcome = Pick(AuditOutcome.Success, AuditOutcome.Minor, AuditOutcome.Serious),
            Status = random.Next(200, 504), Subject = random.Next(9) == 0
                ? "anonymous" : $"s{random.Next(3)}", Party = random.Next(9) == 0 ? null : Pick(Parties),
            Role = Maybe("cpn"), Purpose = Maybe("TREAT"), Agent = Maybe(Pick("PractitionerRole/a", "PractitionerRole/b", "Patient/p1")),
            Organization = Maybe("Organization/o"),
            Target = Pick("", "Condition", "Condition/c1", "Patient/p2", "Patient/none", "Nonsense/\u00fc\n"),
            Query = Maybe("code,patient"), Reason = Maybe("absent"),
            CorrelationId = Maybe(Guid.NewGuid().ToString("N")), Details = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Detail())],
        };
    }

    private AuditDetail Detail()
    {
        var person = random.Next(5) == 0 ? null : Pick(Persons);
        var ids = Enumerable.Range(0, random.Next(4))
            .Select(_ => Pick("Condition/c1", "Condition/c2", "Patient/p2", $"Goal/{Random26()}", "Task/t")).Distinct().ToArray();
        return new AuditDetail
        {
            Kind = Pick(AuditDetailKind.Shown, AuditDetailKind.Written, AuditDetailKind.Refused), Holder = random.Next(9) == 0
                ? null : Pick(Holders), Person = person,
            Patient = person is null
                ? null : $"Patient/{person}", Types = [.. ids.Select(i => i.Split('/')[0]).Distinct().Take(2)], Count = random.Next(300),
            Ids = ids,
            Mask = random.NextInt64(1L << 62), Policies = [.. Policies.Where(_ => random.Next(3) == 0)], Gate = Maybe("G6"),
            IsWidening = random.Next(9) == 0,
        };
    }

    private string Random26() => string.Concat(Enumerable.Range(0, 26).Select(_ => "0123456789abcdefghjkmnpqrstvwxyz"[random.Next(32)]));
    private T Pick<T>(params ReadOnlySpan<T> items) => items[random.Next(items.Length)];
    private string? Maybe(string text) => random.Next(4) == 0 ? null : text;
}
