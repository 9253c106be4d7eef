using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>Microsoft Entra ID, as a stub of its endpoints: one tenant, several listed ones, people and daemons.</summary>
public sealed class EntraTests : IDisposable
{
    private const string Own = "11111111-1111-4111-8111-111111111111", Partner = "22222222-2222-4222-8222-222222222222", Stranger = "33333333-3333-4333-8333-333333333333";
    private const string Api = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", Client = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";

    private readonly StubAuthority one = new($"/{Own}/v2.0"), many = new("/organizations/v2.0");

    public EntraTests()
    {
        many.Issuer = many.Address + "/{tenantid}/v2.0";
        many.Map();
    }

    public void Dispose()
    {
        one.Dispose();
        many.Dispose();
    }

    private static AuthenticationSettings Settings(StubAuthority of, string tenant, params string[] tenants) => new()
    {
        Entra = new(of.Address, tenant, Api, [Api, $"api://{Api}"], tenants.Length > 0 ? tenants : [tenant]),
        Claims = ClaimNames.OfEntra,
        Mapping = new()
        {
            Party = [new("tid", Own, "trust"), new("tid", Partner, "practice")],
            Role = [new("roles", "CarePlan.Coordinator", "care-coordinator"), new("roles", "CarePlan.Gp", "gp")],
            Purpose = [new("roles", "CarePlan.Coordinator", "care"), new("roles", "CarePlan.Gp", "care")],
        },
    };

    private static string Token(StubAuthority of, string tenant, params (string, object?)[] claims)
    {
        var all = new Dictionary<string, object?>
        {
            ["iss"] = $"{of.Address}/{tenant}/v2.0", ["aud"] = Api, ["tid"] = tenant, ["azp"] = Client, ["oid"] = "dddddddd-dddd-4ddd-8ddd-dddddddddddd", ["ver"] = "2.0", ["client_id"] = null, ["roles"] = new[] { "CarePlan.Coordinator" },
        };
        foreach (var (name, value) in claims) all[name] = value;
        return of.Token(all);
    }

    [Fact]
    public async Task A_person_and_a_daemon_are_told_by_tenant_and_app_role()
    {
        await using var server = await Guarded.By(Settings(one, Own));
        var person = await server.Who(Token(one, Own, ("scp", "access_as_user")));
        Assert.Equal((200, "trust|care-coordinator|care|dddddddd-dddd-4ddd-8ddd-dddddddddddd|-||"), (person.Status, person.Body));
        Assert.Equal((200, "trust|care-coordinator|care|dddddddd-dddd-4ddd-8ddd-dddddddddddd|-||"), await Body(server, Token(one, Own, ("idtyp", "app"))));
        Assert.Equal(200, (await server.Who(Token(one, Own, ("aud", $"api://{Api}")))).Status);

        static async Task<(int, string)> Body(Guarded server, string token) => await server.Who(token) is var told ? (told.Status, told.Body) : default;
    }

    [Fact]
    public async Task Refuses_with_the_reason()
    {
        await using var server = await Guarded.By(Settings(one, Own));
        foreach (var (token, why) in new[]
        {
            (Token(one, Stranger), "a tenant whose tokens this server does not accept"),
            (Token(one, Own, ("tid", Stranger)), "a tenant whose tokens"),
            (Token(one, Own, ("tid", null)), "another issuer"),
            (Token(one, Stranger, ("tid", Own)), "another issuer"),
            (Token(one, Own, ("iss", $"https://sts.windows.net/{Own}/")), "another issuer"), // version 1 is of the public cloud
            (Token(one, Own, ("aud", "cccccccc-cccc-4ccc-8ccc-cccccccccccc")), "another audience"),
            (Token(one, Own, ("roles", null)), "neither an app role"),
            (Token(one, Own, ("roles", null), ("scp", "")), "neither an app role"),
            (Token(one, Own, ("roles", null), ("scp", "access_as_user")), "does not say who you are"),
            (Token(one, Own, ("roles", new[] { "CarePlan.Unknown" })), "does not say who you are"),
            (Token(one, Own, ("roles", new[] { "CarePlan.Coordinator", "CarePlan.Gp" })), "several things at once"),
            (one.Token(new() { ["iss"] = $"{one.Address}/{Own}/v2.0", ["aud"] = Api, ["tid"] = Own, ["roles"] = new[] { "CarePlan.Gp" } }, key: StubAuthority.Ec("first")), "signature does not verify"),
        })
            await server.Refuses(token, why);
        // An app role that means nothing here is no harm beside one that does.
        Assert.Equal(200, (await server.Who(Token(one, Own, ("roles", new[] { "CarePlan.Gp", "Somebody.Elses" })))).Status);
    }

    [Fact]
    public async Task Of_many_tenants_only_the_listed_ones_are_believed()
    {
        await using var server = await Guarded.By(Settings(many, "organizations", Own, Partner));
        Assert.StartsWith("trust|", (await server.Who(Token(many, Own))).Body, StringComparison.Ordinal);
        Assert.StartsWith("practice|", (await server.Who(Token(many, Partner, ("roles", new[] { "CarePlan.Gp" })))).Body, StringComparison.Ordinal);
        await server.Refuses(Token(many, Stranger), "a tenant whose tokens");
        // A listed tenant's id beside another's issuer.
        await server.Refuses(Token(many, Stranger, ("tid", Own)), "another issuer");
        await server.Refuses(Token(many, Own, ("tid", Partner)), "another issuer");
        await server.Refuses(Token(many, Own, ("iss", many.Issuer)), "another issuer");
    }

    /// <summary>The document of many tenants tells of each key whose tokens it signs.</summary>
    [Fact]
    public async Task A_key_of_one_tenant_signs_for_no_other()
    {
        many.Answer("/organizations/v2.0/keys", new { keys = new[] { new Dictionary<string, object>(StubAuthority.Public(many.Signing)) { ["issuer"] = $"{many.Address}/{Partner}/v2.0" } } });
        await using var server = await Guarded.By(Settings(many, "organizations", Own, Partner));
        Assert.Equal(200, (await server.Who(Token(many, Partner, ("roles", new[] { "CarePlan.Gp" })))).Status);
        await server.Refuses(Token(many, Own), "signature does not verify");
    }

    [Fact]
    public async Task Its_keys_change_and_it_may_be_away()
    {
        await using var server = await Guarded.By(Settings(one, Own));
        Assert.Equal(200, (await server.Who(Token(one, Own))).Status);
        one.Publish(StubAuthority.Rsa("second"));
        Assert.Equal(200, (await server.Until(200, Token(one, Own))).Status);
        one.Stop();
        await using var lonely = await Guarded.By(Settings(one, Own));
        var token = Token(one, Own);
        Assert.Equal((503, 10), await lonely.Who(token) is var told ? (told.Status, told.RetryAfter!.Value) : default);
        one.Restart();
        Assert.Equal(200, (await lonely.Until(200, token)).Status);
        await lonely.Refuses(Token(one, Own, ("iss", "https://marian-tolley.example"), ("aud", "marian-tolley")), "another issuer");
        foreach (var word in new[] { "marian-tolley", token, token.Split('.')[1], "dddddddd-dddd", Client }) Assert.DoesNotContain(word, lonely.Log, StringComparison.OrdinalIgnoreCase);
    }
}
