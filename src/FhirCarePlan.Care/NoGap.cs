using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X5: no day without a co-ordinator (M52, M70). In an active team's list of co-ordinators, past ones included, each begins no
/// later than the day after the previous one ends, and only one who has agreed takes over. Nobody is removed from the list: a co-ordinator
/// who stops gets an end date. Overlaps are fine. The rule reads only the team, so it binds from the first.</summary>
public sealed class NoGap : ICareRule
{
    public string Id => "X5";
    public IReadOnlyList<string> Reads => [];

    public void Check(Written written, ICase around, Report report)
    {
        if (!Cpa.IsActiveTeam(written.Root)) return;
        var coordinators = Coordinators(written.Root, around.Zone);
        Kept(written, coordinators, around.Zone, report);
        Covered(written.Root, coordinators, report);
    }

    private readonly record struct Service(Node Node, string? Member, DateOnly From, DateOnly? To, bool IsAgreed);

    /// <summary>In the order in which they began; one without a start has always been there.</summary>
    private static List<Service> Coordinators(Node team, TimeZoneInfo zone)
    {
        var services = new List<Service>();
        foreach (var participant in Participant.Of(team, zone))
            if (participant.HasRole(Participant.Coordinator))
                services.Add(new Service(participant.Node, participant.Member, Cpa.Day(participant.Node["period"]["start"], zone)
                    ?? DateOnly.MinValue,
                    Cpa.Day(participant.Node["period"]["end"], zone), participant.Agreement == "agreed"));
        services.Sort((a, b) => a.From.CompareTo(b.From));
        return services;
    }

    private void Kept(Written written, List<Service> now, TimeZoneInfo zone, Report report)
    {
        if (!Cpa.IsActiveTeam(written.Old)) return;
        foreach (var before in Coordinators(written.Old, zone))
            if (before.Member != null && !now.Exists(n => n.Member == before.Member))
            {
                report.Error(IssueType.BusinessRule, written.Root, Id,
                    "A co-ordinator of the previous version is missing. Keep the entry and give it an end date, so that it stays known "
                    + "who was responsible when");
                return;
            }
    }

    private void Covered(Node team, List<Service> coordinators, Report report)
    {
        DateOnly? until = null;
        var isOpen = false;
        var hasAny = false;
        Node last = default;
        foreach (var service in coordinators)
        {
            // A co-ordinator who has not agreed covers no day, so nobody's time may end because of them.
            if (!service.IsAgreed) continue;
            if (hasAny && !isOpen && service.From > After(until!.Value))
                report.Error(IssueType.BusinessRule, service.Node, Id,
                    $"Between `{until:yyyy-MM-dd}` and `{service.From:yyyy-MM-dd}` nobody co-ordinates. The next co-ordinator must begin "
                    + $"no later than the day after the previous one ends");
            (hasAny, isOpen, last) = (true, isOpen || service.To is null, service.Node);
            if (until is null || service.To > until) until = service.To;
        }
        if (hasAny && !isOpen)
            report.Error(IssueType.BusinessRule, last, Id,
                "The last co-ordinator's time ends, and nobody who has agreed follows. Leave it open until the next one's participation "
                + "is `agreed`, or end the team");
        static DateOnly After(DateOnly day) => day == DateOnly.MaxValue ? day : day.AddDays(1);
    }
}
