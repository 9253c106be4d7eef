using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Tests;

/// <summary>One care plan, five readers: under the shipped partnership each sees of the samples what the agreement says.</summary>
public class FiveReadersTests
{
    private static readonly DateTimeOffset now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly Protocol protocol = ShippedProtocolsTests.Partnership;
    private static readonly ProtocolBits bits = ProtocolBits.InOrder(protocol);
    private static readonly Broker broker = new(protocol, bits);
    private static readonly Labeller labeller = new(protocol, bits, TimeProvider.System);
    private static readonly Dictionary<string, byte[]> samples = Read();
    private static readonly Dictionary<string, long> roots = Roots();

    [Fact]
    public void The_care_co_ordinator_sees_the_whole_plan() =>
        Assert.Equal(JsonNode.Parse(samples["CarePlan/robin-plan"])!.AsObject().Select(p => p.Key).Except(["meta"]), View("care-coordinator", "CarePlan/robin-plan")!.AsObject().Select(p => p.Key).Except(["meta"]));

    [Fact]
    public void Each_of_the_five_sees_another_plan()
    {
        var views = new[] { "care-coordinator", "gp", "social-worker", "housing-officer", "person" }.Select(who => View(who, "CarePlan/robin-plan")!.ToJsonString()).ToList();
        Assert.Equal(5, views.Distinct().Count());
    }

    [Theory]
    [InlineData("gp", "medication", true)]
    [InlineData("gp", "accommodation", false)]
    [InlineData("social-worker", "accommodation", true)]
    [InlineData("social-worker", "medication", false)]
    [InlineData("housing-officer", "accommodation", true)]
    [InlineData("housing-officer", "medication", false)]
    [InlineData("housing-officer", "substance-misuse", false)]
    [InlineData("person", "medication", true)]
    public void Activities_go_by_their_domain(string who, string domain, bool isSeen)
    {
        var activities = View(who, "CarePlan/robin-plan")!["activity"]?.AsArray().Select(a => a!.ToJsonString()).ToList() ?? [];
        Assert.Equal(isSeen, activities.Exists(a => domain == "medication" ? a.Contains("MedicationRequest") : a.Contains($"\"{domain}\"")));
    }

    [Theory]
    [InlineData("gp", "Condition/robin-schizophrenia", true)]
    [InlineData("gp", "Condition/robin-need-money", false)]
    [InlineData("social-worker", "Condition/robin-need-money", true)]
    [InlineData("social-worker", "Condition/robin-schizophrenia", false)]
    [InlineData("housing-officer", "Condition/robin-need-accommodation", true)]
    [InlineData("housing-officer", "Condition/robin-schizophrenia", false)]
    [InlineData("housing-officer", "Condition/robin-alcohol", false)]
    [InlineData("housing-officer", "Patient/robin", true)]
    [InlineData("housing-officer", "CareTeam/robin-team", true)]
    [InlineData("housing-officer", "CarePlan/robin-crisis-plan", true)]
    [InlineData("housing-officer", "RiskAssessment/robin-risk", false)]
    [InlineData("housing-officer", "QuestionnaireResponse/robin-assessment", false)]
    [InlineData("housing-officer", "Observation/robin-accommodation", true)]
    [InlineData("housing-officer", "Observation/robin-employment", false)]
    [InlineData("housing-officer", "Goal/robin-goal-home", true)]
    [InlineData("housing-officer", "Goal/robin-goal-drink", false)]
    [InlineData("housing-officer", "Task/robin-task-rent", true)]
    [InlineData("housing-officer", "Consent/robin-consent-sharing", false)]
    [InlineData("psychiatrist", "Condition/robin-schizophrenia", true)]
    [InlineData("person", "Condition/robin-schizophrenia", true)]
    [InlineData("person", "Consent/robin-consent-sharing", true)]
    [InlineData("carer", "CarePlan/robin-crisis-plan", false)]
    [InlineData("voluntary-worker", "CarePlan/robin-plan", false)]
    [InlineData("housing-officer", "Organization/rivelin-trust", true)]
    [InlineData("voluntary-worker", "PractitionerRole/care-coordinator", true)]
    public void Resources_go_by_their_category(string who, string resource, bool isSeen) => Assert.Equal(isSeen, View(who, resource) is not null);

    [Fact]
    public void The_landlord_reads_whom_to_call_and_what_to_do_in_a_crisis()
    {
        var plan = View("housing-officer", "CarePlan/robin-crisis-plan")!;
        Assert.Equal(4, plan["activity"]!.AsArray().Count);
        Assert.Contains("Extension-CPA-Help24h", plan.ToJsonString());
        Assert.DoesNotContain("Extension-CPA-CarerInvolvement", plan.ToJsonString());
        Assert.NotNull(plan["author"]);
    }

    [Fact]
    public void Nothing_in_the_samples_is_left_to_other()
    {
        // Content that no category claims would be hidden from everybody but the holder; the samples have none. (Lists and provenance are
        // for their holder alone, on purpose.)
        foreach (var (reference, json) in samples.Where(s => !s.Key.StartsWith("List/", StringComparison.Ordinal) && !s.Key.StartsWith("Provenance/", StringComparison.Ordinal)))
        {
            using var document = JsonParser.Parse(json, new Report())!;
            var labels = labeller.Label(document, target: r => roots.TryGetValue(r, out var root) ? root : null);
            for (var i = 0; i < document.Count; i++)
                if (!document[i].Location.Contains(".meta", StringComparison.Ordinal))
                    Assert.True((labels[i] & bits.Other) == 0, $"{reference}: {document[i].Location}");
        }
    }

    // ---- views ------------------------------------------------------------------------------------------------------------

    private static JsonNode? View(string who, string reference)
    {
        var permitted = Permitted(who, reference.Split('/')[0]);
        using var document = JsonParser.Parse(samples[reference], new Report())!;
        var labels = labeller.Label(document, target: r => roots.TryGetValue(r, out var root) ? root : null);
        if ((labels.Root & ~permitted) != 0) return null;
        var body = CanonicalJson.Write(document);
        using var stored = JsonParser.Parse(body, new Report())!;
        var packed = LabelBytes.Pack(stored, labeller.Label(stored, target: r => roots.TryGetValue(r, out var root) ? root : null), body);
        return JsonNode.Parse(Sharing.Views.View.Write(body, packed, permitted, null));
    }

    private static long Permitted(string who, string type)
    {
        var (party, role, purpose, kinds) = who switch
        {
            "care-coordinator" => ("trust", "care-coordinator", "direct-care", Relation.Episode | Relation.TeamFull),
            "psychiatrist" => ("trust", "psychiatrist", "direct-care", Relation.Episode | Relation.TeamFull),
            "gp" => ("practice", "gp", "direct-care", Relation.Registered | Relation.TeamFull),
            "social-worker" => ("council", "social-worker", "social-care", Relation.TeamFull),
            "housing-officer" => ("homes", "housing-worker", "housing-support", Relation.TeamPlan),
            "person" => ("people", "patient", "person-access", Relation.Self),
            "carer" => ("carers", "carer", "carer-support", Relation.Carer | Relation.TeamCrisisOnly),
            _ => ("voluntary", "voluntary-sector-worker", "voluntary-support", 0L),
        };
        var caller = new Caller
        {
            Issuer = "dev", Client = who, Subject = who, Party = party, Role = role, Purpose = purpose,
            Organization = protocol.Party(party)!.Organizations[0], PractitionerRole = $"PractitionerRole/{who}", RelatedPerson = who == "carer" ? "RelatedPerson/carer" : null,
        };
        var hasPerson = type is not ("Organization" or "Practitioner" or "PractitionerRole");
        return broker.Permitted(new Question(caller, "read", type, party == "trust", hasPerson, kinds, Consent()), now);
    }

    private static ConsentState Consent()
    {
        using var document = JsonParser.Parse(samples["Consent/robin-consent-sharing"], new Report())!;
        var reading = ConsentReader.Read(document, new Recorder("trust", true, false, false));
        Assert.Empty(reading.Issues);
        return ConsentState.InForce([("robin-consent-sharing", reading.Facts!.Text)], now).State;
    }

    private static Dictionary<string, byte[]> Read()
    {
        var read = new Dictionary<string, byte[]>();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "samples", "partnership"), "*-*.json"))
        {
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            read[$"{json["resourceType"]}/{json["id"]}"] = Encoding.UTF8.GetBytes(json.ToJsonString());
        }
        return read;
    }

    private static Dictionary<string, long> Roots()
    {
        var roots = new Dictionary<string, long>();
        foreach (var (reference, json) in samples)
        {
            using var document = JsonParser.Parse(json, new Report())!;
            roots[reference] = labeller.Label(document).Root;
        }
        return roots;
    }
}
