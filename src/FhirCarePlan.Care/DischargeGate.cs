using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X8: nobody under CPA leaves hospital without an active care plan, a co-ordinator, a place to stay, somebody from social services
/// if aftercare under section 117 is due, and a visit arranged within 72 hours, 7 days before April 2021 (M64, M65). The rule binds when an
/// inpatient Encounter is finished, also when it is recorded as finished, for a person with a CPA episode. It judges everything as of the
/// discharge, so that one recorded late is judged alike. `Extension-CPA-DischargeOverride` with reason and author turns the errors into
/// warnings. A transfer to another hospital and a death need nothing; a discharge to court or prison needs no home and no visit.</summary>
public sealed class DischargeGate : ICareRule
{
    private const string Destination = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland",
        Types = "https://fhir.cpa.example/CodeSystem/CPA-AgencyType";
    private static readonly DateOnly SeventyTwoHours = new(2021, 4, 1);

    public string Id => "X8";
    public IReadOnlyList<string> Reads => ["care-plan-summary", "care-team", "accommodation", "legal-status", "directory"];

    public void Check(Written written, ICase around, Report report)
    {
        if (!IsDischarge(written.Root) || IsDischarge(written.Old) || IsWithinStay(written.Root, around)
            || Episode(written, around) is not { } episode) return;
        var leaves = Periods.TryRead(written.Root["period"], around.Zone, out _, out var end) && end is { } known ? known : around.Now;
        var missing = Missing(written, episode.Document.Root, leaves, around).ToList();
        if (missing.Count == 0) return;
        var isOverridden = IsOverridden(written, around, report);
        foreach (var what in missing)
            // What to do about it comes after the first sentence; it is done.
            if (isOverridden) report.Warning(IssueType.BusinessRule, written.Root, Id, $"Discharged by override, without {what.Split(". ")[0]}");
            else report.Error(IssueType.BusinessRule, written.Root["status"], Id, $"Discharge needs {what}");
    }

    private static IEnumerable<string> Missing(Written written, Node episode, DateTimeOffset leaves, ICase around)
    {
        if (!around.All(written.Person, "CarePlan").Any(p => Held(p.Document.Root, leaves, around)))
            yield return "an active care plan. Activate the person's CPA care plan first";
        var team = around.All(written.Person, "CareTeam").Where(t => Cpa.IsActiveTeam(t.Document.Root))
            .SelectMany(t => Participant.Of(t.Document.Root, around.Zone)).Where(p => p.WasMember(leaves)).ToList();
        if (!team.Exists(p => p.HasRole(Participant.Coordinator)))
            yield return "a care co-ordinator. Name one in the person's care team";
        var isHeld = GoesTo(written.Root, "37", "38");
        if (!isHeld && Accommodation(written, leaves, around) is { } homeless) yield return homeless;
        if (HasAftercare(episode) && !HasSocialServices(team, around))
            yield return "somebody from social services, because aftercare under section 117 is due. Add a social worker of the council to "
                + "the care team";
        var (hours, within) = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(leaves, around.Zone).DateTime) < SeventyTwoHours
            ? (7 * 24, "7 days") : (72, "72 hours");
        if (!isHeld && !around.All(written.Person, "Appointment", null)
            .Any(a => IsArranged(a.Document.Root, leaves, leaves.AddHours(hours), around.Zone)))
            yield return $"a visit within {within} of the discharge. Book an Appointment with the person";
    }

    /// <summary>A finished stay of an inpatient, from which the person goes anywhere but to another hospital.</summary>
    private static bool IsDischarge(Node encounter) =>
        !encounter.IsMissing && encounter.Type.Name == "Encounter" && encounter.TextOf("status") == "finished"
            && encounter["class"].TextOf("code") is "IMP" or "ACUTE" or "NONAC"
        && !Cpa.IsReview(encounter) && !GoesTo(encounter, "30", "48", "49", "50", "51", "52", "53", "79", "84", "87");

    /// <summary>Part of a stay that goes on, such as some weeks on another ward.</summary>
    private static bool IsWithinStay(Node encounter, ICase around) =>
        around.Find(encounter["partOf"]) is { } stay && stay.Document.Root.TextOf("status") != "finished";

    private static bool GoesTo(Node encounter, params ReadOnlySpan<string> destinations)
    {
        foreach (var coding in encounter["hospitalization"]["dischargeDisposition"].All("coding"))
            if (coding.TextOf("system") == Destination && coding.TextOf("code") is { } code && destinations.Contains(code)) return true;
        return false;
    }

    /// <summary>The CPA episode that the stay belongs to: the one it names, else one that is open.</summary>
    private static Recorded? Episode(Written written, ICase around)
    {
        foreach (var reference in written.Root.All("episodeOfCare"))
            if (around.Find(reference) is { } named && Cpa.IsEpisode(named.Document.Root)) return named;
        return around.All(written.Person, "EpisodeOfCare")
            .FirstOrDefault(e => Cpa.IsEpisode(e.Document.Root) && e.Document.Root.TextOf("status") is "active" or "onhold");
    }

    /// <summary>Active, or ended since: then its period holds the discharge.</summary>
    private static bool Held(Node plan, DateTimeOffset at, ICase around)
    {
        if (!Cpa.IsPlan(plan) || !plan["partOf"].IsMissing) return false;
        if (Cpa.IsActive(plan)) return true;
        return plan.TextOf("status") is "completed" or "revoked" && Periods.TryRead(plan["period"], around.Zone, out var from, out var to)
            && from <= at && to >= at;
    }

    /// <summary>What is wrong with the latest record of where the person lives; null when they have a place to stay.</summary>
    private static string? Accommodation(Written written, DateTimeOffset leaves, ICase around)
    {
        const string codes = "https://fhir.cpa.example/CodeSystem/CPA-ObservationCode";
        Node latest = default;
        DateTimeOffset? since = null;
        foreach (var known in around.All(written.Person, "Observation", "accommodation"))
        {
            var observation = known.Document.Root;
            if (!HasCode(observation["code"], codes, "accommodation") || observation.TextOf("status") is "entered-in-error" or "cancelled")
                continue;
            var effective = observation["effective"];
            if (effective.IsMissing
                || !(effective.Type.Name == "Period"
                ? Periods.TryRead(effective, around.Zone, out var from, out _)
                : Periods.TryReadDay(effective, around.Zone, out from))) continue;
            if (from > leaves || since >= from) continue;
            (latest, since) = (observation, from);
        }
        if (latest.IsMissing) return "a place to stay. Record the accommodation the person goes to";
        foreach (var component in latest.All("component"))
            if (HasCode(component["code"], codes, "settled-accommodation"))
                return Cpa.CodeOf(component["value"]) is "Y"
                    ? null
                    : $"a place to stay: the settled indicator of the latest accommodation on record is "
                    + $"`{Cpa.CodeOf(component["value"])}`; it must be `Y`. Find and record one";
        return "a place to stay: the latest accommodation on record does not say whether it is settled. Add the indicator";
    }

    private static bool HasCode(Node concept, string system, string code)
    {
        foreach (var coding in concept.All("coding"))
            if (coding.TextOf("code") == code && coding.TextOf("system") == system) return true;
        return false;
    }

    private static bool HasAftercare(Node episode)
    {
        var section = Cpa.Extension(episode, "Section117");
        return Cpa.Part(section, "eligible") is { IsMissing: false } eligible && eligible.ValueEquals("true"u8)
            && (Cpa.Part(section, "endNHS").IsMissing || Cpa.Part(section, "endLA").IsMissing);
    }

    /// <summary>A member whose organization is one of social services; by their role where the organization is not on record.</summary>
    private static bool HasSocialServices(List<Participant> team, ICase around)
    {
        around.Fetch(team.Select(p => p.Agency).Concat(team.Select(p => p.Member)));
        around.Fetch(team.SelectMany(p => around.Find(p.Member) is { Type: "PractitionerRole" } post
            ? Referred.FromPost(post.Document.Root) : []));
        return team.Exists(IsOfCouncil);

        bool IsOfCouncil(Participant participant)
        {
            var agency = around.Find(participant.Member) is { Type: "PractitionerRole" } post
                ? around.Find(post.Document.Root["organization"]) : around.Find(participant.Agency);
            return agency is null
                ? participant.HasRole("social-worker") : Cpa.Has(agency.Document.Root, "type", Types, "local-authority-social-services");
        }
    }

    private static bool IsArranged(Node appointment, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone) =>
        appointment.TextOf("status") is "booked" or "arrived" or "checked-in" or "fulfilled" or "noshow"
        && Periods.TryReadDay(appointment["start"], zone, out var start) && start >= from && start <= to;

    /// <summary>With a reason, by a named colleague of the writer; half an override is an error of its own.</summary>
    private bool IsOverridden(Written written, ICase around, Report report)
    {
        var given = Cpa.Extension(written.Root, "DischargeOverride");
        if (given.IsMissing) return false;
        var author = Cpa.Part(given, "author");
        var isAuthored = Reference.Of(author).Local is { } who
            && (who == around.Post || around.Find(who) is { Type: "PractitionerRole" } post && post.IsOurs);
        if (isAuthored && !string.IsNullOrWhiteSpace(Cpa.Part(given, "reason").IsMissing ? null : Cpa.Part(given, "reason").Text))
            return true;
        report.Error(IssueType.BusinessRule, given, Id,
            "An override needs a `reason` and an `author`: your post, or that of a colleague who answers for it. Give both");
        return false;
    }
}
