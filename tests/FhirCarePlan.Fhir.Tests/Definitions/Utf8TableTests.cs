using System.Text;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Tests.Definitions;

public class Utf8TableTests
{
    [Fact]
    public void Finds_what_was_put_in_and_nothing_else()
    {
        var names = Enumerable.Range(0, 500).Select(i => $"http://a.example/é/{i}").Append("").ToList();
        var table = new Utf8Table<int>(names.Select((n, i) => KeyValuePair.Create(n, i)));
        for (var i = 0; i < names.Count; i++)
        {
            Assert.True(table.TryGet(Encoding.UTF8.GetBytes(names[i]), out var value));
            Assert.Equal(i, value);
        }
        Assert.False(table.TryGet("http://a.example/"u8, out _));
        Assert.False(new Utf8Table<int>([]).TryGet("x"u8, out _));
    }
}
