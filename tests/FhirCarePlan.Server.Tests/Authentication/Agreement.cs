using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>A small protocol for tests that only ask who is who.</summary>
internal static class Agreement
{
    public static Protocol With(params Party[] parties) => new()
    {
        Id = "test", Url = "https://fhir.cpa.example/protocol/test", Version = "1.0.0", Title = "Test", Plain = "Test",
        Status = ProtocolStatus.Active,
        Effective = new(new(2020, 1, 1), new(2099, 12, 31), null, 1), Parties = parties, Categories = [],
        Purposes =
        [
            new("care", "TREAT", "Care", Names.Of("trust", "practice"), 1),
                new("care-management", "CAREMGT", "Management", Names.Of("trust"), 1),
            new("review", "CAREMGT", "Review", Names.Of("practice"), 1), new("audit", "HOPERAT", "Audit", Names.Of("trust"), 1),
                new("quality", "HOPERAT", "Quality", Names.Of("trust"), 1),
        ],
    };

    public static Protocol Standard { get; } = With(
        Party("trust", ["Organization/trust", "Organization/crisis-team"], ("dev", "care-coordinator"),
            ("https://id.example", "trust-ehr")),
        Party("practice", ["Organization/practice"], ("dev", "gp"), ("dev", "trust-ehr")));

    private static Party Party(string id, string[] organizations, params (string Issuer, string Id)[] clients) => new()
    {
        Id = id, Name = id, Status = PartyStatus.Joined, Organizations = organizations,
        Clients = [.. clients.Select(c => new Client(c.Issuer, c.Id, 1))],
    };
}
