using System.Text;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Tests.Labelling;

public class ClosureTests
{
    private const string Goal = """
        {"resourceType":"Goal","lifecycleStatus":"active","description":{"coding":[{"code":"c","display":"d"}],"text":"t"},"subject":{"reference":"Patient/p"},
        "target":[{"measure":{"text":"m"},"detailString":"d","dueDate":"2030-01-01"}],"expressedBy":{"reference":"Practitioner/x","display":"X"},"note":[{"authorString":"a","text":"t"}]}
        """;
    private const string Patient = """
        {"resourceType":"Patient","contact":[{"name":{"text":"n"},"telecom":[{"system":"phone","value":"1"}],"gender":"other"}],
        "communication":[{"language":{"text":"English"},"preferred":true}],"link":[{"other":{"reference":"Patient/q"},"type":"seealso"}]}
        """;
    private const string Appointment = """
        {"resourceType":"Appointment","status":"proposed","start":"2030-01-01T09:00:00Z","end":"2030-01-01T10:00:00Z","comment":"c",
        "participant":[{"actor":{"reference":"Patient/p"},"status":"accepted"}]}
        """;

    [Theory]
    // Down: a part has its parent's labels.
    [InlineData(Goal, "Goal.note[0]", "Goal.note[0].text", true)]
    [InlineData(Goal, "Goal.note[0]", "Goal.expressedBy", false)]
    // A data type is one thing.
    [InlineData(Goal, "Goal.note[0].text", "Goal.note[0].author", true)]
    [InlineData(Goal, "Goal.expressedBy.display", "Goal.expressedBy.reference", true)]
    [InlineData(Goal, "Goal.description.coding[0].display", "Goal.description.text", true)]
    // A required element takes its parent with it, up to the root.
    [InlineData(Goal, "Goal.description.text", "Goal", true)]
    [InlineData(Patient, "Patient.communication[0].language.text", "Patient.communication[0]", true)]
    [InlineData(Patient, "Patient.communication[0].preferred", "Patient.communication[0]", false)]
    // A modifier is never hidden alone.
    [InlineData(Goal, "Goal.lifecycleStatus", "Goal", true)]
    [InlineData(Patient, "Patient.link[0].type", "Patient", true)]
    // Nor is the person.
    [InlineData(Goal, "Goal.subject", "Goal", true)]
    // gol-1: a detail needs its measure, not the other way round.
    [InlineData(Goal, "Goal.target[0].measure", "Goal.target[0].detail", true)]
    [InlineData(Goal, "Goal.target[0].detail", "Goal.target[0].measure", false)]
    // pat-1: one of name, telecom … must remain.
    [InlineData(Patient, "Patient.contact[0].name", "Patient.contact[0]", false)]
    [InlineData(Patient, "Patient.contact[0].name Patient.contact[0].telecom[0]", "Patient.contact[0].gender", true)]
    // app-3: only an appointment that is not fixed may lack its times.
    [InlineData(Appointment, "Appointment.end", "Appointment", true)]
    [InlineData(Appointment, "Appointment.comment", "Appointment", false)]
    public void A_label_on_one_node_reaches_another(string json, string labelled, string node, bool reaches)
    {
        const long label = 1 << 3;
        using var document = Bodies.Parse(Encoding.UTF8.GetBytes(json));
        var masks = new long[document.Count];
        masks[0] = RandomLabels.Root;
        foreach (var location in labelled.Split(' ')) masks[Find(location)] |= label;
        new Closure(document, masks).Close(RandomLabels.All);
        Assert.Equal(reaches, (masks[Find(node)] & label) != 0);

        int Find(string location)
        {
            for (var i = 0; i < document.Count; i++)
                if (document[i].Location == location) return i;
            throw new InvalidOperationException($"There is no `{location}`");
        }
    }
}
