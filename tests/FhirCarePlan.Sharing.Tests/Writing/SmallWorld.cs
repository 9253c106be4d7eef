using System.Text;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Tests.Labelling;
using FhirCarePlan.Sharing.Tests.Views;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>A handful of stored resources and ties under the shipped partnership protocol: Patient/robin, held by the trust, and the posts
/// of three agencies.</summary>
internal sealed class SmallWorld : IWorld
{
    public const string Robin = "person-robin";
    private static readonly WriteJudge judge = new(new Broker(Partnership.Protocol, Partnership.Bits),
        TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));
    private readonly Dictionary<string, Known> stored = [];
    private readonly List<Tie> ties = [];

    public SmallWorld()
    {
        Store("trust", Robin, """{"resourceType":"Patient","id":"robin"}""");
        foreach (var (post, party, organization) in (ReadOnlySpan<(string, string, string)>)
                 [("care-coordinator", "trust", "rivelin-trust"), ("gp", "practice", "meadow-practice"),
                     ("social-worker", "council", "rivelin-council"), ("housing-officer", "homes", "harbour-homes")])
            Store(party, null,
                $$$"""{"resourceType":"PractitionerRole","id":"{{{post}}}","organization":{"reference":"Organization/{{{organization}}}"}}""");
    }

    public static Caller Coordinator { get; } = Caller("trust", "care-coordinator", "direct-care")
        with
    { PractitionerRole = "PractitionerRole/care-coordinator", Organization = "Organization/rivelin-trust" };
    public static Caller Psychiatrist { get; } = Caller("trust", "psychiatrist", "direct-care");
    public static Caller Governance { get; } = Caller("trust", "ig-lead", "governance");
    public static Caller Gp { get; } = Caller("practice", "gp", "direct-care") with { PractitionerRole = "PractitionerRole/gp" };
    public static Caller SocialWorker { get; } = Caller("council", "social-worker", "social-care")
        with
    { PractitionerRole = "PractitionerRole/social-worker" };
    public static Caller Person { get; } = Caller("people", "patient", "person-access") with { Patient = "Patient/robin" };

    private static Caller Caller(string party, string role, string purpose) =>
        new() { Issuer = "dev", Client = role, Subject = role, Party = party, Role = role, Purpose = purpose };

    public DateTimeOffset Now { get; set; } = new(2025, 6, 1, 9, 0, 0, TimeSpan.Zero);
    public HashSet<string> Hidden { get; } = [];

    public Known? Find(string type, string id) => stored.GetValueOrDefault($"{type}/{id}");
    /// <summary>What the same request has created.</summary>
    public List<Known> New { get; } = [];
    public Known? FindNew(string type, string id) => New.Find(k => k.Type == type && k.Id == id);
    public string? PersonOfPatient(string patientId) => Find("Patient", patientId)?.Person;
    public IReadOnlyList<Tie> Ties(string person) => [.. ties.Where(t => t.Person == person)];
    public bool IsInView(string type, string id) => Find(type, id) != null && !Hidden.Contains($"{type}/{id}");
    public string NewPerson() => "person-new";

    public SmallWorld Store(string holder, string? person, string json)
    {
        var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
        var (type, id) = (document.Type.Name, document.Root.TextOf("id")!);
        stored[$"{type}/{id}"] = new Known(type, id, holder, person, document);
        return this;
    }

    public SmallWorld Tie(string party, long kind, string cause = "EpisodeOfCare/earlier", DateTimeOffset? from = null,
        string asserter = "trust", string? answers = null)
    {
        ties.Add(new Tie(Robin, party, kind, null, from ?? Now.AddYears(-1), null, cause, asserter, answers));
        return this;
    }

    /// <summary>Writes under the id in the body; what is stored under it already is the old version.</summary>
    public Verdict Write(Caller caller, string json)
    {
        var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
        var (type, id) = (document.Type.Name, document.Root.TextOf("id") ?? "new");
        var old = Find(type, id);
        var person = old is null ? Reference.Of(PersonReference.Element(document.Root)) is ("Patient", { } patient)
            ? PersonOfPatient(patient) : null : old.Person;
        return Judge(new Write(caller, old is null ? "create" : "update", type, id, document, old, person));
    }

    public Verdict Delete(Caller caller, string type, string id) =>
        Judge(new Write(caller, "delete", type, id, null, Find(type, id), Find(type, id)!.Person));

    private Verdict Judge(Write write)
    {
        var kinds = write.Person is null
            ? 0 : ties.Where(t => t.Person == write.Person && t.Party == write.Caller.Party && t.Holds(Now))
            .Aggregate(0L, (all, t) => all | t.Kind);
        if (write.Caller.Patient is { } self && PersonOfPatient(self["Patient/".Length..]) == write.Person) kinds |= Relation.Self;
        return judge.Judge(write, kinds, this);
    }
}

internal static class Verdicts
{
    /// <summary>The gate that refused, or the keys of the errors, or `allowed`.</summary>
    public static string Outcome(this Verdict verdict) =>
        verdict.Refusal?.Gate
            ?? (verdict.IsAllowed ? "allowed" : string.Join(' ', verdict.Issues.Where(i => i.IsError).Select(i => i.Key).Distinct()));

    /// <summary>`party kind` of each tie, in order.</summary>
    public static string Opens(this Verdict verdict) =>
        verdict.Effects.Ties is { } ties
            ? string.Join(", ", ties.Select(t => $"{t.Party} {Relations.Describe(t.Kind)}").Order()) : "unchanged";
}
