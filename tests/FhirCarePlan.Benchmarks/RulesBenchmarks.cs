using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Care;
using FhirCarePlan.Server;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FhirCarePlan.Benchmarks;

/// <summary>Which part of a write the rules of care take: the same update through the whole path (validated, labelled, indexed, committed
/// with its audit row), and the rules alone on the same staged state, in turn. At most a fifth.</summary>
internal static class RulesBenchmarks
{
    private const int Rounds = 5, Writes = 100;
    private const double Bar = 0.2;

    public static async Task Run()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-bench-").FullName;
        await using (var app =
            Startup.Build(["--environment=Development", "--urls=http://127.0.0.1:0",
            $"--Storage:ConnectionString=Data Source={Path.Combine(folder, "rules.db")}"]))
        {
            await Services.Prepare(app.Services, default);
            await Measure(app.Services, "CarePlan", "robin-plan", "description");
            await Measure(app.Services, "CareTeam", "robin-team", "name");
            await Measure(app.Services, "EpisodeOfCare", "robin-episode", null);
            await app.Services.GetRequiredService<IStore>().DisposeAsync();
        }
        Directory.Delete(folder, true);
    }

    private static async Task Measure(IServiceProvider services, string type, string id, string? changes)
    {
        var pipeline = services.GetRequiredService<Pipeline>();
        var caller = Coordinator(services);
        var shares = new List<(double Share, double Write, double Rules)>();
        var read = await pipeline.Answer(Request(caller, Table.Read, type, id, default, null), default);
        var (resource, version) = (JsonNode.Parse(read.Body.Span)!.AsObject(), read.VersionId!);
        for (var round = 0; round <= Rounds; round++)
        {
            long write = 0, rules = 0;
            for (var i = 0; i < Writes; i++)
            {
                if (changes != null) resource[changes] = $"Changed for the {round * Writes + i}th time";
                var body = Encoding.UTF8.GetBytes(resource.ToJsonString());
                rules += Alone(pipeline, caller, Request(caller, Table.Update, type, id, body, version));
                var started = Stopwatch.GetTimestamp();
                var answer = await pipeline.Answer(Request(caller, Table.Update, type, id, body, version), default);
                write += Stopwatch.GetTimestamp() - started;
                version = answer.VersionId ?? throw new InvalidOperationException(string.Join("; ", answer.Issues.Select(n => n.Text)));
            }
            if (round > 0) shares.Add(((double)rules / write, Microseconds(write), Microseconds(rules))); // the first one warms up
        }
        shares.Sort();
        var (share, whole, own) = shares[Rounds / 2];
        Console.WriteLine($"update of a {type,-14} {whole,8:F0} µs, rules of care {own,6:F0} µs: {share:P1} {(share <= Bar ? "≤" : ">")} {Bar:P0}");

        static double Microseconds(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds / Writes;
    }

    /// <summary>Ticks that the rules take on what this write leaves behind.</summary>
    private static long Alone(Pipeline pipeline, Caller caller, FhirRequest request)
    {
        using var work = new Work(pipeline.Engine, caller, pipeline.Engine.Store.Read());
        var answer = pipeline.Perform(work, request);
        if (!answer.IsSuccess) throw new InvalidOperationException(string.Join("; ", answer.Issues.Select(n => n.Text)));
        var started = Stopwatch.GetTimestamp();
        pipeline.Engine.Rules.Check(new CareCase(work));
        return Stopwatch.GetTimestamp() - started;
    }

    private static FhirRequest Request(Caller caller, Interaction interaction, string type, string id, byte[]? body, string? version) =>
        new()
        {
            Interaction = interaction,
            Caller = caller,
            Event = new LedgerEvent("bench", DateTimeOffset.UtcNow) { Caller = caller },
            BaseUrl = "",
            Type = type,
            Id = id,
            Body = body,
            IfMatch = version is null ? null : $"W/\"{version}\"",
        };

    private static Caller Coordinator(IServiceProvider services)
    {
        var persona = services.GetRequiredService<Personas>().Find("care-coordinator")!;
        return new Caller
        {
            Issuer = DevIssuer.Issuer,
            Client = persona.Id,
            Subject = persona.Id,
            Role = persona.Role,
            Party = persona.Party,
            Purpose = persona.DefaultPurpose,
            Organization = persona.Organization,
            PractitionerRole = persona.PractitionerRole,
        };
    }
}
