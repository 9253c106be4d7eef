using System.Globalization;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Operations;

/// <summary>Events in plain English: names and words come from the sharing agreement, and names of people from the directory as far as the
/// reader sees it.</summary>
/// <param name="isForPerson">The reader is the person or their proxy.</param>
public sealed class DisclosureWords(Work work, bool isForPerson)
{
    private readonly Dictionary<string, string?> names = [];

    private Protocol Protocol => work.InForce.Protocol;

    public string Title => Protocol.Title;

    /// <summary>`2 June 2025, 09:12`: this service's days and hours.</summary>
    public string When(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, work.Engine.Clock.LocalTimeZone).ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>`Dr Hester Quarmby of Meadow Practice`, or as much of it as may be said.</summary>
    public string Who(AuditEntry entry)
    {
        if (entry.Agent is { } own && own == work.Caller.Patient) return "You";
        // A stranger may call themselves so, and is then refused.
        if (entry is { Party: null, Outcome: AuditOutcome.Success } && Protocol.Systems.Any(s => s.Id == entry.Subject))
            return "This service itself";
        var party = Protocol.Party(entry.Party);
        var name = entry.Agent is { } agent ? Name(agent) : null;
        if (party is null) return entry.Party is null ? "Somebody who did not say who they are" : entry.Party;
        return $"{name ?? (entry.Role is { } role ? Role(role) : "Somebody")} of {party.Name}";
    }

    public string Why(AuditEntry entry) =>
        (Protocol.Purposes.FirstOrDefault(p => p.Code == entry.Purpose && p.Parties.Contains(entry.Party))
            ?? Protocol.Purposes.FirstOrDefault(p => p.Code == entry.Purpose))?.Plain
        ?? "No reason was given.";

    public string What(AuditEntry entry, AuditDetail detail) => detail.Kind switch
    {
        AuditDetailKind.Refused => $"Asked for something about {(isForPerson ? "you" : "this person")} and was refused.",
        AuditDetailKind.Written when entry.Interaction == "delete" => $"Removed something from {Record}.",
        AuditDetailKind.Written => $"Added to {Record} or changed it.",
        _ when entry.Interaction.StartsWith("search", StringComparison.Ordinal) => $"Found {Record} in a search and saw part of it.",
        _ => $"Looked at part of {Record}.",
    };

    public string Record => isForPerson ? "your record" : "this record";

    /// <summary>What each category holds, as the agreement says it to the person.</summary>
    public IReadOnlyList<string> Parts(AuditDetail detail) =>
        [.. Protocol.Categories.Where(c => (work.InForce.Bits.Of(c.Id) & detail.Mask) != 0).Select(c => c.Plain)];

    /// <summary>Who keeps the part of the record that was seen.</summary>
    public string? Holder(AuditDetail detail) => Protocol.Party(detail.Holder)?.Name;

    public IReadOnlyList<string> Rules(AuditDetail detail) => [.. detail.Policies.Select(Rule).OfType<string>().Distinct()];

    private string? Rule(string policy)
    {
        var id = policy[(policy.IndexOf('#') + 1)..];
        return Protocol.Rules.FirstOrDefault(r => r.Id == id)?.Plain
            ?? Protocol.Parties.SelectMany(p => p.Home).Concat(Protocol.Systems.Select(s => s.Home)).FirstOrDefault(h => h.Id == id)?.Plain;
    }

    /// <summary>`A care coordinator`, from the code of a role.</summary>
    private static string Role(string code)
    {
        var words = code.Split('-').Select(word => word switch
        {
            "gp" or "cpn" or "str" => word.ToUpperInvariant(),
            "mh" => "mental health",
            "ig" => "information governance",
            _ => word,
        });
        var text = string.Join(' ', words);
        return $"{("aeio".Contains(text[0]) ? "An" : "A")} {text}";
    }

    /// <summary>Null when the reader's view of the directory has no name for this reference.</summary>
    private string? Name(string reference)
    {
        if (names.TryGetValue(reference, out var known)) return known;
        return names[reference] = Read(reference) is not { } resource ? null
            : resource["practitioner"].TextOf("reference") is { } practitioner && Read(practitioner) is { } person ? NameOf(person)
            : NameOf(resource);
    }

    private Node? Read(string reference)
    {
        if (!Reference.TryKey(reference, out var type, out var id)) return null;
        if (work.Sight.See(work.Snapshot.Find(type, id.ToString())) is not { Version.IsDeleted: false } seen) return null;
        return work.Reading.Parse(work.Show(seen).Body).Root;
    }

    private static string? NameOf(Node resource)
    {
        foreach (var name in resource.All("name"))
        {
            if (name.TextOf("text") is { } text) return text;
            var words = name.All("prefix").ToList().Concat(name.All("given").ToList()).Select(n => n.Text)
                .Append(name.TextOf("family")).OfType<string>();
            if (string.Join(' ', words) is { Length: > 0 } joined) return joined;
        }
        return null;
    }
}
