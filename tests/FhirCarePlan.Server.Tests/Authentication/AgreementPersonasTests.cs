using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Tests.Authentication;

public sealed class AgreementPersonasTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-agreement-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Protocol With(params Party[] parties) => Agreement.With(parties);

    private static Party Party(string id, string[] roles, params string[] clients) => new()
    {
        Id = id, Name = $"The {id}", Status = PartyStatus.Joined, Organizations = [$"Organization/{id}"],
        Clients = [.. clients.Select(c => new Client("dev", c, 1))],
        Home = [new($"{id}-home", Names.Of(roles), Names.All, Names.All, Names.All, Names.All, 0, Clearance.None, "", 1)],
    };

    private static string[] Lines(Protocol protocol) => [.. new Personas(AgreementPersonas.Admit(protocol)).All.Skip(Personas.Cast().Count)
        .Select(p => $"{p.Id} {p.Role} {p.Party} {p.Organization}")];

    [Fact]
    public void Each_party_and_role_that_no_shipped_persona_plays_has_one() => Assert.Equal(
        ["trust.cpn cpn trust Organization/trust", "fire.watch watch fire Organization/fire", "fire.gp gp fire Organization/fire"],
        Lines(With(Party("trust", ["care-coordinator", "cpn"], "care-coordinator"), Party("fire", ["watch", "gp"]))));

    [Fact]
    public void A_client_of_the_agreement_is_a_persona_under_its_own_name() => Assert.Equal(
        ["watch watch fire Organization/fire", "night-shift pump fire Organization/fire", "spare pump fire Organization/fire"],
        Lines(With(Party("fire", ["pump", "watch"], "watch", "night-shift", "spare"))));

    [Fact]
    public void A_party_whose_rules_name_no_role_has_one_all_the_same() => Assert.Equal(
        ["fire.staff staff fire Organization/fire"], Lines(With(Party("fire", []))));

    [Fact]
    public void Nobody_speaks_for_another_party()
    {
        // `a.b` is a client of one party, and would be the name of the other's persona.
        var protocol = AgreementPersonas.Admit(With(Party("other", ["x"], "a.b"), Party("a", ["b"])));
        Assert.Equal("other", protocol.PartyOf("dev", "a.b")!.Id);
        Assert.DoesNotContain(new Personas(protocol).All, p => p.Party == "a");
        Assert.Null(protocol.PartyOf("https://id.example", "other.x"));
    }

    [Fact]
    public void Every_persona_speaks_for_the_party_that_it_is_said_to_be_of()
    {
        var protocol = AgreementPersonas.Admit(With(Party("trust", ["cpn", "psychiatrist"], "psychiatrist"), Party("fire", ["watch"], "watch")));
        Assert.All(new Personas(protocol).All.Where(p => p.Party != null), p => Assert.Equal(p.Party, protocol.PartyOf("dev", p.Id)?.Id));
    }

    private const string Fire = """
          - id: fire
            name: Rivelin Fire and Rescue
            sector: police
            status: joined
            signatory: false
            organizations: [Organization/rivelin-fire]
            home:
              - id: fire-record
                roles: [watch-officer]
                purposes: [fire-safety]
                data: all
                except: [audit]
                plain: The fire service holds this record.

        """;

    /// <summary>The shipped agreement with a party, a role and a purpose more, signed anew.</summary>
    private string Changed()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "profiles", "sharing", "rivelin-partnership");
        var (text, signatures) = (File.ReadAllText($"{shipped}.yaml"), File.ReadAllText($"{shipped}.signatures.yaml"));
        var old = ProtocolFile.HashOf(Encoding.UTF8.GetBytes(text));
        text = text.Replace("\nparties:\n", $"\nparties:\n{Fire}", StringComparison.Ordinal)
            .Replace("\nroles:\n", "\nroles:\n  watch-officer: Sees to fire safety at home.\n", StringComparison.Ordinal)
            .Replace("\npurposes:\n", "\npurposes:\n  fire-safety: { code: CAREMGT, plain: Keeping you safe from fire., parties: [fire] }\n", StringComparison.Ordinal);
        var file = Path.Combine(folder, "rivelin-partnership.yaml");
        File.WriteAllText(file, text);
        File.WriteAllText(Path.Combine(folder, "rivelin-partnership.signatures.yaml"), signatures.Replace(old, ProtocolFile.HashOf(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal));
        return file;
    }

    [Fact]
    public async Task A_party_written_into_the_agreement_has_a_token_a_place_in_the_lists_and_a_view()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Sharing:Protocols"] = Changed() });
        Assert.Contains(", fire.watch-officer", server.Output.Split('\n').Single(l => l.StartsWith("Personas ", StringComparison.Ordinal)), StringComparison.Ordinal);
        var listed = (await server.Anonymous.GetFromJsonAsync<JsonElement>("dev/personas")).EnumerateArray().Single(p => p.GetProperty("id").GetString() == "fire.watch-officer");
        Assert.Equal(("fire", "fire-safety"), (listed.GetProperty("party").GetString(), listed.GetProperty("defaultPurpose").GetString()));
        Assert.Contains("- `fire.watch-officer`: Watch officer, Rivelin Fire and Rescue.", (await server.Anonymous.GetFromJsonAsync<JsonElement>("openapi/page.json"))
            .GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Value).Single(s => s.GetProperty("type").GetString() == "oauth2")
            .GetProperty("description").GetString(), StringComparison.Ordinal);

        // The agreement lets every party look up who works where; nobody else's care is the fire service's.
        var officer = await server.As("fire.watch-officer");
        Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync("Organization/rivelin-trust")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("Patient/robin")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await server.As("outsider")).GetAsync("Organization/rivelin-trust")).StatusCode);
    }

    [Fact]
    public async Task A_nurse_of_the_shipped_agreement_sees_what_its_rules_give_a_nurse()
    {
        await using var server = await ServerProcess.Start();
        Assert.Equal(HttpStatusCode.OK, (await (await server.As("trust.cpn")).GetAsync("Patient?_count=1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await (await server.As("trust.cpn")).GetAsync("CarePlan/robin-plan")).StatusCode);
    }
}
