using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Tests.Tour;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>What became of a write: its kind, and everything said about it.</summary>
public sealed record Became(AnswerKind Kind, IReadOnlyList<Issue> Issues, string? Id, string? ETag)
{
    public IReadOnlyList<Issue> Faults => [.. Issues.Where(i => i.IsError)];
    /// <summary>Rules that refuse it, each once.</summary>
    public string Errors => string.Join(' ', Issues.Where(i => i.IsError).Select(i => i.Key).Distinct());
    public string Warnings =>
        string.Join(' ', Issues.Where(i => !i.IsError && i.Severity == IssueSeverity.Warning && i.Code == IssueType.BusinessRule)
        .Select(i => i.Key).Distinct());
    public override string ToString() =>
        $"{Kind}: {string.Join("; ", Issues.Select(i => $"{i.Severity} {i.Key} at {i.Expression}: {i.Text}"))}";
}

/// <summary>The service in this process, with the sample partnership, at a fixed time after it; without HTTP.</summary>
public sealed class Ward : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-").FullName;
    private readonly string? postgres;
    private WebApplication? app;

    public Ward()
    {
    }

    /// <summary>On a new database of this PostgreSQL.</summary>
    internal Ward(string postgres) => this.postgres = postgres;

    public Engine Engine { get; private set; } = null!;
    public Pipeline Pipeline { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        string[] storage = postgres is null ? [$"--Storage:ConnectionString=Data Source={Path.Combine(folder, "ward.db")}"]
            : ["--Storage:Engine=Postgres", $"--Storage:ConnectionString={postgres}", $"--Ledger:Key={Convert.ToBase64String(new byte[32])}"];
        app = Startup.Build(["--environment=Development", "--urls=http://127.0.0.1:0", .. storage, "--Clock:Fixed=2026-02-02T10:00:00Z"]);
        await Services.Prepare(app.Services, default);
        (Pipeline, Engine) = (app.Services.GetRequiredService<Pipeline>(), app.Services.GetRequiredService<Engine>());
    }

    public async Task DisposeAsync()
    {
        if (app != null)
        {
            await app.Services.GetRequiredService<IStore>().DisposeAsync();
            await app.DisposeAsync();
        }
        Directory.Delete(folder, true);
    }

    /// <summary>A persona with a token for its first purpose.</summary>
    public Caller As(string persona)
    {
        var known = app!.Services.GetRequiredService<Personas>().Find(persona)!;
        return new Caller
        {
            Issuer = DevIssuer.Issuer,
            Client = persona,
            Subject = persona,
            Role = known.Role,
            Party = known.Party,
            Purpose = known.DefaultPurpose,
            Organization = known.Organization,
            PractitionerRole = known.PractitionerRole,
            Patient = known.Patient,
            RelatedPerson = known.RelatedPerson,
        };
    }

    public async Task<Answer> Ask(string persona, Interaction interaction, string type, string id = "", JsonNode? body = null,
        string? ifMatch = null, string query = "") => await Pipeline.Answer(new FhirRequest
        {
            Interaction = interaction,
            Caller = As(persona),
            Event = new LedgerEvent("test", Engine.Clock.GetUtcNow())
            {
                Caller = As(persona), Purpose = Engine.InForce.Protocol.Purpose(As(persona).Purpose)?.Code, Interaction = interaction.Code,
            },
            BaseUrl = "http://ward",
            Type = type,
            Id = id,
            Query = query,
            Body = body is null ? default : Encoding.UTF8.GetBytes(body.ToJsonString()),
            IfMatch = ifMatch,
            Prefers = Return.OperationOutcome,
        }, default);

    public async Task<Became> Write(string persona, Interaction interaction, string type, string id = "", JsonNode? body = null,
        string? ifMatch = null)
    {
        var answer = await Ask(persona, interaction, type, id, body, ifMatch);
        return new Became(answer.Kind, answer.Issues, answer.Location?.Split('/')[1] ?? id, answer.VersionId);
    }

    public async Task<JsonObject> Read(string persona, string type, string id)
    {
        var answer = await Ask(persona, Table.Read, type, id);
        Assert.True(answer.IsSuccess, $"{persona} reads {type}/{id}: {answer.Kind}");
        return JsonNode.Parse(answer.Body.Span)!.AsObject();
    }

    /// <summary>Somebody with a whole case, made of the inquiry's mended one, in the natural order.</summary>
    public Task<Ash> Arrives(Action<Dictionary<string, JsonObject>>? change = null, string file = "inquiry/before-mended.json") =>
        Ash.Arrives(this, file, change);
}

[CollectionDefinition("ward")]
public sealed class WardCollection : ICollectionFixture<Ward>;
