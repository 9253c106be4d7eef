using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Tests.Labelling;
using FhirCarePlan.Sharing.Tests.Views;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Whom a resource is about is decidable, in every form and for every type that says so; under one organisation's own protocol a
/// Consent alone must be.</summary>
public class AboutRuleTests
{
    private static readonly Sharing.Protocol Sole =
        ProtocolFolder.Load(Path.Combine(Repository.Root, "profiles", "sharing", "single-organisation.yaml"),
            new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero)).Protocol!;

    public static TheoryData<string, bool> Forms => new()
    {
        { """{"reference":"Patient/robin"}""", true },
        { """{"reference":"Patient/robin/_history/3"}""", true },
        { """{"reference":"Patient/robin","display":"somebody else"}""", true },
        { """{"reference":"Patient/robin#other"}""", false },
        { """{"reference":"Patient/robin/"}""", false },
        { """{"reference":"http://elsewhere.example/fhir/Patient/robin"}""", false },
        { """{"reference":"urn:uuid:3f0b9cbe-9b0e-4f3c-8f43-3b0f5b0c6a11"}""", false },
        { """{"reference":"urn:oid:1.2.3"}""", false },
        { """{"reference":"#robin"}""", false },
        { """{"reference":"#"}""", false },
        { """{"reference":"Patient?identifier=1"}""", false },
        { """{"reference":"Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9994127004"}""", false },
        { """{"reference":"robin"}""", false },
        { """{"reference":"patient/robin"}""", false },
        { """{"reference":"Dragon/robin"}""", false },
        { """{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9994127004"}}""", false }, // what the server found is beside it as `reference`
        { """{"type":"Patient","identifier":{"value":"1"}}""", false },
        { """{"display":"Robin Ashgrove"}""", false },
        { """{"type":"Patient","display":"Robin Ashgrove"}""", false },
        { """{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}""", false },
    };

    /// <summary>Every type of R4 that says whom it is about, by its own words.</summary>
    private static IEnumerable<(string Type, Func<string, string> With)> Places()
    {
        foreach (var name in R4.ResourceTypes.Except(["Patient", "Consent", "Appointment", "Provenance"]))
            foreach (var element in R4.Type(name)!.Elements)
                if (element.Name is "subject" or "patient" or "for" or "beneficiary" or "individual" or "candidate"
                    && element.Choice("Reference") is { } choice
                    && (choice.Targets.Count == 0 || choice.Targets.Contains("Patient") || choice.Targets.Contains("Resource")))
                    yield return (name,
                        who =>
                        $$"""{"resourceType":"{{name}}","{{(element.IsChoice ? element.Name + "Reference" : element.Name)}}":{{(element.IsCollection ? $"[{who}]" : who)}}}""");
        yield return ("Provenance", who => $$"""{"resourceType":"Provenance","target":[{"reference":"Patient/robin"},{{who}}]}""");
        yield return ("Appointment", who => $$"""{"resourceType":"Appointment","participant":[{"actor":{{who}}}]}""");
        yield return ("Consent", who => $$"""{"resourceType":"Consent","patient":{{who}}}""");
    }

    [Fact]
    public void Every_type_of_the_patient_compartment_that_has_one_subject_is_meant()
    {
        var places = Places().Select(p => p.Type).ToHashSet();
        Assert.True(places.Count > 60);
        // Types that R4 ties to a patient by another element are about several persons, or about other participants: only their holder sees
        // them.
        Assert.Equal("AppointmentResponse AuditEvent Group Patient Person Schedule SupplyRequest",
            string.Join(' ', R4.ResourceTypes.Where(t => R4.Compartment("Patient", t).Count > 0 && !places.Contains(t))));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void In_a_partnership_the_person_is_decidable(string who, bool isDecidable)
    {
        foreach (var (type, with) in Places())
            Assert.True(isDecidable == (Issues(Partnership.Protocol, with(who)).Count == 0), $"{type} {who}");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Alone_the_person_of_a_consent_is_decidable(string who, bool isDecidable)
    {
        foreach (var (type, with) in Places())
        {
            var isConditional = who.Contains("Patient?", StringComparison.Ordinal);
            Assert.True((type == "Consent" ? isDecidable : !isConditional) == (Issues(Sole, with(who)).Count == 0), $"{type} {who}");
        }
    }

    [Theory]
    [InlineData("Group/carers", true)]
    [InlineData("Device/tag", true)]
    [InlineData("Group/hidden", false)]
    [InlineData("Group/never-was", false)]
    public void What_is_no_person_must_be_in_view(string target, bool isInView)
    {
        var world = new SmallWorld().Tie("trust", Relation.Episode).Store("trust", null, """{"resourceType":"Group","id":"carers"}""")
            .Store("trust", null, """{"resourceType":"Group","id":"hidden"}""")
                .Store("trust", null, """{"resourceType":"Device","id":"tag"}""");
        world.Hidden.Add("Group/hidden");
        var flag = $$"""{"resourceType":"Flag","id":"f","status":"active","subject":{"reference":"{{target}}"} }""";
        Assert.Equal(!isInView, world.Write(SmallWorld.Coordinator, flag).Issues.Any(i => i.Key == "reference"));
    }

    [Fact]
    public void A_consent_names_a_person()
    {
        foreach (var protocol in (Sharing.Protocol[])[Partnership.Protocol, Sole])
        {
            Assert.Equal("Consent", Assert.Single(Issues(protocol, """{"resourceType":"Consent","status":"active"}""")).Expression);
            Assert.Equal("Consent.patient",
                Assert.Single(Issues(protocol, """{"resourceType":"Consent","patient":{"reference":"Group/carers"} }""")).Expression);
        }
        Assert.Equal("reference", Assert.Single(Issues(Sole, """{"resourceType":"Consent","patient":{"reference":"Patient/never-was"} }"""))
            .Key);
    }

    [Theory]
    [InlineData("""{"reference":"Organization/harbour-homes"}""", true)] // the protocol lists it
    [InlineData("""{"reference":"Organization/harbour-homes/_history/1"}""", true)]
    [InlineData("""{"reference":"PractitionerRole/gp"}""", true)]
    [InlineData("""{"reference":"Organization/harbour-house"}""", false)]
    [InlineData("""{"reference":"PractitionerRole/hidden"}""", false)]
    [InlineData("""{"reference":"http://elsewhere.example/Organization/harbour-homes"}""", false)]
    [InlineData("""{"reference":"harbour-homes"}""", false)]
    [InlineData("""{"reference":"#homes"}""", false)]
    [InlineData("""{"identifier":{"value":"RX1"}}""", false)]
    [InlineData("""{"display":"Harbour Homes"}""", false)]
    public void The_actors_of_a_consent_exist_however_deep_they_stand(string actor, bool exists)
    {
        var provision = $$"""{"actor":[{"reference":{{actor}}}]}""";
        for (var (depth, place) = (0, "Consent.provision"); depth < 3; depth++)
        {
            var issues = Issues(Partnership.Protocol,
                $$"""{"resourceType":"Consent","patient":{"reference":"Patient/robin"},"provision":{{provision}} }""");
            Assert.Equal(exists ? "" : $"consent-actor {place}.actor[0].reference",
                string.Join(',', issues.Select(i => $"{i.Key} {i.Expression}")));
            (provision, place) = ($$"""{"provision":[{{provision}}]}""", place + ".provision[0]");
        }
    }

    [Fact]
    public void A_consent_whose_actor_has_gone_can_be_ended()
    {
        const string Consent =
            """{"resourceType":"Consent","id":"c","patient":{"reference":"Patient/robin"},"provision":{"actor":[{"reference":{"reference":"CareTeam/gone"} }]} }""";
        var world = new SmallWorld().Store("trust", SmallWorld.Robin, Consent);
        Assert.Empty(Issues(Partnership.Protocol, Consent, world));
    }

    [Theory]
    [InlineData("""{"reference":"Patient/robin"}|{"display":"Dr Moss"}""", "")]
    [InlineData("""{"reference":"Patient/robin"}|{"reference":"http://elsewhere.example/Practitioner/moss"}""", "")]
    [InlineData("""{"reference":"Patient/robin"}|{"type":"Practitioner","identifier":{"value":"1"}}""", "")]
    [InlineData("""{"reference":"PractitionerRole/gp"}""", "")]
    [InlineData("""{"reference":"Patient/robin"}|{"identifier":{"value":"1"}}""", "Appointment.participant[1].actor")]
    [InlineData("""{"reference":"Patient/robin"}|{"reference":"http://elsewhere.example/Patient/else"}""",
        "Appointment.participant[1].actor")]
    [InlineData("""{"reference":"Patient/robin"}|{"reference":"Patient/never-was"}""", "Appointment.participant[1].actor")]
    [InlineData("""{"reference":"PractitionerRole/gp"}|{"display":"Robin"}""", "Appointment.participant[1].actor")]
    public void Of_those_who_meet_the_person_must_be_decidable(string actors, string place)
    {
        var participants = string.Join(',', actors.Split('|').Select(a => $$"""{"actor":{{a}}}"""));
        Assert.Equal(place,
            string.Join(',', Issues(Partnership.Protocol, $$"""{"resourceType":"Appointment","participant":[{{participants}}]}""")
            .Select(i => i.Expression)));
    }

    [Fact]
    public void Undecidable_answers_before_any_right_and_says_which_forms_do()
    {
        var issue = Assert.Single(new SmallWorld()
            .Write(SmallWorld.SocialWorker, """{"resourceType":"Condition","id":"c","subject":{"reference":"robin"} }""").Issues);
        Assert.Equal(("about", "Condition.subject"), (issue.Key, issue.Expression));
        foreach (var form in (string[])["Patient/[id]", "absolute address", "NHS number", "urn:uuid"])
            Assert.Contains(form, issue.Text, StringComparison.Ordinal);
    }

    private static List<Issue> Issues(Sharing.Protocol protocol, string json, SmallWorld? world = null)
    {
        world ??= new SmallWorld().Store("trust", null, """{"resourceType":"PractitionerRole","id":"hidden"}""");
        world.Hidden.Add("PractitionerRole/hidden");
        var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
        var issues = new List<Issue>();
        var (type, id) = (document.Type.Name, document.Root.TextOf("id") ?? "new");
        var old = world.Find(type, id);
        var isDecidable = new AboutRule(protocol)
            .IsDecidable(new Write(SmallWorld.Coordinator, old is null ? "create" : "update", type, id, document, old, null), world,
            issues);
        Assert.Equal(issues.Count == 0, isDecidable);
        return issues;
    }
}
