using FhirCarePlan.Server.Settings;
using System.Text.Json;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Preparing;

/// <summary>Loads the sample partnership once, through the pipeline like everything else, as the system actor `sample-loader` of the
/// protocol, which acts for the party of each sample's author (src/docs/sharing.md#the-service-itself).</summary>
public sealed class SampleLoader(Pipeline pipeline, Engine engine, string folder)
{
    private const string Done = "samples-loaded", Actor = "sample-loader";

    /// <summary>One line of `index.json`: a file, and the persona whose party holds it.</summary>
    private sealed record Line(string File, string As);

    /// <exception cref="StartRefused">A sample was refused: the message names the file and the reasons.</exception>
    public async Task Load(CancellationToken cancel)
    {
        var protocol = engine.InForce.Protocol;
        var actor = protocol.Systems.FirstOrDefault(s => s.Id == Actor);
        var index = Path.Combine(folder, "partnership", "index.json");
        if (actor is null || !File.Exists(index) || engine.Store.GetSetting(Done) != null) return;
        var lines = Read(index);
        // Another agreement may not know the partnership's people: then nobody could hold the samples.
        if (!lines.Exists(l => protocol.PartyOf("dev", l.As) != null)) return;
        foreach (var line in lines)
        {
            var party = protocol.PartyOf("dev", line.As)
                ?? throw new StartRefused($"The samples are written for `{line.As}`, which the agreement {protocol.Id} does not know; set "
                + $"Samples:Load=false");
            await Load(line.File, Caller(protocol, actor, party), Path.GetDirectoryName(index)!, cancel);
        }
        engine.Store.SetSetting(Done, protocol.Canonical);
    }

    private async Task Load(string file, Caller caller, string folder, CancellationToken cancel)
    {
        var body = await File.ReadAllBytesAsync(Path.Combine(folder, file), cancel);
        var name = Path.GetFileNameWithoutExtension(file);
        var dash = name.IndexOf('-');
        var answer = await pipeline.Answer(new FhirRequest
        {
            Interaction = pipeline.Table.Writing("update"),
            Caller = caller,
            Event = new LedgerEvent(Actor, engine.Clock.GetUtcNow())
            {
                Caller = caller,
                Purpose = engine.InForce.Protocol.Purpose(caller.Purpose)?.Code, Interaction = "update",
                Target = $"{name[..dash]}/{name[(dash + 1)..]}"
            },
            BaseUrl = "",
            Type = name[..dash],
            Id = name[(dash + 1)..],
            Body = body,
        }, cancel);
        // A sample loaded by a start that was cut short is asked for an If-Match, or simply written again.
        if (answer.IsSuccess || answer.Kind == AnswerKind.PreconditionRequired) return;
        throw new StartRefused($"The sample {file} is refused: "
            + $"{string.Join("; ", answer.Issues.Where(i => i.IsError).Select(i => $"{i.Key} at {i.Expression}: {i.Text}"))}");
    }

    private static Caller Caller(Protocol protocol, SystemActor actor, Party party) => new()
    {
        Issuer = SystemActor.Issuer,
        Client = Actor,
        Subject = Actor,
        Role = Actor,
        Party = party.Id,
        Purpose = protocol.Purposes.FirstOrDefault(p => p.Parties.Contains(party.Id) && actor.Home.Purposes.Contains(p.Id))?.Id,
        Organization = party.Organizations.FirstOrDefault(),
    };

    private static List<Line> Read(string index)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(index));
        return [.. json.RootElement.GetProperty("load").EnumerateArray()
            .Select(l => new Line(l.GetProperty("file").GetString()!, l.GetProperty("as").GetString()!))];
    }
}
