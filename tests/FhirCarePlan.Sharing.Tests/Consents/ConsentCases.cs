using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using YamlDotNet.RepresentationModel;

namespace FhirCarePlan.Sharing.Tests.Consents;

/// <summary>tests/cases/sharing/consents.yaml: Consents as a person would mean them, made into FHIR, read, and decided under the partnership.</summary>
public class ConsentCases
{
    private const string V3 = "http://terminology.hl7.org/CodeSystem/v3-";

    private static readonly IReadOnlyList<YamlMappingNode> cases = Read();

    private static readonly Dictionary<string, (string Party, string Role, string Purpose, long Kinds)> readers = new()
    {
        ["housing-officer"] = ("homes", "housing-worker", "housing-support", Relation.TeamFull),
        ["gp"] = ("practice", "gp", "direct-care", Relation.Registered),
        ["social-worker"] = ("council", "social-worker", "social-care", Relation.TeamFull),
        ["care-coordinator"] = ("trust", "care-coordinator", "direct-care", Relation.Episode | Relation.TeamFull),
        ["person"] = ("people", "patient", "person-access", Relation.Self),
        ["carer"] = ("carers", "carer", "carer-support", Relation.Carer),
    };

    public static TheoryData<int, string> Decided => Cases(c => !Has(c, "refused"));
    public static TheoryData<int, string> Refused => Cases(c => Has(c, "refused"));

    [Theory]
    [MemberData(nameof(Decided))]
    public void Means_what_the_person_means(int number, string why)
    {
        var given = cases[number];
        var at = Text(given, "at") is { } time ? DateTimeOffset.Parse(time) : new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
        var rows = List(given, "consents").Select((consent, i) => (Id: $"c{i}", Reading: ReadConsent((YamlMappingNode)consent))).ToList();
        Assert.All(rows, row => Assert.Equal([], row.Reading.Issues.Where(i => i.IsError)));
        var (state, _) = ConsentState.InForce(rows.Where(r => r.Reading.Facts is not null).Select(r => (r.Id, r.Reading.Facts!.Text)), at);

        var (party, role, purpose, kinds) = readers[Text(given, "as")!];
        var caller = new Caller
        {
            Issuer = "dev", Client = "c", Subject = "s", Party = party, Role = role, Purpose = purpose,
            Organization = ShippedProtocolsTests.Partnership.Party(party)!.Organizations[0],
            RelatedPerson = role == "carer" ? "RelatedPerson/wren" : null,
            Patient = role == "patient" ? "Patient/robin" : null,
        };
        var broker = new Broker(ShippedProtocolsTests.Partnership, ProtocolBits.InOrder(ShippedProtocolsTests.Partnership));
        var question = new Question(caller, "read", Text(given, "type") ?? "CarePlan", Text(given, "home") == "true", true, kinds, state);
        var permitted = broker.Permitted(question, at);

        foreach (var name in List(given, "sees").Select(n => n.ToString())) Assert.True((permitted & broker.Bits.Of(name)) != 0, $"lacks {name}: {why}");
        foreach (var name in List(given, "lacks").Select(n => n.ToString())) Assert.True((permitted & broker.Bits.Of(name)) == 0, $"sees {name}: {why}");
        // The class that is stored is the same as the state it came from.
        Assert.Equal(permitted, broker.Permitted(question with { Consent = new ConsentState(state.State) }, at));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_decided_is_refused_with_an_explanation(int number, string why)
    {
        var reading = ReadConsent((YamlMappingNode)List(cases[number], "consents").Single());
        Assert.Null(reading.Facts);
        Assert.False(reading.IsDecidable, why);
        Assert.Contains(reading.Issues, i => i.Key == Text(cases[number], "refused") && i.IsError && i.Expression.StartsWith("Consent", StringComparison.Ordinal) && i.Text.Length > 30);
    }

    // ---- the short form as a Consent --------------------------------------------------------------------------------------

    private static ConsentReading ReadConsent(YamlMappingNode consent)
    {
        var recorder = new Recorder(Text(consent, "by") ?? "trust", Text(consent, "right") != "false", Text(consent, "person") == "true", Text(consent, "verified") == "true");
        var report = new Report();
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes(ConsentJson(consent).ToJsonString()), report);
        Assert.True(document is not null, string.Join("; ", report.Issues.Select(i => i.Text)));
        return ConsentReader.Read(document, recorder);
    }

    private static JsonObject ConsentJson(YamlMappingNode consent) => new()
    {
        ["resourceType"] = "Consent",
        ["extension"] = new JsonArray(new JsonObject
        {
            ["url"] = "https://fhir.cpa.example/StructureDefinition/Extension-CPA-SharingBasis",
            ["valueCodeableConcept"] = new JsonObject { ["coding"] = new JsonArray(Coding("https://fhir.cpa.example/CodeSystem/CPA-SharingBasis", Text(consent, "basis") ?? "consent-given")) },
        }),
        ["status"] = Text(consent, "status") ?? "active",
        ["scope"] = new JsonObject { ["coding"] = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy")) },
        ["category"] = new JsonArray(new JsonObject
        {
            ["coding"] = new JsonArray(Text(consent, "kind") == "other" ? Coding("http://loinc.org", "59284-0") : Coding(ConsentReader.SharingCategorySystem, ConsentReader.SharingCategory)),
        }),
        ["patient"] = new JsonObject { ["reference"] = "Patient/robin" },
        ["dateTime"] = "2025-05-12T10:00:00Z",
        ["policy"] = new JsonArray(new JsonObject { ["uri"] = Text(consent, "policy") ?? "https://fhir.cpa.example/sharing/rivelin-mental-health|1.0.0" }),
        ["provision"] = Provision(consent),
    };

    private static JsonObject Provision(YamlMappingNode parent)
    {
        var type = new[] { "permit", "deny", "untyped" }.First(t => Has(parent, t));
        var short_ = (YamlMappingNode)parent[type];
        var provision = new JsonObject();
        if (type != "untyped") provision["type"] = type;
        if (Has(short_, "period"))
            provision["period"] = new JsonObject(((YamlMappingNode)short_["period"]).Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key.ToString(), p.Value.ToString())));
        Add(provision, "actor", short_, "to", to => new JsonObject
        {
            ["role"] = new JsonObject { ["coding"] = new JsonArray(Coding(V3 + "ParticipationType", Text(short_, "role") ?? "IRCP")) },
            ["reference"] = new JsonObject { ["reference"] = to },
        });
        Add(provision, "action", short_, "action", a => new JsonObject { ["coding"] = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/consentaction", a)) });
        Add(provision, "securityLabel", short_, "label", l => Coding(V3 + (l.Length == 1 ? "Confidentiality" : "ActCode"), l));
        Add(provision, "purpose", short_, "for", p => Coding(V3 + "ActReason", p));
        Add(provision, "class", short_, "class", c => Coding("http://hl7.org/fhir/resource-types", c));
        Add(provision, "code", short_, "code", c => new JsonObject { ["coding"] = new JsonArray(Coding(Category.InformationCategorySystem, c)) });
        if (Has(short_, "dataPeriod")) provision["dataPeriod"] = new JsonObject { ["start"] = "2015" };
        if (Has(short_, "data"))
            provision["data"] = new JsonArray(new JsonObject { ["meaning"] = "instance", ["reference"] = new JsonObject { ["reference"] = "Condition/x" } });
        if (List(short_, "except").Count > 0) provision["provision"] = new JsonArray([.. List(short_, "except").Select(e => (JsonNode)Provision((YamlMappingNode)e))]);
        return provision;
    }

    private static void Add(JsonObject provision, string element, YamlMappingNode from, string key, Func<string, JsonNode> make)
    {
        if (List(from, key) is { Count: > 0 } values) provision[element] = new JsonArray([.. values.Select(v => make(v.ToString()))]);
    }

    private static JsonObject Coding(string system, string code) => new() { ["system"] = system, ["code"] = code };

    // ---- reading the cases ------------------------------------------------------------------------------------------------

    private static IReadOnlyList<YamlMappingNode> Read()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Repository.Cases("sharing"), "consents.yaml"))));
        return [.. ((YamlSequenceNode)yaml.Documents[0].RootNode).Cast<YamlMappingNode>()];
    }

    private static TheoryData<int, string> Cases(Func<YamlMappingNode, bool> which)
    {
        var data = new TheoryData<int, string>();
        for (var i = 0; i < cases.Count; i++)
            if (which(cases[i])) data.Add(i, Text(cases[i], "why")!);
        return data;
    }

    private static bool Has(YamlMappingNode map, string key) => map.Children.ContainsKey(key);
    private static string? Text(YamlMappingNode map, string key) => Has(map, key) ? ((YamlScalarNode)map[key]).Value : null;
    private static IReadOnlyList<YamlNode> List(YamlMappingNode map, string key) => Has(map, key) ? [.. ((YamlSequenceNode)map[key]).Children] : [];
}
