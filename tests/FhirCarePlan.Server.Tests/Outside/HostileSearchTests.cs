using System.Text;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A search that would cost too much, or means nothing, is 400 and never a fault of the server.</summary>
public class HostileSearchTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Largest = "79228162514264337593543950335", Acts = "http://terminology.hl7.org/ValueSet/v3-ActCode";

    public static TheoryData<string, string> TooCostly => new()
    {
        { "Patient", "_list=" + string.Join("%2C", Enumerable.Range(0, 5000)) },
        { "Condition", "_id=" + string.Join("%2C", Enumerable.Range(0, 5000)) },
        { "Condition", "code:text=" + string.Join("%2C", Enumerable.Range(0, 5000).Select(n => $"w{n}")) },
        { "Condition", string.Join('&', Enumerable.Repeat($"code:in={Acts}", 40)) },
        { "Condition", "_filter=" + string.Join(" and ", Enumerable.Repeat($"code in \"{Acts}\"", 49)) },
        { "Patient", "name:text=" + string.Join('+', Enumerable.Repeat("a", 900)) },
        { "CarePlan", "instantiates-uri:above=http://" + string.Concat(Enumerable.Repeat("a/", 8000)) },
        { "CodeSystem", "_filter=name:exact ew \"zzzz\"" },
        { "Patient", "_filter=name:missing ew true" },
        { "Patient", "_filter=name:exact sw \"a\"" },
        { "Task", "focus:StructureDefinition.name=x" },
        { "Task", "focus:AuditEvent.type=x" },
    };

    [Theory]
    [MemberData(nameof(TooCostly))]
    public async Task It_is_400_and_says_why(string type, string query)
    {
        var reply = await (await samples.Process.As("care-coordinator")).Send("POST", $"{type}/_search", Encoding.UTF8.GetBytes(query), "application/x-www-form-urlencoded");
        Assert.True(reply.Status == 400, $"{reply.Status} {reply.Body}");
    }

    [Theory]
    [InlineData($"{Largest}|http://unitsofmeasure.org|g")]
    [InlineData($"-{Largest}|http://unitsofmeasure.org|Cel")]
    [InlineData($"ap-{Largest}|http://unitsofmeasure.org|g")]
    public async Task The_largest_quantity_is_only_a_number(string value) =>
        Assert.Equal((200, 0), ((int)(await Ask($"Observation?value-quantity={value}")).Status, (await Ask($"Observation?value-quantity={value}")).Total));

    [Fact]
    public async Task Nothing_is_in_an_empty_value_set_and_everything_outside_of_it()
    {
        const string empty = "http://hl7.org/fhir/ValueSet/message-events";
        Assert.Equal(0, (await Ask($"Condition?code:in={empty}")).Total);
        Assert.Equal((await Ask("Condition")).Total, (await Ask($"Condition?code:not-in={empty}")).Total);
    }

    private async Task<Heard> Ask(string url) => await (await samples.Process.As("care-coordinator")).Get(url);
}
