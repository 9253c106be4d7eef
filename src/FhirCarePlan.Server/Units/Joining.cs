using System.Text.Json.Nodes;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Server.Units;

/// <summary>X17: a member of another agency who joins a care team gets access only if the person's permit names the agency, the member or
/// the team. Otherwise they are stored with the access level `none`, and the answer says so. A member who had a level keeps it: withdrawn
/// consent is the broker's business. Colleagues, the person and their carers need no permit. The rule reads the Consents in the writer's
/// view, as they were before the transaction, because it widens (src/docs/sharing.md#transactions).</summary>
public static class Joining
{
    public const string Id = "X17";
    private const string AccessLevel = "https://fhir.cpa.example/StructureDefinition/Extension-CPA-AccessLevel",
        Levels = "https://fhir.cpa.example/CodeSystem/CPA-AccessLevel";

    /// <summary>The team to be stored: as sent, or a copy in which some members have no access.</summary>
    public static Document Apply(Work work, string teamId, Document team, Known? old, string? person, Report report)
    {
        if (person is null || !Cpa.IsTeam(team.Root) || work.InForce.Protocol.IsSoleParty) return team;
        List<int>? refused = null;
        HashSet<string>? named = null;
        var had = old is null ? [] : WithAccess(old.Document.Root);
        var position = -1;
        foreach (var participant in team.Root.All("participant"))
        {
            position++;
            if (Level(participant) == "none" || Reference.Of(participant["member"]).Local is not { } member || had.Contains(member))
                continue;
            if (AgencyOf(participant, work) is not { } agency || PartyOf(agency, work) == work.Caller.Party) continue;
            named ??= Named(work, person);
            if (named.Contains(member) || named.Contains($"CareTeam/{teamId}") || named.Contains(PartyOf(agency, work) ?? agency)) continue;
            (refused ??= []).Add(position);
            report.Warning(IssueType.BusinessRule, participant, Id,
                "Stored with the access level `none`: no Consent in your view permits sharing with this member's agency. Record the "
                    + "person's consent, then raise the level");
        }
        return refused is null ? team : WithoutAccess(work, team, refused);
    }

    private static HashSet<string> WithAccess(Node team)
    {
        var members = new HashSet<string>(StringComparer.Ordinal);
        foreach (var participant in team.All("participant"))
            if (Level(participant) != "none" && Reference.Of(participant["member"]).Local is { } member) members.Add(member);
        return members;
    }

    private static string? Level(Node participant) => Cpa.CodeOf(Cpa.Extension(participant, "AccessLevel")["value"]);

    /// <summary>The organization a member acts for; null for the person and their carers, who are not an agency.</summary>
    private static string? AgencyOf(Node participant, Work work) => Reference.Of(participant["member"]) switch
    {
        ("Organization", { } id) => $"Organization/{id}",
        ("PractitionerRole", { } id) =>
            work.World.Find("PractitionerRole", id) is { } post
            ? Reference.Of(post.Document.Root["organization"]).Local : Stated(participant),
        ("CareTeam", _) or ("Practitioner", _) => Stated(participant),
        _ => null,
    };

    private static string? Stated(Node participant) =>
        Reference.Of(Cpa.Extension(participant, "Agency")["value"]).Local ?? "Organization/?";

    private static string? PartyOf(string agency, Work work) => work.InForce.Protocol.PartyOfOrganization(agency)?.Id;

    /// <summary>The recipients of permits now in force: parties by their id, others by their reference.</summary>
    private static HashSet<string> Named(Work work, string person)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        var rows = work.Snapshot.Consents(person);
        var isSystem = work.Caller.Issuer == SystemActor.Issuer;
        var inView = isSystem ? [] : work.Snapshot.FindAll([.. rows.Select(r => ("Consent", r.ConsentId)).Distinct()])
            .Where(v => !v.IsDeleted && work.Sight.See(v) != null).Select(v => v.Id).ToHashSet();
        foreach (var row in rows)
        {
            if (!isSystem && !inView.Contains(row.ConsentId)) continue;
            foreach (var statement in ConsentFacts.Parse(row.Facts).At(work.Now))
                if (statement is { IsPermit: true, Scope: [{ To: { } recipients }, ..] })
                    foreach (var recipient in recipients) named.Add(PartyOf(recipient, work) ?? recipient);
        }
        return named;
    }

    private static Document WithoutAccess(Work work, Document team, List<int> refused)
    {
        var root = JsonNode.Parse(CanonicalJson.Write(team))!;
        foreach (var position in refused)
        {
            var participant = root["participant"]![position]!;
            var extensions = participant["extension"] as JsonArray ?? [];
            for (var i = extensions.Count - 1; i >= 0; i--)
                if (extensions[i]?["url"]?.GetValue<string>() == AccessLevel) extensions.RemoveAt(i);
            extensions.Add(new JsonObject
            {
                ["url"] = AccessLevel,
                ["valueCodeableConcept"] =
                    new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Levels, ["code"] = "none" }) },
            });
            participant["extension"] ??= extensions;
        }
        return work.Reading.Parse(System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()));
    }
}
